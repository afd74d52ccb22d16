/** The model of charger claims and generations, as far as it is gone through in a few seconds; `npm run model` does all. */
import { exploreScenario } from './exploration'
import { mutants } from './mutants'
import { runMutant } from './run-mutant'
import { claimScenarios, generationScenarios } from './scenarios'

/** Of each scenario; most have fewer. */
const MOST_STATES = 1500

/** A busy machine takes its time; nothing here waits for any. */
const PATIENCE = 240_000

describe('Whatever order the steps come in, and wherever a process dies', () => {
  const reached = new Map<string, number>()

  const holds = (scenario: (typeof claimScenarios)[number]) => async () => {
    const { states, violations } = await exploreScenario(scenario, { mostStates: MOST_STATES })
    reached.set(scenario.name, states)
    expect(violations).toEqual([])
  }

  describe('a charger is in at most one pool, and nobody is told otherwise', () => {
    for (const scenario of claimScenarios) test(scenario.name, holds(scenario), PATIENCE)
  })

  describe('what was given to one generation of an identity counts for no other', () => {
    for (const scenario of generationScenarios) test(scenario.name, holds(scenario), PATIENCE)
  })

  afterAll(() => {
    const states = [...reached.values()].reduce((sum, one) => sum + one, 0)
    process.stdout.write(`the model reached ${states} states in ${reached.size} scenarios\n`)
  })
})

describe('The model misses a rule that is taken out', () => {
  const rules = [
    'an entry counts by whatever claim',
    'a closed claim may be confirmed',
    'an entry is tidied by a charger that was read before its pool',
    'what writes nothing is answered without reading the tail',
    'a membership counts for every generation',
  ]
  for (const name of rules)
    test(
      name,
      async () => {
        const mutant = mutants.find((one) => one.name === name)
        if (mutant === undefined) throw new Error('there is no such mutant')
        expect(await runMutant(mutant)).toMatchObject({ killed: true })
      },
      PATIENCE,
    )

  test('a mutant whose text is not there is an error, and kills nothing', async () => {
    const mutant = { name: 'none', file: 'domain/claim.ts', edits: [['no such text', '']] as const }
    await expect(runMutant(mutant)).rejects.toThrow('holds 0 times, not once: no such text')
  })
})
