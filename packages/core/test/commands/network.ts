/** A small network for tests of commands: the real facade over a store in memory, commands as JSON. */
import { type Either, isLeft, isRight, left } from 'fp-ts/Either'
import { type AccessPools, accessPools, type AccessPoolsOptions } from '../../src/commands/access-pools'
import { type By, by } from '../../src/commands/by'
import type { CommandError } from '../../src/commands/writing/command-error'
import type { Done } from '../../src/commands/done'
import { parseActor } from '../../src/domain/language/actor'
import { decodeCommand } from '../../src/domain/commands'
import { CommandId, named } from '../../src/domain/language/ids'
import type { RecordedEvent } from '../../src/domain/event/recorded'
import type { Refusal } from '../../src/domain/refusals'
import type { EventStore } from '../../src/store/event-store'
import { type MemoryStore, memoryStore } from '../../src/store/memory-store'
import { stillRuntime } from '../../src/testing'

export const NOW = Date.UTC(2025, 0, 1)
export const runtime = stillRuntime(NOW)

export interface More extends Omit<By, 'actor' | 'commandId'> {
  readonly id?: string
  /** As `admin/ORG/ID`; the operator where it is absent. */
  readonly actor?: string
}

let given = 0

const right = <A>(result: Either<unknown, A>): A => {
  if (isLeft(result)) throw new Error(JSON.stringify(result.left))
  return result.right
}

/** Gives a command, with an id of its own where none is given. */
export const give = (
  pools: AccessPools,
  type: string,
  data: Readonly<Record<string, unknown>>,
  { id, actor = 'operator/op', ...more }: More = {},
): Promise<Either<CommandError, Done>> => {
  given += 1
  const giver = by(right(parseActor(actor)), named(CommandId, id ?? `given-${given}`), more)
  return pools.execute(right(decodeCommand(type, data)), giver)()
}

/** As `give`, where it must be done. */
export const done = async (...command: Parameters<typeof give>): Promise<Done> =>
  right(await give(...command))

/** As `give`, where it must be refused. */
export const refused = async (...command: Parameters<typeof give>): Promise<Refusal> => {
  const result = await give(...command)
  if (isRight(result) || result.left.type !== 'Refused')
    throw new Error(`${command[1]} was not refused: ${JSON.stringify(result)}`)
  return result.left.refusal
}

/** As `give`, where it must fail; the error. */
export const failed = async (...command: Parameters<typeof give>): Promise<CommandError> => {
  const result = await give(...command)
  if (isRight(result)) throw new Error(`${command[1]} was done: ${JSON.stringify(result.right)}`)
  return result.left
}

/** The outcomes of a bulk command's items, in a word each. */
export const outcomes = ({ items }: Done): readonly string[] => (items ?? []).map(({ outcome }) => outcome)

export const events = async (store: EventStore, stream: string): Promise<readonly RecordedEvent[]> =>
  right(await store.readStream(stream, 0, 1000)()).events

export const types = async (store: EventStore, stream: string): Promise<readonly string[]> =>
  (await events(store, stream)).map(({ type }) => type)

/** How many events the store holds. */
export const countAll = async (store: EventStore): Promise<number> =>
  right(
    await store.readAll({
      filter: { categories: ['accessPool', 'charger', 'identity'], names: ['partners', 'skips'] },
      most: 100_000,
    })(),
  ).events.length

/** Writes an event that nobody can read. */
export const damage = async (store: MemoryStore, stream: string): Promise<number> => {
  const revision = (await events(store, stream)).length
  const id = `00000000-0000-4000-8000-${String(revision).padStart(12, '0')}`
  right(await store.appendRaw(stream, revision - 1, [{ id, type: 'Garbled', data: '{', metadata: '' }])())
  return revision
}

/** Another process's instance: caches of its own over the same store. */
export const instance = (store: EventStore, more: Partial<AccessPoolsOptions> = {}): AccessPools =>
  accessPools({ store, runtime, ...more })

export interface Network {
  readonly store: MemoryStore
  readonly pools: AccessPools
}

/** Pools P (Restricted, takes requests) and Q of organization O, chargers C1, C2, C3 there, a card and a mobile user. */
export const network = async (): Promise<Network> => {
  const store = memoryStore({ runtime })
  const pools = instance(store)
  await done(pools, 'CreatePool', { pool: 'P', organization: 'O', name: 'P', level: 'Restricted' })
  await done(pools, 'ConfigureRequests', { pool: 'P', enabled: true, notify: ['site@example.com'] })
  await done(pools, 'CreatePool', { pool: 'Q', organization: 'O', name: 'Q' })
  for (const charger of ['C1', 'C2', 'C3'])
    await done(pools, 'AllocateCharger', { charger, host: 'H', organization: 'O' })
  await done(pools, 'RegisterIdentity', { identity: 'rfid:CARD', organization: 'O' })
  await done(pools, 'RegisterIdentity', { identity: 'user:ann' })
  return { store, pools }
}

type Append = EventStore['append']

/** A store whose appends go another way; `next` is how they went. */
export const appendingBy = (
  store: EventStore,
  append: (next: Append, ...call: Parameters<Append>) => ReturnType<Append>,
): EventStore => ({ ...store, append: (...call) => append(store.append, ...call) })

export const unavailable: ReturnType<Append> = () =>
  Promise.resolve(left({ type: 'Unavailable', reason: 'it was unplugged' }))

export const unknownOutcome: ReturnType<Append> = () =>
  Promise.resolve(left({ type: 'UnknownOutcome', reason: 'the answer was lost' }))
