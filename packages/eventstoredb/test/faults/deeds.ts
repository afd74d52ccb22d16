/** The commands of a run: real ones, over pools, chargers and identities that are this run's alone. */
import {
  type Actor,
  type By,
  by,
  type Command,
  CommandId,
  decodeCommand,
  parse,
  parseActor,
  poolStream,
  PoolId,
} from '@access-pools/core'
import type { Either } from 'fp-ts/Either'
import type { Random } from './random'

export interface Deed {
  readonly id: string
  readonly command: Command
  readonly by: By
  /** Where it writes in any case, so that a repeat that is answered must find its event there. */
  readonly always?: { readonly stream: string; readonly type: string }
}

const surely = <A>(read: Either<unknown, A>): A => {
  if (read._tag === 'Left') throw new Error(JSON.stringify(read.left))
  return read.right
}

const POOLS = 40
const USERS = 200
const CHARGERS = 160

export interface Deeds {
  /** Those that make what the others are about. */
  readonly first: readonly Deed[]
  readonly next: () => Deed
}

/** `run` stands in all ids, so that a server may be used for one run after the other. */
export const deedsOf = (run: string, random: Random): Deeds => {
  const organization = `org-${run}`
  const admin = surely(parseActor(`admin/${organization}/harness`))
  const upstream = surely(parseActor('system/upstream'))
  const pool = (number: number): string => `${run}-p${number}`
  const user = (number: number): string => `user:${run}-u${number}`
  const charger = (number: number): string => `${run}-c${number}`
  const somePool = (): string => pool(random.below(POOLS))
  const several = (most: number, one: () => string): readonly string[] => [
    ...new Set(Array.from({ length: 1 + random.below(most) }, one)),
  ]
  const someUsers = (): readonly string[] => several(5, () => user(random.below(USERS)))
  const someChargers = (): readonly string[] => several(3, () => charger(random.below(CHARGERS)))

  let number = 0
  const deed = (type: string, data: Readonly<Record<string, unknown>>, actor: Actor): Deed => {
    number += 1
    const id = `${run}-${number}`
    const command = surely(decodeCommand(type, data))
    return { id, command, by: by(actor, surely(parse(CommandId, id))) }
  }
  const rename = (): Deed => {
    const name = somePool()
    const renaming = deed('RenamePool', { pool: name, name: `Name ${number}` }, admin)
    return { ...renaming, always: { stream: poolStream(surely(parse(PoolId, name))), type: 'PoolRenamed' } }
  }
  const inPool = (type: string, what: Readonly<Record<string, unknown>>): Deed =>
    deed(type, { pool: somePool(), ...what }, admin)

  const kinds = [
    ...Array.from({ length: 10 }, () => rename),
    ...Array.from({ length: 3 }, () => () => inPool('AddIdentities', { identities: someUsers() })),
    ...Array.from({ length: 2 }, () => () => inPool('RemoveIdentities', { identities: someUsers() })),
    ...Array.from({ length: 2 }, () => () => inPool('AddChargers', { chargers: someChargers() })),
    () => inPool('RemoveChargers', { chargers: someChargers() }),
    () => deed('BlockIdentity', { identity: user(random.below(USERS)) }, upstream),
    () => deed('UnblockIdentity', { identity: user(random.below(USERS)) }, upstream),
  ]
  const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)
  return {
    first: [
      ...numbers(POOLS).map((n) =>
        deed('CreatePool', { pool: pool(n), organization, name: `Pool ${n}` }, admin),
      ),
      ...numbers(USERS).map((n) => deed('RegisterIdentity', { identity: user(n) }, upstream)),
      ...numbers(CHARGERS).map((n) =>
        deed('AllocateCharger', { charger: charger(n), host: `host-${run}`, organization }, upstream),
      ),
    ],
    next: () => random.pick([rename, ...kinds])(),
  }
}
