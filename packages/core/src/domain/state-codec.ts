/**
 * Codecs of what is remembered of chargers, identities and partners, for snapshots. Maps become lists of pairs, since
 * their order is part of them and a JSON object keeps none among numbers; what is undefined is absent.
 */
import { isLeft } from 'fp-ts/Either'
import * as t from 'io-ts'
import { type ChargerState, ClaimNumber } from './charger'
import type { CommandMemory, RememberedCommand } from './event/command-memory'
import type { IdentityState } from './identity'
import { HostId, Label, OrganizationId, PartnerId, PoolId, TokenType } from './language/ids'
import type { PartnersState } from './partner'
import { parsePosition, type Position, writePosition } from './event/position'
import { SourceVersion } from './source-version'
import { struct, wholeNumber } from './language/struct'

type Json = Readonly<Record<string, unknown>>
type Fields = Readonly<Record<string, t.Mixed>>

const isObject = (u: unknown): u is Json => typeof u === 'object' && u !== null && !Array.isArray(u)

/** A state: every field is there, be it undefined. */
export const stateOf = <F extends Fields>(
  name: string,
  fields: F,
): t.Type<{ readonly [K in keyof F]: t.TypeOf<F[K]> }, Json> => {
  type S = { readonly [K in keyof F]: t.TypeOf<F[K]> }
  const codecs = Object.entries(fields)
  const is = (u: unknown): u is S =>
    isObject(u) && codecs.every(([key, codec]) => Object.hasOwn(u, key) && codec.is(u[key]))
  return new t.Type<S, Json>(
    name,
    is,
    (u, context) => {
      if (!isObject(u)) return t.failure(u, context, 'must be an object')
      const errors: t.ValidationError[] = []
      const state: Record<string, unknown> = {}
      for (const [key, codec] of codecs) {
        const value = Object.hasOwn(u, key) ? u[key] : undefined
        const result = codec.validate(value, t.appendContext(context, key, codec, value))
        if (isLeft(result)) errors.push(...result.left)
        else state[key] = result.right
      }
      if (errors.length > 0) return t.failures(errors)
      return is(state) ? t.success(state) : t.failure(u, context)
    },
    (state) => {
      const encoded = codecs.map(([key, codec]): readonly [string, unknown] => [
        key,
        codec.encode(state[key]),
      ])
      return Object.fromEntries(encoded.filter(([, value]) => value !== undefined))
    },
  )
}

/** What may be undefined in a state. */
export const orNone = <A>(of: t.Type<A, unknown>): t.Type<A | undefined, unknown> =>
  new t.Type<A | undefined, unknown>(
    `${of.name}, or none`,
    (u): u is A | undefined => u === undefined || of.is(u),
    (u, context) => (u === undefined ? t.success(undefined) : of.validate(u, context)),
    (a) => (a === undefined ? undefined : of.encode(a)),
  )

const isPair = (u: unknown): u is readonly [unknown, unknown] => Array.isArray(u) && u.length === 2

/** A map, as a list of pairs in its order. */
export const pairsOf = <K extends string, V>(
  name: string,
  key: t.Type<K>,
  value: t.Type<V, unknown>,
): t.Type<Map<K, V>, readonly (readonly [K, unknown])[]> =>
  new t.Type<Map<K, V>, readonly (readonly [K, unknown])[]>(
    name,
    (u): u is Map<K, V> => u instanceof Map && [...u].every(([k, v]) => key.is(k) && value.is(v)),
    (u, context) => {
      if (!Array.isArray(u)) return t.failure(u, context, 'must be a list of pairs')
      const map = new Map<K, V>()
      const errors: t.ValidationError[] = []
      for (const [at, pair] of u.entries()) {
        const entry = t.appendContext(context, String(at), value, pair)
        if (!isPair(pair)) {
          errors.push({ value: pair, context: entry, message: 'must be a pair' })
          continue
        }
        const k = key.validate(pair[0], entry)
        const v = value.validate(pair[1], entry)
        if (isLeft(k)) errors.push(...k.left)
        else if (isLeft(v)) errors.push(...v.left)
        else if (map.has(k.right)) errors.push({ value: pair, context: entry, message: 'stands there twice' })
        else map.set(k.right, v.right)
      }
      return errors.length > 0 ? t.failures(errors) : t.success(map)
    },
    (map) => [...map].map(([k, v]) => [k, value.encode(v)]),
  )

const Place = new t.Type<Position, string>(
  'Position',
  (u): u is Position => isObject(u) && typeof u['epoch'] === 'string' && Number.isSafeInteger(u['commit']),
  (u, context) => {
    const position = typeof u === 'string' ? parsePosition(u) : undefined
    return position === undefined || isLeft(position)
      ? t.failure(u, context, 'must be a position')
      : t.success(position.right)
  },
  writePosition,
)

const Remembered: t.Type<RememberedCommand, Json> = stateOf('RememberedCommand', {
  hash: t.string,
  revision: wholeNumber('Revision', 0),
  position: Place,
})
/** The commands that a stream remembers, oldest first. */
export const CommandMemoryCodec: t.Type<CommandMemory, unknown> = pairsOf('Commands', t.string, Remembered)

const Allocation = struct(
  'Allocation',
  { host: HostId, organization: OrganizationId },
  { label: Label, hostLabel: Label },
)

export const ChargerStateCodec: t.Type<ChargerState, Json> = stateOf('ChargerState', {
  allocation: orNone(Allocation),
  claim: orNone(struct('Claim', { pool: PoolId, claim: ClaimNumber })),
  lastClaim: wholeNumber('LastClaim', 0),
  sourceVersion: orNone(SourceVersion),
  commands: CommandMemoryCodec,
})

export const IdentityStateCodec: t.Type<IdentityState, Json> = stateOf('IdentityState', {
  registered: t.boolean,
  generation: wholeNumber('Generation', 0),
  blocked: t.boolean,
  organization: orNone(OrganizationId),
  tokenType: orNone(TokenType),
  sourceVersion: orNone(SourceVersion),
  commands: CommandMemoryCodec,
})

const Partners: t.Type<Set<PartnerId>, readonly PartnerId[]> = new t.Type(
  'Partners',
  (u): u is Set<PartnerId> => u instanceof Set && [...u].every((partner) => PartnerId.is(partner)),
  (u, context) => {
    const list = t.readonlyArray(PartnerId).validate(u, context)
    return isLeft(list) ? list : t.success(new Set(list.right))
  },
  (partners) => [...partners],
)

export const PartnersStateCodec: t.Type<PartnersState, Json> = stateOf('PartnersState', {
  registered: Partners,
})
