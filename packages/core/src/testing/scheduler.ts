/**
 * Programs over one store whose operations wait: nothing is done before somebody chooses whose turn it is. So every
 * order of a protocol's steps can be had, and every point at which a process dies, from the code as it is.
 *
 * Time does not pass here. A program is at rest when all of its promises wait for operations; that is known for
 * certain, since what is left runs before the next turn of the event loop begins.
 */
import { isRight, left } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { RecordedEvent } from '../domain/event/recorded'
import type { Runtime } from '../domain/runtime'
import { EPOCH_STREAM, OUR_STREAMS, type StreamFilter } from '../domain/event/streams'
import type { AppendError, EventStore, StoreError, StreamSlice } from '../store/event-store'

/** One that runs over the store: a process of its own, with its own caches. */
export interface Program<A> {
  readonly name: string
  /** Comes before all steps and does not wait: fills caches, say. Answers what is run in the process's own time. */
  readonly open: (store: EventStore) => Promise<(say: (what: A) => void) => Promise<void>>
}

/** All that commands write. */
const WRITTEN: StreamFilter = {
  ...OUR_STREAMS,
  names: OUR_STREAMS.names.filter((name) => name !== EPOCH_STREAM),
}

/** What a program said, and how many events the store held then. */
export interface Said<A> {
  readonly what: A
  readonly at: number
}

export interface ProcessView<A> {
  readonly name: string
  readonly status: 'Ready' | 'Running' | 'Done' | 'Crashed'
  readonly said: readonly Said<A>[]
}

/** `crash`: the operation is never made; `crashAfter`: it is, and nobody hears of it; `unknown…`: the answer is lost. */
export type Act = 'go' | 'crash' | 'crashAfter' | 'unknownBefore' | 'unknownAfter'

/** One step: of a process, on one of its operations that wait. */
export interface Choice {
  readonly process: number
  readonly operation: number
  readonly act: Act
}

/** A runtime in which no time passes and nothing is left to chance. */
export const stillRuntime = (now: number): Runtime => ({
  now: () => now,
  monotonic: () => now,
  sleep: () => Promise.resolve(),
  random: () => 0.5,
})

/** Gives each text a number, the same one each time. */
export class Numbering {
  readonly #numbers = new Map<string, number>()

  of(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    this.#numbers.set(text, this.#numbers.size)
    return this.#numbers.size - 1
  }
}

/** Resolves when everything that can run without a new turn of the event loop has run. */
const settled = async (): Promise<void> => {
  await Promise.resolve()
  await new Promise<void>((resolve) => {
    process.nextTick(resolve)
  })
}

interface Waiting {
  readonly what: string
  readonly writes: boolean
  /** Makes the operation, where it is to be made, and answers, where it is to be answered. */
  readonly take: (act: Act) => Promise<void>
}

/** An operation in words, what is told of its answer, and what one hears whose answer is lost: of a write only. */
interface Asked<E, B> {
  readonly what: string
  readonly brief?: (answer: B) => string
  readonly unknown?: E
}

/** Events by their places alone: what stands there is told by the log. */
const places = ({ events, end }: Pick<StreamSlice, 'events' | 'end'>): string =>
  `${events.map(({ position }) => position.commit).join(',')} ${end}`

const lost: AppendError = { type: 'UnknownOutcome', reason: 'the answer was lost' }

/** One process: what it waits for, what it was answered, what it said. */
class Process<A> {
  status: ProcessView<A>['status'] = 'Ready'
  readonly said: Said<A>[] = []
  waiting: Waiting[] = []
  /** All that it was answered and all that it said: what it does next depends on nothing else. */
  readonly history: number[] = []
  #open = true
  #body: ((say: (what: A) => void) => Promise<void>) | undefined

  constructor(
    readonly program: Program<A>,
    private readonly numbering: Numbering,
    private readonly events: () => number,
  ) {}

  async open(store: EventStore): Promise<void> {
    this.#body = await this.program.open(this.#gate(store))
    this.#open = false
  }

  start(): void {
    this.status = 'Running'
    const say = (what: A): void => {
      this.said.push({ what, at: this.events() })
      this.history.push(this.numbering.of(`${this.events()} ${JSON.stringify(what)}`))
    }
    const end = (): void => {
      if (this.status === 'Running') this.status = 'Done'
    }
    void this.#body?.(say).then(end)
  }

  #wait<E, B>(operation: TaskEither<E, B>, { what, brief, unknown }: Asked<E, B>): TaskEither<E, B> {
    if (this.#open) return operation
    const writes = unknown !== undefined
    return () =>
      new Promise((resolve) => {
        const take = async (act: Act): Promise<void> => {
          const answer = act === 'unknownBefore' ? undefined : await operation()
          if (act === 'crashAfter') return
          const told = act === 'go' || unknown === undefined ? answer : left(unknown)
          if (told === undefined) return
          const heard = isRight(told) && brief !== undefined ? brief(told.right) : JSON.stringify(told)
          this.history.push(this.numbering.of(`${what} ${heard}`))
          resolve(told)
        }
        this.waiting.push({ what, writes, take })
      })
  }

  #gate(store: EventStore): EventStore {
    const unavailable: StoreError = { type: 'Unavailable', reason: 'subscriptions are not scheduled' }
    return {
      epoch: store.epoch,
      append: (stream, expected, events) =>
        this.#wait(store.append(stream, expected, events), {
          what: `append ${stream}@${expected} ${events.map(({ type }) => type).join(' ')}`,
          unknown: lost,
        }),
      readStream: (stream, from, most) =>
        this.#wait(store.readStream(stream, from, most), {
          what: `read ${stream} from ${from}`,
          brief: places,
        }),
      readBackward: (stream, most) =>
        this.#wait(store.readBackward(stream, most), { what: `read ${stream} backward`, brief: places }),
      readAll: (query) => this.#wait(store.readAll(query), { what: 'read all', brief: places }),
      subscribe: () => () => Promise.resolve(left(unavailable)),
      head: (filter, handled) => this.#wait(store.head(filter, handled), { what: 'head' }),
      loadCheckpoint: (name) => this.#wait(store.loadCheckpoint(name), { what: `load ${name}` }),
      saveCheckpoint: (name, data, expected) =>
        this.#wait(store.saveCheckpoint(name, data, expected), {
          what: `save ${name}@${expected}`,
          unknown: lost,
        }),
      close: store.close,
    }
  }
}

/** One run of some programs over one store. */
export class Schedule<A> {
  #log: readonly RecordedEvent[] = []
  #logKey: number[] = []
  #crashes = 0
  #unknowns = 0
  readonly #processes: readonly Process<A>[]

  private constructor(
    private readonly store: EventStore,
    programs: readonly Program<A>[],
    private readonly numbering: Numbering,
  ) {
    this.#processes = programs.map((program) => new Process(program, numbering, () => this.#log.length))
  }

  /** Opens the programs over a store that holds what was there before. */
  static async begin<A>(
    store: EventStore,
    programs: readonly Program<A>[],
    numbering: Numbering,
  ): Promise<Schedule<A>> {
    const schedule = new Schedule(store, programs, numbering)
    for (const one of schedule.#processes) await one.open(store)
    await schedule.#readLog()
    return schedule
  }

  /** All events, in their order. */
  get log(): readonly RecordedEvent[] {
    return this.#log
  }

  get processes(): readonly ProcessView<A>[] {
    return this.#processes.map(({ program: { name }, status, said }) => ({ name, status, said }))
  }

  /** What tells this state from others: what the store holds, and what each process that lives was told. */
  get key(): string {
    const processes = this.#processes.map(({ status, history, said }) =>
      status === 'Crashed'
        ? `x${said.map(({ what, at }) => this.numbering.of(`${at} ${JSON.stringify(what)}`)).join(',')}`
        : `${status.slice(0, 1)}${history.join(',')}`,
    )
    return `${this.#unknowns}|${this.#logKey.join(',')}|${processes.join('|')}`
  }

  /** What may come next, with so many processes that die and so many answers that are lost in one run. */
  choices(most: { readonly crashes: number; readonly unknowns: number }): readonly Choice[] {
    return this.#processes.flatMap(({ status, waiting }, process): readonly Choice[] => {
      if (status === 'Ready') return [{ process, operation: 0, act: 'go' }]
      return waiting.flatMap(({ writes }, operation): readonly Choice[] => {
        const acts: readonly Act[] = [
          'go',
          ...(this.#crashes < most.crashes && operation === 0 ? (['crash'] as const) : []),
          ...(this.#crashes < most.crashes && writes ? (['crashAfter'] as const) : []),
          ...(this.#unknowns < most.unknowns && writes ? (['unknownBefore', 'unknownAfter'] as const) : []),
        ]
        return acts.map((act) => ({ process, operation, act }))
      })
    })
  }

  /** Takes one step, and waits until all processes wait again; answers what it was, in words. */
  async step({ process, operation, act }: Choice): Promise<string> {
    const one = this.#processes[process]
    const waiting = one?.waiting[operation]
    if (one?.status === 'Ready') {
      one.start()
      await settled()
      return `${one.program.name}: begins`
    }
    if (one === undefined || waiting === undefined) throw new Error('there is no such step')
    one.waiting = one.waiting.filter((other) => other !== waiting)
    if (act === 'crash' || act === 'crashAfter') {
      one.status = 'Crashed'
      one.waiting = []
      this.#crashes += 1
    }
    if (act === 'unknownBefore' || act === 'unknownAfter') this.#unknowns += 1
    if (act !== 'crash') await waiting.take(act)
    if (waiting.writes) await this.#readLog()
    await settled()
    return `${one.program.name}: ${act === 'go' ? '' : `(${act}) `}${waiting.what}`
  }

  async #readLog(): Promise<void> {
    const after = this.#log.at(-1)?.position
    const read = await this.store.readAll({ after, filter: WRITTEN, most: 1000 })()
    if (!isRight(read)) throw new Error('the store that is explored must answer')
    this.#log = [...this.#log, ...read.right.events]
    const keys = read.right.events.map(({ stream, id, data }) =>
      this.numbering.of(`${stream} ${id} ${JSON.stringify(data)}`),
    )
    this.#logKey = [...this.#logKey, ...keys]
  }
}
