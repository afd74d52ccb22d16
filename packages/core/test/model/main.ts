/** `npm run model -- claims [--json]`: explores every scenario, then runs every mutant. */
import { availableParallelism } from 'node:os'
import { concurrently } from '../../src/commands/writing/concurrently'
import { type Explored, exploreScenario } from './exploration'
import { mutants } from './mutants'
import { type Killed, runMutant } from './run-mutant'
import { scenarios } from './scenarios'

const HELP = `npm run model -- claims [--json]

Runs the real commands and reactions on chargers and generations in every order of their steps and through every
crash, and judges every state that is reached. Then takes one rule after the other out of the code, and demands that
it is missed.

  --json    prints {states, violations, mutants: [{name, killed}]} and nothing else
  --help    prints this

Exits with 0 where nothing was violated and every mutant was killed, with 1 where not, with 2 where it was asked
for something else.
`

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

const exploreAll = async (): Promise<readonly Explored[]> => {
  const explored: Explored[] = []
  for (const scenario of scenarios) {
    const one = await exploreScenario(scenario)
    explored.push(one)
    say(`${String(one.states).padStart(7)} states, ${String(one.ends).padStart(5)} ends: ${one.name}`)
  }
  return explored
}

const runMutants = (): Promise<readonly Killed[]> =>
  concurrently(Math.max(1, Math.min(4, availableParallelism())), mutants, async (mutant) => {
    const killed = await runMutant(mutant)
    say(`${killed.killed ? ' killed' : 'SURVIVED'}: ${mutant.name}`)
    return killed
  })

const printForPeople = (
  explored: readonly Explored[],
  states: number,
  killed: readonly Killed[],
): readonly string[] => [
  '',
  ...explored.map(
    ({ name, states: reached, ends }) =>
      `${String(reached).padStart(7)} states ${String(ends).padStart(6)} ends   ${name}`,
  ),
  `${String(states).padStart(7)} states in all`,
  '',
  ...explored.flatMap(({ name, violations }) =>
    violations.map(({ what, steps }) =>
      [`VIOLATED in "${name}": ${what}`, ...steps.map((step) => `    ${step}`)].join('\n'),
    ),
  ),
  ...killed.map(({ name, by, what }) =>
    by === undefined ? `SURVIVED  ${name}` : `killed    ${name}\n          by "${by}": ${what ?? ''}`,
  ),
]

const main = async (args: readonly string[]): Promise<number> => {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP)
    return 0
  }
  const json = args.includes('--json')
  const others = args.filter((arg) => arg !== '--json')
  if (others.length !== 1 || others[0] !== 'claims') {
    process.stderr.write(HELP)
    return 2
  }
  const explored = await exploreAll()
  const killed = await runMutants()
  const states = explored.reduce((sum, one) => sum + one.states, 0)
  const violations = explored.reduce((sum, one) => sum + one.violations.length, 0)
  process.stdout.write(
    json
      ? `${JSON.stringify({ states, violations, mutants: killed.map(({ name, killed: is }) => ({ name, killed: is })) })}\n`
      : `${printForPeople(explored, states, killed).join('\n')}\n`,
  )
  return violations === 0 && killed.every((one) => one.killed) ? 0 : 1
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  },
)
