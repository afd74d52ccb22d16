/** One run: commands, followers and misfortunes at the same time; then quiet, and the verdict. */
import {
  accessPools,
  comparePositions,
  type EventStore,
  OUR_STREAMS,
  randomId,
  type ReadModel,
  type Runtime,
  startReadModel,
  systemRuntime,
} from '@access-pools/core'
import type { Either } from 'fp-ts/Either'
import { openEventStoreDb } from '../../src'
import { deedsOf } from './deeds'
import { type Acknowledged, counting, Follower, noting } from './following'
import { befall } from './misfortunes'
import type { Options } from './options'
import { randomFrom } from './random'
import { Traffic } from './traffic'
import { historyAfter, judge, type Verdict } from './verdict'
import type { Victim } from './victim'

export interface Outcome extends Verdict {
  /** Subscriptions that were made again by themselves. */
  readonly resubscribed: number
  /** Commands that were never answered, and followers that did not go on. */
  readonly stuck: number
  readonly commands: number
  readonly acknowledged: number
  readonly refused: number
  /** Times that a command was given again, its outcome unknown or the store not there. */
  readonly repeated: number
  readonly events: number
  /** Seconds from a return until commands, subscription and read model had all gone on. */
  readonly slowest: number
  readonly befallen: Readonly<Record<string, number>>
}

/** Short ones, so that a server that does not answer for a while is met by unknown outcomes. */
const PATIENCE = { appendTimeout: 1_000, readTimeout: 3_000 }

/** Milliseconds that everything has to come to rest in. */
const QUIET_WITHIN = 30_000

const surely = <A>(answer: Either<unknown, A>): A => {
  if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left))
  return answer.right
}

const runtime: Runtime = systemRuntime

const within = async (milliseconds: number, holds: () => boolean): Promise<boolean> => {
  const until = runtime.monotonic() + milliseconds
  while (!holds()) {
    if (runtime.monotonic() > until) return false
    await runtime.sleep(20)
  }
  return true
}

const following = async (store: EventStore): Promise<ReadModel> =>
  surely(
    await startReadModel({
      store,
      runtime,
      headEvery: 500,
      headWithin: 2_000,
      silence: 4_000,
      backOff: { first: 50, most: 1_000 },
    })(),
  )

export const run = async (
  victim: Victim,
  { restarts, rate, seed }: Options,
  say: (line: string) => void,
): Promise<Outcome> => {
  const store = surely(await openEventStoreDb({ url: victim.url, ...PATIENCE })())
  const acknowledged: Acknowledged[] = []
  const random = randomFrom(seed)
  const deeds = deedsOf(`f${randomId(runtime).slice(0, 10)}`, random)
  const traffic = new Traffic(accessPools({ store: noting(store, acknowledged), runtime }), runtime)
  const start = surely(await store.head(OUR_STREAMS)())
  const watched = counting(store)
  const live = await following(watched.store)
  const follower = new Follower(store, runtime, start)
  follower.start()

  await traffic.all(deeds.first, 64)
  say(`${deeds.first.length} commands have made what the others are about`)
  const flow = traffic.flow(rate, deeds.next)
  const signs = {
    commands: () => traffic.answered.length,
    subscription: () => follower.seen.length,
    'read model': () => live.position()?.commit ?? 0,
  }
  const course = { victim, random: randomFrom(seed + 1), runtime, say, signs }
  const { befallen, stuck, slowest } = victim.steerable
    ? await befall(course, restarts)
    : await runtime.sleep(5_000).then(() => ({ befallen: new Map<string, number>(), stuck: 0, slowest: 0 }))

  traffic.stop()
  await flow
  await within(QUIET_WITHIN, () => traffic.underWay.size === 0)
  const unanswered = traffic.underWay.size
  traffic.giveUp()
  say(`${traffic.answered.length} commands answered, ${unanswered} not; reading everything back`)
  for (const [reason, times] of traffic.reasons) say(`given again ${times} times: ${reason}`)
  const newcomer = new Follower(store, runtime, start)
  await interrupted(newcomer, victim)
  const rested = await rest({ store, live, followers: [follower, newcomer] })

  const history = await historyAfter(store, start)
  const fresh = await following(store)
  surely(await fresh.whenCaughtUp({ within: QUIET_WITHIN }))
  const { answered } = traffic
  const seen = [follower.seen, newcomer.seen]
  const verdict = judge({ history, acknowledged, answered, seen, live, fresh })
  const stopFollowers = [follower, newcomer].map((one) => () => one.stop())
  const ended = await endAll([...stopFollowers, live.stop, fresh.stop, store.close])
  return {
    ...verdict,
    resubscribed: watched.count() - 1 + follower.subscriptions - 1,
    stuck: stuck + unanswered + rested + ended,
    commands: answered.length + unanswered,
    acknowledged: answered.filter(({ done }) => done !== undefined).length,
    refused: answered.filter(({ done }) => done === undefined).length,
    repeated: traffic.repeated,
    events: history.length,
    slowest,
    befallen: Object.fromEntries(befallen),
  }
}

interface Followers {
  readonly store: EventStore
  readonly live: ReadModel
  readonly followers: readonly Follower[]
}

/** One that has all of it before it, so that much is held back all the time, is dropped on its way. */
const interrupted = async (newcomer: Follower, victim: Victim): Promise<void> => {
  newcomer.start()
  for (let time = 0; time < 3; time += 1) {
    const before = newcomer.seen.length
    await within(2_000, () => newcomer.seen.length > before + 200)
    await victim.drop()
  }
}

/** How many of the followers did not reach the end. */
const rest = async ({ store, live, followers }: Followers): Promise<number> => {
  const caughtUp = await live.whenCaughtUp({ within: QUIET_WITHIN })
  const head = surely(await store.head(OUR_STREAMS)())
  let behind = caughtUp._tag === 'Left' ? 1 : 0
  for (const follower of followers) {
    const reached = await within(QUIET_WITHIN, () => {
      const handled = follower.handled()
      return head === undefined || (handled !== undefined && comparePositions(handled, head) >= 0)
    })
    if (!reached) behind += 1
  }
  return behind
}

/** Ends everything in turn; 1 where that hangs. */
const endAll = async (ends: readonly (() => Promise<void>)[]): Promise<number> => {
  let over = false
  const ending = (async (): Promise<void> => {
    for (const end of ends) await end()
    over = true
  })()
  void ending
  return (await within(10_000, () => over)) ? 0 : 1
}
