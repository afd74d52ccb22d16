/**
 * Every order of the steps of some programs, and every crash: depth first, by running them anew up to each choice.
 * A state that was seen is not gone through again: the same store, and processes that were told the same.
 */
import type { EventStore } from '../store/event-store'
import { type Choice, Numbering, type Program, Schedule } from './scheduler'

/** A state as it is judged. */
export type StateView<A> = Pick<Schedule<A>, 'log' | 'processes'>

export interface Model<A> {
  /** A store that holds what was there before, the same each time. */
  readonly open: () => Promise<EventStore>
  readonly programs: readonly Program<A>[]
  /** What is wrong with a state, in words. */
  readonly check: (state: StateView<A>) => readonly string[]
  /** Where every process is done or dead: what is wrong when things have come to rest. */
  readonly atRest: (store: EventStore, state: StateView<A>) => Promise<readonly string[]>
  /** So many processes die in one run. */
  readonly crashes: number
  /** So many answers to writes are lost in one run. */
  readonly unknowns: number
}

export interface Violation {
  readonly what: string
  /** The steps that lead there. */
  readonly steps: readonly string[]
}

export interface Exploration {
  readonly states: number
  /** Runs that came to an end. */
  readonly ends: number
  readonly violations: readonly Violation[]
  /** Nothing was left out. */
  readonly complete: boolean
}

export interface ExploreOptions {
  /** Stops there. */
  readonly mostStates?: number
  /** Stops at so many violations. */
  readonly mostViolations?: number
  /** Is told now and then how far it is. */
  readonly onProgress?: (states: number) => void
}

const PROGRESS_EVERY = 1000

interface Walk<A> {
  readonly model: Model<A>
  readonly numbering: Numbering
  readonly seen: Set<string>
  readonly open: (readonly Choice[])[]
  readonly violations: Violation[]
  ends: number
}

/** What is wrong with the state that a run stands in, at its end also with what comes to rest. */
const judge = async <A>(
  { model }: Walk<A>,
  store: EventStore,
  state: Schedule<A>,
  choices: readonly Choice[],
): Promise<readonly string[]> => {
  const wrong = model.check(state)
  if (choices.length > 0 || wrong.length > 0) return wrong
  const stuck = state.processes.filter(({ status }) => status === 'Running')
  return stuck.length > 0
    ? stuck.map(({ name }) => `${name} waits for nothing, and is not done`)
    : model.atRest(store, state)
}

/** Runs one path, and on along the first choice of each new state; the other choices are left for later. */
const follow = async <A>(walk: Walk<A>, path: readonly Choice[]): Promise<void> => {
  const { model, numbering, seen } = walk
  const store = await model.open()
  const schedule = await Schedule.begin(store, model.programs, numbering)
  const taken: Choice[] = []
  const steps: string[] = []
  const take = async (choice: Choice): Promise<void> => {
    taken.push(choice)
    steps.push(await schedule.step(choice))
  }
  for (const choice of path) await take(choice)
  for (;;) {
    const { key } = schedule
    if (seen.has(key)) return
    seen.add(key)
    const choices = schedule.choices(model)
    const wrong = await judge(walk, store, schedule, choices)
    walk.violations.push(...wrong.map((what) => ({ what, steps: [...steps] })))
    const [first, ...others] = choices
    if (first === undefined) walk.ends += 1
    if (first === undefined || wrong.length > 0) return
    for (const other of others) walk.open.push([...taken, other])
    await take(first)
  }
}

/** Goes through every state that a model can reach. */
export const explore = async <A>(
  model: Model<A>,
  { mostStates = 1_000_000, mostViolations = 1, onProgress }: ExploreOptions = {},
): Promise<Exploration> => {
  const walk: Walk<A> = {
    model,
    numbering: new Numbering(),
    seen: new Set(),
    open: [[]],
    violations: [],
    ends: 0,
  }
  let told = 0
  let path: readonly Choice[] | undefined
  while (walk.violations.length < mostViolations && walk.seen.size < mostStates) {
    path = walk.open.pop()
    if (path === undefined) break
    await follow(walk, path)
    if (walk.seen.size >= told + PROGRESS_EVERY) {
      told = walk.seen.size
      onProgress?.(told)
    }
  }
  return {
    states: walk.seen.size,
    ends: walk.ends,
    violations: walk.violations,
    complete: walk.open.length === 0 && walk.violations.length === 0,
  }
}
