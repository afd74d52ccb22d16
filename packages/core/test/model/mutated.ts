/** The process that a mutant runs in: prints which scenario saw it, and what was wrong there. */
import { exploreScenario } from './exploration'
import type { Verdict } from './run-mutant'
import { scenarios } from './scenarios'

/** A little of each scenario first: most mutants show at once. */
const judge = async (): Promise<Verdict> => {
  for (const mostStates of [300, 1_000_000])
    for (const scenario of scenarios) {
      const [first] = (await exploreScenario(scenario, { mostStates })).violations
      if (first !== undefined) return { by: scenario.name, what: first.what }
    }
  return {}
}

void judge().then((verdict) => process.stdout.write(JSON.stringify(verdict)))
