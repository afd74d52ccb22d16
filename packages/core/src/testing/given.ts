/**
 * Given events, when a command, then events or a refusal: rules as sentences, for any test runner.
 *
 * ```ts
 * given(
 *   inPool('north', { type: 'PoolCreated', data: { organization: 'acme', name: 'North', level: 'Public' } }),
 * )
 *   .when({ type: 'SetHidden', data: { pool: 'north', hidden: true } }, 'admin/acme/ada')
 *   .then([{ type: 'PoolHidden', data: {} }])
 * ```
 */
import { deepStrictEqual } from 'node:assert'
import { isLeft } from 'fp-ts/Either'
import { type Actor, parseActor } from '../domain/language/actor'
import { decodeCommand } from '../domain/commands'
import { ChargerId, CommandId, IdentityId, named, PoolId } from '../domain/language/ids'
import type { RefusalType } from '../domain/refusals'
import { chargerStream, identityStream, PARTNERS_STREAM, poolStream } from '../domain/event/streams'
import { Instant, millisecondsOf } from '../domain/language/window'
import { World } from './world/world'
import type { Answer } from './world/state'

/** What an event says, in JSON. Without `data`: nothing beside that it happened. */
export interface SaidJson {
  readonly type: string
  readonly data?: Readonly<Record<string, unknown>>
  /** When it happened, where that matters. */
  readonly at?: string
}

/** Events of one stream. */
export interface Happened {
  readonly stream: string
  readonly events: readonly SaidJson[]
}

/** A command in JSON: its name under `type`. */
export interface CommandJson {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

/** A refusal in JSON, with the ids concerned. */
export interface RefusalJson {
  readonly type: RefusalType
  readonly [field: string]: unknown
}

/** What a command is given with. */
export interface With {
  /** The command's id; made where it is absent. */
  readonly id?: string
  readonly ifRevision?: number
  /** When it is given; the world's clock stays there. */
  readonly at?: string
}

/** What a command answers beside its events; where nothing is said, nothing is compared, but warnings: none. */
export interface Answered {
  readonly warnings?: readonly { readonly type: string; readonly [field: string]: unknown }[]
  readonly items?: readonly { readonly id: string; readonly [field: string]: unknown }[]
  readonly value?: Readonly<Record<string, unknown>>
  readonly repeated?: boolean
}

/** What comes after a command. */
export interface When {
  readonly answer: Answer
  /** The world after it, to look into. */
  readonly world: World
  /** Compares all that was written, in order over all streams, or the refusal; throws where it differs. */
  readonly then: (expected: readonly SaidJson[] | RefusalJson, answered?: Answered) => Given
}

export interface Given {
  readonly world: World
  /** More events, after those before. */
  readonly and: (...more: readonly Happened[]) => Given
  /** Gives a command; `as`: an actor, or in a word, `admin/acme/ada`. */
  readonly when: (command: CommandJson, as: Actor | string, given?: With) => When
}

export const inPool = (pool: string, ...events: readonly SaidJson[]): Happened => ({
  stream: poolStream(named(PoolId, pool)),
  events,
})
export const ofCharger = (charger: string, ...events: readonly SaidJson[]): Happened => ({
  stream: chargerStream(named(ChargerId, charger)),
  events,
})
export const ofIdentity = (identity: string, ...events: readonly SaidJson[]): Happened => ({
  stream: identityStream(named(IdentityId, identity)),
  events,
})
export const ofPartners = (...events: readonly SaidJson[]): Happened => ({ stream: PARTNERS_STREAM, events })

const actorOf = (as: Actor | string): Actor => {
  if (typeof as !== 'string') return as
  const actor = parseActor(as)
  if (isLeft(actor)) throw new Error(actor.left)
  return actor.right
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const isRefusal = (expected: readonly SaidJson[] | RefusalJson): expected is RefusalJson => 'type' in expected

const compare = (answer: Answer, expected: readonly SaidJson[] | RefusalJson, answered: Answered): void => {
  if (answer.type === 'Refused' || isRefusal(expected)) {
    const refused = answer.type === 'Refused' ? answer.refusal : answer.events.map(({ type }) => type)
    deepStrictEqual(plain(refused), plain(expected))
    return
  }
  const { events, warnings, items, value, repeated } = answer
  deepStrictEqual(
    plain(events.map(({ type, data }) => ({ type, data }))),
    plain(expected.map(({ type, data = {} }) => ({ type, data }))),
  )
  deepStrictEqual(plain(warnings), plain(answered.warnings ?? []))
  if (answered.items !== undefined) deepStrictEqual(plain(items ?? []), plain(answered.items))
  if (answered.value !== undefined) deepStrictEqual(plain(value ?? {}), plain(answered.value))
  deepStrictEqual(repeated, answered.repeated ?? false)
}

const tell = (world: World, happened: readonly Happened[]): void => {
  for (const { stream, events } of happened)
    for (const { type, data = {}, at } of events) {
      const when = at === undefined ? {} : { at: named(Instant, at) }
      const fault = world.tell(stream, { type, data }, when)
      if (fault !== undefined) throw new Error(`this cannot have been given: ${fault}`)
    }
}

const inWorld = (world: World): Given => ({
  world,
  and: (...more) => {
    tell(world, more)
    return inWorld(world)
  },
  when: (json, as, { id, ifRevision, at } = {}) => {
    const command = decodeCommand(json.type, json.data)
    if (isLeft(command)) throw new Error(`${json.type}: ${command.left.join('; ')}`)
    if (at !== undefined) world.now = millisecondsOf(named(Instant, at))
    const answer = world.issue(command.right, actorOf(as), {
      ...(id === undefined ? {} : { id: named(CommandId, id) }),
      ...(ifRevision === undefined ? {} : { ifRevision }),
    })
    return {
      answer,
      world,
      then: (expected, answered = {}) => {
        compare(answer, expected, answered)
        return inWorld(world)
      },
    }
  },
})

/** A world in which this happened. Throws where it cannot have come about. */
export const given = (...happened: readonly Happened[]): Given => {
  const world = new World()
  tell(world, happened)
  return inWorld(world)
}
