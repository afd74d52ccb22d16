/** Explores scenarios: real commands and reactions on one side, what must hold on the other. */
import type { RecordedEvent } from '../../src/domain/event/recorded'
import { OUR_STREAMS } from '../../src/domain/event/streams'
import { type Exploration, explore, type ExploreOptions } from '../../src/testing/explore'
import { type History, historyOf } from './history'
import { unfinished, wrongAnswers, wrongIn } from './invariants'
import { comeToRest, programsOf, storesOf, type Word } from './programs'
import type { Scenario } from './scenarios'

export interface Explored extends Exploration {
  readonly name: string
}

interface Judged {
  readonly history: History
  readonly wrong: readonly string[]
}

/** Judges each course of events once: many states share it. */
const judging = (): ((log: readonly RecordedEvent[]) => Judged) => {
  const known = new Map<string, Judged>()
  return (log) => {
    const key = log.map(({ stream, id, data }) => `${stream} ${id} ${JSON.stringify(data)}`).join('\n')
    const before = known.get(key)
    if (before !== undefined) return before
    const history = historyOf(log)
    const judged = { history, wrong: wrongIn(history) }
    known.set(key, judged)
    return judged
  }
}

/** Goes through everything that can happen in a scenario, up to the first violation. */
export const exploreScenario = async (
  scenario: Scenario,
  options: ExploreOptions = {},
): Promise<Explored> => {
  const judge = judging()
  const rested = new Map<string, readonly string[]>()
  const exploration = await explore<Word>(
    {
      open: await storesOf(scenario),
      programs: programsOf(scenario),
      crashes: scenario.crashes,
      unknowns: scenario.unknowns,
      check: ({ log, processes }) => {
        const { history, wrong } = judge(log)
        return [...wrong, ...wrongAnswers(history, processes)]
      },
      atRest: async (store, { log }) => {
        const key = log.map(({ id, revision }) => `${id}@${revision}`).join('\n')
        const known = rested.get(key)
        if (known !== undefined) return known
        const restless = await comeToRest(store)
        const all = await store.readAll({ filter: { ...OUR_STREAMS, names: [] }, most: 1000 })()
        const { history, wrong } = judge(all._tag === 'Right' ? all.right.events : [])
        const judged = [...restless, ...wrong, ...unfinished(history)]
        rested.set(key, judged)
        return judged
      },
    },
    options,
  )
  return { name: scenario.name, ...exploration }
}
