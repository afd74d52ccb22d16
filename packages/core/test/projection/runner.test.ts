import { left, right } from 'fp-ts/Either'
import type { Delivery } from '../../src/store/event-store'
import type { ReadingFailure } from '../../src/projection/failure-policy'
import { backOff, classify } from '../../src/projection/failure-policy'
import { type Runner, startRunner } from '../../src/projection/runner'
import type { Position } from '../../src/domain/event/position'
import type { RecordedEvent } from '../../src/domain/event/recorded'
import { OUR_STREAMS } from '../../src/domain/event/streams'
import { settle, testRuntime } from '../../src/testing/test-runtime'
import { rightOf, setting, type Setting, UNAVAILABLE, until, write } from './support'

const event = (number: number) => ({ stream: `charger-C${number % 3}`, type: 'AnyType', data: { number } })

interface Reader {
  readonly runner: Runner
  readonly seen: RecordedEvent[]
  readonly batches: number[]
}

/** A runner that notes what it was given. */
const reading = async (
  { store, runtime }: Setting,
  hooks: {
    readonly most?: number
    readonly handling?: (delivery: Delivery) => Promise<ReadingFailure | undefined>
  } = {},
): Promise<Reader> => {
  let position: Position | undefined
  const seen: RecordedEvent[] = []
  const batches: number[] = []
  const runner = rightOf(
    await startRunner({
      store,
      runtime,
      filter: OUR_STREAMS,
      most: hooks.most ?? 10,
      handled: () => position,
      handle: async (delivery) => {
        const failure = await hooks.handling?.(delivery)
        if (failure !== undefined) return left(failure)
        seen.push(...delivery.events.filter(({ stream }) => stream !== 'epoch'))
        batches.push(delivery.events.length)
        position = delivery.position
        return right(undefined)
      },
    })(),
  )
  return { runner, seen, batches }
}

const numbers = (seen: readonly RecordedEvent[]) =>
  seen.map(({ data }) => (data as { number: number }).number)
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at)

describe('The subscription runner', () => {
  let here: Setting
  beforeEach(() => {
    here = setting()
  })
  afterEach(() => here.close())

  test('reads history and what comes after it, each event once, in batches', async () => {
    for (const n of upTo(25)) await write(here.memory, event(n))
    const { runner, seen, batches } = await reading(here)
    await until(here.runtime, () => seen.length === 25)
    for (const n of upTo(5)) await write(here.memory, event(25 + n))
    await until(here.runtime, () => seen.length === 30)
    expect(numbers(seen)).toEqual(upTo(30))
    expect(Math.max(...batches)).toBe(10)
    await runner.stop()
  })

  test('comes back after every drop, and neither loses nor repeats an event', async () => {
    const { runner, seen } = await reading(here, { most: 3 })
    here.store.faults.redelivers = 4
    for (const n of upTo(60)) {
      await write(here.memory, event(n))
      if (n % 5 === 0) here.store.faults.next = UNAVAILABLE
      if (n % 7 === 0) await here.runtime.advance(500)
    }
    await until(here.runtime, () => seen.length >= 60)
    await here.runtime.advance(60_000)
    expect(numbers(seen)).toEqual(upTo(60))
    expect(here.store.subscribed()).toBeGreaterThan(5)
    expect(here.store.cancelled()).toBe(here.store.subscribed() - 1)
    await runner.stop()
  })

  test('is handed nothing while it handles: the store waits', async () => {
    for (const n of upTo(50)) await write(here.memory, event(n))
    let release = (): void => undefined
    const { runner, seen } = await reading(here, {
      handling: () => new Promise((resolve) => (release = () => resolve(undefined))),
    })
    await settle()
    expect([here.store.delivered(), here.store.open()]).toEqual([1, 0])
    await here.runtime.advance(10_000)
    expect([here.store.delivered(), seen.length]).toEqual([1, 0])
    await until(here.runtime, () => {
      release()
      return seen.length === 50
    })
    await runner.stop()
  })

  test('backs off while the store does not answer, for ever, and no longer than the longest wait', async () => {
    const { runner, seen } = await reading(here)
    await settle()
    here.store.faults.next = UNAVAILABLE
    here.store.faults.subscribe = UNAVAILABLE
    await write(here.memory, event(0))
    await here.runtime.advance(60_000)
    const before = here.store.subscribed()
    expect(runner.state()).toMatchObject({ type: 'BackingOff', failure: { error: UNAVAILABLE } })
    await here.runtime.advance(600_000)
    const inTenMinutes = here.store.subscribed() - before
    expect(inTenMinutes).toBeGreaterThanOrEqual(60)
    expect(inTenMinutes).toBeLessThanOrEqual(121)
    delete here.store.faults.subscribe
    await write(here.memory, event(1))
    await until(here.runtime, () => seen.length === 2, 20_000)
    expect(runner.state()).toEqual({ type: 'Reading' })
    await runner.stop()
  })

  test('begins with short waits again after it was back', async () => {
    const { runner, seen } = await reading(here)
    await settle()
    for (const n of upTo(20)) {
      here.store.faults.next = UNAVAILABLE
      await write(here.memory, event(n))
      await until(here.runtime, () => seen.length === n + 1, 2_000)
    }
    await runner.stop()
  })

  test('a first subscription that fails, or hangs, is told', async () => {
    const start = () => reading(here).then(() => 'started', String)
    here.store.faults.subscribe = UNAVAILABLE
    expect(await start()).toContain('Unavailable')
    here.store.faults.subscribe = 'hangs'
    const hanging = start()
    await here.runtime.advance(10_000)
    expect(await hanging).toContain('Unavailable')
    expect(here.runtime.sleeping()).toBe(0)
  })

  test('a later subscription that hangs is given up and made anew', async () => {
    const { runner, seen } = await reading(here)
    await settle()
    here.store.faults.next = UNAVAILABLE
    here.store.faults.subscribe = 'hangs'
    await write(here.memory, event(0))
    await here.runtime.advance(5_000)
    delete here.store.faults.subscribe
    await until(here.runtime, () => seen.length === 1, 30_000)
    await runner.stop()
  })

  test('a subscription that is given up is made anew from what was handled', async () => {
    const { runner, seen } = await reading(here)
    await write(here.memory, event(0))
    await until(here.runtime, () => seen.length === 1)
    here.store.faults.next = 'hangs'
    await write(here.memory, event(1))
    await here.runtime.advance(5_000)
    expect(seen.length).toBe(1)
    delete here.store.faults.next
    runner.resubscribe()
    await until(here.runtime, () => seen.length === 2)
    expect(numbers(seen)).toEqual([0, 1])
    await runner.stop()
  })

  test('stops where the store is in another epoch, or was closed', async () => {
    for (const error of [
      { type: 'WrongEpoch', expected: here.memory.epoch, actual: 'other' } as const,
      { type: 'Closed' } as const,
    ]) {
      const { runner } = await reading(here)
      await settle()
      here.store.faults.next = UNAVAILABLE
      here.store.faults.subscribe = error
      await write(here.memory, event(0))
      await until(here.runtime, () => runner.state().type === 'Stopped')
      expect(await runner.stopped).toEqual({ type: 'Store', error })
      delete here.store.faults.subscribe
    }
  })

  test('stops where the handler says that nothing may go on', async () => {
    const failure: ReadingFailure = { type: 'UnreadableSkip', revision: 0, reason: 'damaged' }
    const { runner, seen } = await reading(here, { handling: async () => failure })
    expect(await runner.stopped).toEqual(failure)
    expect([seen, here.store.cancelled()]).toEqual([[], 1])
  })

  test('stop ends a wait for events, a wait between attempts, and waits for what is being handled', async () => {
    const waiting = await reading(here)
    await settle()
    await waiting.runner.stop()
    expect(waiting.runner.state()).toEqual({ type: 'Stopped' })

    here.store.faults.next = UNAVAILABLE
    const backingOff = await reading(here)
    await settle()
    expect(here.runtime.sleeping()).toBe(1)
    await backingOff.runner.stop()
    expect(here.runtime.sleeping()).toBe(0)

    let release = (): void => undefined
    const handling = await reading(here, {
      handling: () => new Promise((resolve) => (release = () => resolve(undefined))),
    })
    await write(here.memory, event(0))
    await settle()
    let ended = false
    const stopping = handling.runner.stop().then(() => (ended = true))
    await settle()
    expect(ended).toBe(false)
    release()
    await stopping
    expect(handling.seen.length + handling.batches.length).toBeGreaterThan(0)
  })
})

describe('Failures by class', () => {
  test('a store that may come back is tried again, another store is not', () => {
    const of = (type: string) => classify({ type: 'Store', error: { type } as never })
    expect(['Unavailable', 'UnknownOutcome', 'NotUsable'].map(of)).toEqual(['retry', 'retry', 'retry'])
    expect(['WrongEpoch', 'Closed', 'TooLarge', 'InvalidAppend'].map(of)).toEqual(Array(4).fill('stop'))
    expect(classify({ type: 'Unreadable', stream: 's', revision: 0, reason: '' })).toBe('park')
    expect(classify({ type: 'UnreadableSkip', revision: 0, reason: '' })).toBe('stop')
  })

  test('waits double up to the longest, with jitter down to half of it', () => {
    const runtime = testRuntime()
    for (const attempt of [0, 1, 5, 20, 5_000]) {
      const full = Math.min(10_000, 100 * 2 ** Math.min(attempt, 30))
      const waits = upTo(200).map(() => backOff(attempt, runtime))
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(full / 2)
      expect(Math.max(...waits)).toBeLessThanOrEqual(full)
      expect(new Set(waits).size).toBeGreaterThan(150)
    }
  })
})
