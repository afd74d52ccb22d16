import { HeadLag } from '../../src/projection/lag'
import { byIdentity } from '../../src/decision/credential'
import { ChargerId, IdentityId, named } from '../../src/domain/language/ids'
import { type Epoch, isEpoch, type Position } from '../../src/domain/event/position'
import type { ReadModel } from '../../src/projection/read-model'
import { settle } from '../../src/testing/test-runtime'
import {
  allocated,
  inPool,
  moving,
  registered,
  rightOf,
  setting,
  type Setting,
  SMALL,
  UNAVAILABLE,
  until,
  write,
} from './support'

const charger = named(ChargerId, 'C')
const nowhere = named(ChargerId, 'X')
const ann = byIdentity(named(IdentityId, 'user:ann'))
const word = (model: ReadModel, at = charger) => {
  const answer = model.decide(at, ann)
  return answer.decision === 'Denied' ? answer.reason : answer.decision
}

const epoch = ((): Epoch => {
  const text = 'e'
  if (!isEpoch(text)) throw new Error(text)
  return text
})()
const at = (commit: number): Position => ({ epoch, commit, prepare: commit })

describe('The lag is the time since the newest asking whose head is handled', () => {
  test('none: infinite', () => expect(new HeadLag().lag(5)).toBe(Number.POSITIVE_INFINITY))

  test('a head that is handled proves its asking, and those before it', () => {
    const lag = new HeadLag()
    lag.answered(lag.begin(10), at(3), undefined)
    lag.answered(lag.begin(20), at(5), at(1))
    lag.answered(lag.begin(30), at(9), at(1))
    expect([lag.lag(40), lag.behind]).toEqual([Number.POSITIVE_INFINITY, true])
    lag.moved(at(4))
    expect(lag.lag(40)).toBe(30)
    lag.moved(at(8))
    expect(lag.lag(40)).toBe(20)
    lag.moved(at(9))
    expect([lag.lag(40), lag.behind]).toEqual([10, false])
  })

  test('an empty store, or one with nothing new, proves the asking at once', () => {
    const lag = new HeadLag()
    lag.answered(lag.begin(10), undefined, undefined)
    expect(lag.lag(15)).toBe(5)
    lag.answered(lag.begin(20), at(3), at(3))
    expect(lag.lag(25)).toBe(5)
  })

  test('a store that stands still costs one asking, whatever the time', () => {
    const lag = new HeadLag()
    for (let second = 0; second < 10_000; second += 1) lag.answered(lag.begin(second), at(3), undefined)
    lag.moved(at(3))
    expect(lag.lag(10_000)).toBe(1)
  })

  test('a day of askings is thinned out, and never shows less than the truth', () => {
    const lag = new HeadLag()
    for (let second = 0; second < 86_400; second += 1)
      lag.answered(lag.begin(second), at(second + 1), undefined)
    for (let handled = 1; handled <= 86_400; handled += 997) {
      lag.moved(at(handled))
      expect(lag.lag(86_400)).toBeGreaterThanOrEqual(86_400 - (handled - 1))
    }
    lag.moved(at(86_400))
    expect(lag.lag(86_400)).toBe(1)
  })
})

describe('Freshness', () => {
  let here: Setting
  let model: ReadModel
  beforeEach(async () => {
    here = setting()
    await write(here.memory, ...SMALL)
    model = await here.start({ maxStaleness: 10_000, silence: 60_000 })
    rightOf(await moving(here.runtime, model.whenCaughtUp()))
  })
  afterEach(() => here.close())

  test('an idle store stays fresh', async () => {
    await here.runtime.advance(3_600_000)
    expect(model.lag()).toBeLessThanOrEqual(1_000)
    expect([word(model), word(model, nowhere)]).toEqual(['Granted', 'NotInPool'])
  })

  test('a read model that has just started is stale until it has proven otherwise', async () => {
    here.store.faults.head = 'hangs'
    const started = await here.start()
    await settle()
    expect(started.lag()).toBe(Number.POSITIVE_INFINITY)
    expect([word(started), word(started, nowhere)]).toEqual(['ReadModelStale', 'ReadModelStale'])
  })

  test.each([['does not answer', 'hangs'] as const, ['fails', UNAVAILABLE] as const])(
    'a store that %s makes decisions say so, and they come back',
    async (_, fault) => {
      here.store.faults.head = fault
      await here.runtime.advance(9_000)
      expect(word(model)).toBe('Granted')
      await here.runtime.advance(2_000)
      expect(model.lag()).toBeGreaterThan(10_000)
      expect([word(model), word(model, nowhere)]).toEqual(['ReadModelStale', 'ReadModelStale'])
      delete here.store.faults.head
      await until(here.runtime, () => word(model) === 'Granted', 10_000)
    },
  )

  test('a subscription that does not deliver makes the lag grow, and is made anew', async () => {
    here.store.faults.next = 'hangs'
    await write(here.memory, inPool('P', 'PoolHidden'))
    await here.runtime.advance(12_000)
    expect(word(model)).toBe('ReadModelStale')
    delete here.store.faults.next
    const before = here.store.subscribed()
    await until(here.runtime, () => word(model) === 'Granted', 120_000)
    expect(here.store.subscribed()).toBe(before + 1)
    expect(model.lag()).toBeLessThanOrEqual(1_000)
  })

  test('a subscription over an idle store is left alone', async () => {
    const before = here.store.subscribed()
    await here.runtime.advance(3_600_000)
    expect(here.store.subscribed()).toBe(before)
  })

  test('the wall clock may jump: the lag is by the monotonic one', async () => {
    here.runtime.setNow(here.runtime.now() + 86_400_000)
    expect(word(model)).toBe('Granted')
    here.runtime.setNow(0)
    expect(word(model)).toBe('Granted')
  })
})

describe('Fresh after write', () => {
  let here: Setting
  let model: ReadModel
  beforeEach(async () => {
    here = setting()
    model = await here.start()
    rightOf(await model.whenCaughtUp())
  })
  afterEach(() => here.close())

  test('resolves once the position is handled', async () => {
    const position = await write(here.memory, ...SMALL)
    rightOf(await model.whenProcessed(position))
    expect(word(model)).toBe('Granted')
    rightOf(await model.whenProcessed(position, { within: 0 }))
  })

  test('resolves where the position is of a pool that is suspended by it', async () => {
    await write(here.memory, ...SMALL)
    const position = await write(here.memory, inPool('P', 'NobodyKnows'))
    rightOf(await model.whenProcessed(position))
    expect(word(model)).toBe('PoolSuspended')
  })

  test('resolves for a position that the filter leaves out, though no delivery moves past it', async () => {
    await write(here.memory, ...SMALL)
    rightOf(await model.whenCaughtUp())
    here.store.faults.next = 'hangs'
    const position = await write(here.memory, { stream: 'orders-1', type: 'Ordered' })
    await settle()
    rightOf(await moving(here.runtime, model.whenProcessed(position), 1_000))
    expect(model.position()?.commit).toBeLessThan(position.commit)
  })

  test('says NotYet after its deadline, with how far it has come', async () => {
    rightOf(await model.whenCaughtUp())
    const handled = model.position()
    here.store.faults.next = 'hangs'
    const position = await write(here.memory, ...SMALL)
    const answer = moving(here.runtime, model.whenProcessed(position, { within: 2_000 }), 3_000)
    expect(await answer).toEqual({ _tag: 'Left', left: { type: 'NotYet', handled } })
    here.store.faults.head = 'hangs'
    const caughtUp = moving(here.runtime, model.whenCaughtUp({ within: 2_000 }), 3_000)
    expect(await caughtUp).toMatchObject({ left: { type: 'NotYet' } })
  })

  test('an asking that began before the call proves nothing of what was written since', async () => {
    let answerHead = (): void => undefined
    const { head } = here.memory
    const slow = {
      ...here.store,
      head:
        (...query: Parameters<typeof head>) =>
        async () => {
          const answer = await head(...query)()
          await new Promise<void>((resolve) => (answerHead = resolve))
          return answer
        },
    }
    const late = await here.start({ store: slow })
    await settle()
    here.store.faults.next = 'hangs'
    await write(here.memory, ...SMALL)
    let done = false
    void late.whenCaughtUp({ within: 60_000 }).then(() => (done = true))
    answerHead()
    await settle()
    expect(done).toBe(false)
  })

  test('a position of another epoch is told at once, of one that was stopped too', async () => {
    const position = { ...(await write(here.memory, ...SMALL)), epoch }
    const answer = await model.whenProcessed(position)
    expect(answer).toEqual({
      _tag: 'Left',
      left: { type: 'WrongEpoch', expected: here.memory.epoch, actual: 'e' },
    })
    const waiting = model.whenProcessed({ ...position, epoch: here.memory.epoch, commit: 10 ** 6 })
    await model.stop()
    expect(await waiting).toEqual({ _tag: 'Left', left: { type: 'Stopped' } })
    expect(await model.whenCaughtUp()).toEqual({ _tag: 'Left', left: { type: 'Stopped' } })
    expect(here.runtime.sleeping()).toBe(0)
  })

  test('a short process reads to the head, asks, and ends', async () => {
    for (let n = 0; n < 50; n += 1) await write(here.memory, registered(`user:u${n}`), allocated(`D${n}`))
    const short = await here.start({ batch: 7 })
    rightOf(await short.whenCaughtUp())
    expect([...short.index.identities()]).toHaveLength(50)
    await short.stop()
  })
})
