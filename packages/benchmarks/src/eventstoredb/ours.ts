/** Our side: commands through the library, and its read model. */
import {
  accessPools,
  type AccessPools,
  type Actor,
  by,
  decodeCommand,
  type Done,
  type EventStore,
  type Position,
  parseActor,
  randomId,
  type ReadModel,
  startReadModel,
  systemRuntime,
} from '@access-pools/core'
import { openEventStoreDb } from '@access-pools/eventstoredb'
import type { Either } from 'fp-ts/Either'
import type { Side } from './side'

const surely = <A>(answer: Either<unknown, A>): A => {
  if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left))
  return answer.right
}

const now = systemRuntime.monotonic

const POOLS = 64
const LONG = { within: 600_000 }

const openStore = async (url: string): Promise<EventStore> =>
  surely(await openEventStoreDb({ url, readTimeout: 60_000 })())

type Give = (type: string, data: Readonly<Record<string, unknown>>, actor: Actor) => Promise<Done>

const giving =
  (pools: AccessPools): Give =>
  async (type, data, actor) =>
    surely(await pools.execute(surely(decodeCommand(type, data)), by(actor))())

const ORGANIZATION = 'benchmark'
const admin = surely(parseActor(`admin/${ORGANIZATION}/bench`))
const upstream = surely(parseActor('system/upstream'))

const createPools = async (give: Give, count: number): Promise<readonly string[]> => {
  const run = randomId(systemRuntime).slice(0, 10)
  const names = Array.from({ length: count }, (_, number) => `bench-${run}-${number}`)
  for (const pool of names) await give('CreatePool', { pool, organization: ORGANIZATION, name: pool }, admin)
  return names
}

const following = async (store: EventStore): Promise<ReadModel> => surely(await startReadModel({ store })())

export const ourSide = async (url: string): Promise<Side> => {
  const store = await openStore(url)
  const give = giving(accessPools({ store }))
  const pools = await createPools(give, POOLS)
  let number = 0
  const rename = async (pool: string): Promise<Position | undefined> => {
    number += 1
    return (await give('RenamePool', { pool, name: `The parking level of ${number}` }, admin)).position
  }
  const at = (index: number): string => pools[index % POOLS] ?? ''
  let readModel: ReadModel | undefined
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const begun = now()
    await work()
    return now() - begun
  }
  const lane = async (pool: string, each: number): Promise<void> => {
    for (let turn = 0; turn < each; turn += 1) await rename(pool)
  }
  return {
    oneByOne: (count) =>
      timed(async () => {
        for (let turn = 0; turn < count; turn += 1) await rename(at(turn))
      }),
    inLanes: (lanes, each) =>
      timed(() => Promise.all(Array.from({ length: lanes }, (_, index) => lane(at(index), each)))),
    onOne: (count) => timed(() => Promise.all(Array.from({ length: count }, () => rename(at(0))))),
    catchUp: () =>
      timed(async () => {
        const model = await following(store)
        surely(await model.whenCaughtUp(LONG))
        await model.stop()
      }),
    delays: async (count) => {
      readModel ??= await following(store)
      surely(await readModel.whenCaughtUp(LONG))
      const figures: number[] = []
      for (let turn = 0; turn < count; turn += 1) {
        const begun = now()
        const position = await rename(at(turn))
        if (position !== undefined) surely(await readModel.whenProcessed(position))
        figures.push(now() - begun)
      }
      return figures
    },
    end: async () => {
      await readModel?.stop()
      await store.close()
    },
  }
}

/** Members of one bulk command, each of which is an event. */
const BULK = 500
const MEMBERS = 2_000

/** Writes a history of about so many events by commands, as importing a site does; answers how many they are. */
export const fill = async (url: string, events: number): Promise<number> => {
  const store = await openStore(url)
  const give = giving(accessPools({ store }))
  const run = randomId(systemRuntime).slice(0, 10)
  const users = Array.from({ length: MEMBERS }, (_, index) => `user:bench-${run}-${index}`)
  for (let from = 0; from < users.length; from += 64)
    await Promise.all(
      users.slice(from, from + 64).map((identity) => give('RegisterIdentity', { identity }, upstream)),
    )
  const count = Math.max(1, Math.ceil((events - MEMBERS) / (MEMBERS + 1)))
  for (const pool of await createPools(give, count))
    for (let from = 0; from < users.length; from += BULK)
      await give('AddIdentities', { pool, identities: users.slice(from, from + BULK) }, admin)
  await store.close()
  return MEMBERS + count * (MEMBERS + 1)
}
