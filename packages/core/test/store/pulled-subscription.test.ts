import { right } from 'fp-ts/Either'
import { isEpoch } from '../../src/domain/event/position'
import { pullSubscription } from '../../src/store/pulled-subscription'

const epoch = 'e1'
if (!isEpoch(epoch)) throw new Error('no epoch')
const at = (place: number) => ({ epoch, commit: place, prepare: place })

test('what is written while a subscription reads is found without another wake', async () => {
  let end = 1
  const subscription = pullSubscription({
    after: at(1),
    read: async () => {
      const seen = end
      // The first look finds nothing; while it is under way something is written, and wakes nobody who waits.
      if (end === 1) {
        end = 2
        subscription.wake()
      }
      await Promise.resolve()
      return right({ events: [], position: at(seen), end: true })
    },
    ended: () => undefined,
  })
  expect(await subscription.next()).toEqual(right({ events: [], position: at(2) }))
})

test('deliveries that are asked for at once come one after the other, each once', async () => {
  let reads = 0
  const subscription = pullSubscription({
    after: undefined,
    read: async (after) => {
      reads += 1
      await Promise.resolve()
      return right({ events: [], position: at((after?.commit ?? 0) + 1), end: false })
    },
    ended: () => undefined,
  })
  const places = await Promise.all([subscription.next(), subscription.next(), subscription.next()])
  expect(places.map((next) => next._tag === 'Right' && next.right.position.commit)).toEqual([1, 2, 3])
  expect(reads).toBe(3)
})
