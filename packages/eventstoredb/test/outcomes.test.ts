import type { EventStore } from '@access-pools/core'
import { errorOf, event, events, fresh, got, written } from './events'
import {
  answerAgain,
  kill,
  restart,
  start,
  stop,
  stopAnswering,
  tell,
  urlOf,
} from './protocol-server/control'
import { open, serverForTests } from './subject'
import { eventually } from './waiting'

describe('What becomes of an append is known, or told to be unknown', () => {
  const server = serverForTests()
  const stores: EventStore[] = []
  const opened = async (appendTimeout = 5_000): Promise<EventStore> => {
    const store = await open({ url: server.url(), appendTimeout, readTimeout: 2_000 })
    stores.push(store)
    return store
  }
  afterEach(async () => {
    answerAgain(server.get())
    await tell(server.get(), { answerLate: 0, answerTwice: false })
    for (const store of stores.splice(0)) await store.close()
  })

  test('a server that does not answer leaves it unknown; the same append later is one append', async () => {
    const store = await opened(300)
    const [stream, list] = [`${fresh()}-1`, events(2)]
    await written(store, `${fresh()}-1`, -1, events(1))
    stopAnswering(server.get())
    expect(await errorOf(store.append(stream, -1, list))).toMatchObject({ type: 'UnknownOutcome' })
    answerAgain(server.get())
    const patient = await opened()
    expect(await written(patient, stream, -1, list)).toMatchObject({ revision: 1 })
    expect((await got(patient.readStream(stream, 0, 10))).events).toHaveLength(2)
  })

  test('an answer that comes late harms nobody, and the same append is answered as the first time', async () => {
    const store = await opened(100)
    const [stream, one] = [`${fresh()}-1`, event()]
    await tell(server.get(), { answerLate: 600 })
    expect(await errorOf(store.append(stream, -1, [one]))).toMatchObject({ type: 'UnknownOutcome' })
    await tell(server.get(), { answerLate: 0 })
    const answered = await written(store, stream, -1, [one])
    const [read] = (await got(store.readStream(stream, 0, 10))).events
    expect(answered).toEqual({ type: 'Written', revision: 0, position: read?.position })
  })

  test('an append that is answered twice is answered once', async () => {
    const store = await opened()
    await tell(server.get(), { answerTwice: true })
    const stream = `${fresh()}-1`
    for (const number of [0, 1, 2]) await written(store, stream, number - 1, events(1))
    expect((await got(store.readStream(stream, 0, 10))).events).toHaveLength(3)
  })

  for (const [fault, there] of [
    ['dieBeforeWriting', 0],
    ['dieAfterWriting', 1],
  ] as const)
    test(`${fault}: unknown, then known by the same append, with the same store`, async () => {
      const store = await opened()
      const [stream, one] = [`${fresh()}-1`, event()]
      await written(store, `${fresh()}-1`, -1, events(1))
      await tell(server.get(), { [fault]: true })
      expect(await errorOf(store.append(stream, -1, [one]))).toMatchObject({ type: 'UnknownOutcome' })
      await server.restart()
      await eventually(async () => (await store.readStream(stream, 0, 10)())._tag === 'Right')
      expect((await got(store.readStream(stream, 0, 10))).events).toHaveLength(there)
      const again = await store.append(stream, -1, [one])()
      expect(again).toMatchObject({ right: { type: 'Written', revision: 0 } })
      expect((await got(store.readStream(stream, 0, 10))).events).toHaveLength(1)
    })

  test('while the server is down nothing is said to be unknown that was never sent', async () => {
    const store = await opened()
    await written(store, `${fresh()}-1`, -1, events(1))
    await kill(server.get())
    await eventually(async () => {
      const answer = await store.append(`${fresh()}-1`, -1, events(1))()
      return answer._tag === 'Left' && answer.left.type === 'Unavailable'
    })
    expect(await errorOf(store.readStream('a-1', 0, 1))).toMatchObject({ type: 'Unavailable' })
    await server.restart()
    const stream = `${fresh()}-1`
    const one = event()
    await eventually(async () => (await store.append(stream, -1, [one])())._tag === 'Right')
    expect((await got(store.readStream(stream, 0, 10))).events).toHaveLength(1)
  })

  test('one of two servers is killed under load: the other loses nothing, and the process lives', async () => {
    const other = await start({ tied: true, minutes: 10 })
    const [here, there] = [await opened(), await open({ url: urlOf(other) })]
    const streams = Array.from({ length: 200 }, (_, number) => `${fresh()}-${number}`)
    await tell(server.get(), { answerLate: 200 })
    const [mine] = [streams.map((stream) => here.append(stream, -1, events(1))())]
    const lost = streams.map((stream) => there.append(stream, -1, events(1))())
    await kill(other)
    for (const answer of await Promise.all(mine)) expect(answer).toMatchObject({ _tag: 'Right' })
    for (const answer of await Promise.all(lost))
      if (answer._tag === 'Left') expect(['UnknownOutcome', 'Unavailable']).toContain(answer.left.type)
    await restart(other, true)
    await there.close()
    await stop(other)
  })

  test('stores on one connection string share it, and closing one leaves the others', async () => {
    const [a, b] = [await opened(), await opened()]
    await a.close()
    await written(b, `${fresh()}-1`, -1, events(1))
    await b.close()
    const c = await opened()
    await written(c, `${fresh()}-1`, -1, events(1))
  })

  test('nobody there: opening says so, and names no password', async () => {
    const nobody = await start({ tied: true, minutes: 10 })
    await stop(nobody)
    const url = urlOf(nobody).replace('//', '//me:secret@')
    await expect(open({ url, readTimeout: 1_000 })).rejects.toThrow('Unavailable')
    await expect(open({ url: 'esdb+odd://me:secret@x' })).rejects.toThrow('NotAStore')
    await expect(open({ url: 'esdb+odd://me:secret@x' })).rejects.not.toThrow('secret')
  })
})
