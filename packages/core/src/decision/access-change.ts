/**
 * Access changes: the one language of the read side. Each is the whole present state under a key, or a tombstone,
 * so that the last one of each key is all a reader needs. What Kafka carries is what the index is folded from.
 */
import { type Either, isLeft, isRight, left, right } from 'fp-ts/Either'
import * as t from 'io-ts'
import { AccessLevel } from '../domain/capabilities'
import { ClaimNumber } from '../domain/charger'
import {
  ChargerId,
  IdentityId,
  PartnerId,
  PoolId,
  RateName,
  RequestId,
  TokenType,
} from '../domain/language/ids'
import { decodeWith, struct, wholeNumber } from '../domain/language/struct'
import { Instant, isValidWindow } from '../domain/language/window'
import { Feature } from './features'

/** What one partner may do with a pool's chargers. */
export const PartnerPermission = struct('PartnerPermission', { visible: t.boolean, control: t.boolean })
export type PartnerPermission = t.TypeOf<typeof PartnerPermission>

/** By partner. Own properties only: a partner may be named like something that every object inherits. */
export type PartnerPermissions = Readonly<Record<string, PartnerPermission>>

const arePermissions = (u: unknown): u is PartnerPermissions =>
  typeof u === 'object' &&
  u !== null &&
  !Array.isArray(u) &&
  Object.entries(u).every(
    ([partner, permission]) => PartnerId.is(partner) && PartnerPermission.is(permission),
  )

const PartnerPermissions: t.Type<PartnerPermissions> = new t.Type<PartnerPermissions>(
  'PartnerPermissions',
  arePermissions,
  (u, c) => (arePermissions(u) ? t.success(u) : t.failure(u, c, 'must be partners with {visible, control}')),
  t.identity,
)

/** A pool, as far as decisions and displays need it. `requests`, `pins`: whether it offers them now. */
export const PoolAccess = struct('PoolAccess', {
  level: AccessLevel,
  hidden: t.boolean,
  freeVend: t.boolean,
  memberRate: RateName,
  requests: t.boolean,
  pins: t.boolean,
  partners: PartnerPermissions,
  /** An event of the pool cannot be read: it denies. */
  suspended: t.boolean,
  needs: t.readonlyArray(Feature),
})
export type PoolAccess = t.TypeOf<typeof PoolAccess>

/** A charger that is effective in a pool, by which claim. */
export const ChargerAccess = struct('ChargerAccess', { claim: ClaimNumber, suspended: t.boolean })
export type ChargerAccess = t.TypeOf<typeof ChargerAccess>

const MemberFields = struct(
  'MemberAccess',
  { generation: wholeNumber('Generation', 1) },
  { from: Instant, until: Instant, request: RequestId },
)
/** A membership: of one generation of an identity, where known by the request it came by. */
export type MemberAccess = t.TypeOf<typeof MemberFields>
export const MemberAccess: t.Type<MemberAccess> = new t.Type<MemberAccess>(
  'MemberAccess',
  (u): u is MemberAccess => MemberFields.is(u) && isValidWindow(u),
  (u, c) => {
    const fields = MemberFields.validate(u, c)
    return isRight(fields) && !isValidWindow(fields.right)
      ? t.failure(u, c, 'must begin before it ends')
      : fields
  },
  t.identity,
)

/** An identity that is registered; or one of which an event cannot be read, of generation 0 where none was. */
export const IdentityAccess = struct(
  'IdentityAccess',
  { generation: wholeNumber('Generation', 0), blocked: t.boolean, suspended: t.boolean },
  { tokenType: TokenType },
)
export type IdentityAccess = t.TypeOf<typeof IdentityAccess>

/** Whose state it is. */
export type AccessKey =
  | { readonly type: 'Pool'; readonly pool: PoolId }
  | { readonly type: 'Charger'; readonly pool: PoolId; readonly charger: ChargerId }
  | { readonly type: 'Member'; readonly pool: PoolId; readonly identity: IdentityId }
  | { readonly type: 'Identity'; readonly identity: IdentityId }

/** The state of a key from now on; `null`: it is gone. */
export type AccessChange =
  | { readonly type: 'Pool'; readonly pool: PoolId; readonly value: PoolAccess | null }
  | {
      readonly type: 'Charger'
      readonly pool: PoolId
      readonly charger: ChargerId
      readonly value: ChargerAccess | null
    }
  | {
      readonly type: 'Member'
      readonly pool: PoolId
      readonly identity: IdentityId
      readonly value: MemberAccess | null
    }
  | { readonly type: 'Identity'; readonly identity: IdentityId; readonly value: IdentityAccess | null }

/** Writes a key: `pool/P`, `charger/P/C`, `member/P/I`, `identity/I`. No id holds a slash. */
export const writeAccessKey = (key: AccessKey): string => {
  switch (key.type) {
    case 'Pool':
      return `pool/${key.pool}`
    case 'Charger':
      return `charger/${key.pool}/${key.charger}`
    case 'Member':
      return `member/${key.pool}/${key.identity}`
    case 'Identity':
      return `identity/${key.identity}`
  }
}

/** Reads what `writeAccessKey` writes. */
export const parseAccessKey = (text: string): Either<string, AccessKey> => {
  const [kind, first, second, ...more] = text.split('/')
  const noKey = left(`${JSON.stringify(text)} is no key of an access change`)
  if (more.length > 0) return noKey
  if (kind === 'identity')
    return second === undefined && IdentityId.is(first) ? right({ type: 'Identity', identity: first }) : noKey
  if (!PoolId.is(first)) return noKey
  if (kind === 'pool') return second === undefined ? right({ type: 'Pool', pool: first }) : noKey
  if (kind === 'charger' && ChargerId.is(second))
    return right({ type: 'Charger', pool: first, charger: second })
  return kind === 'member' && IdentityId.is(second)
    ? right({ type: 'Member', pool: first, identity: second })
    : noKey
}

/** An access change as a record carries it. */
export interface AccessRecord {
  readonly key: string
  readonly value: AccessChange['value']
}

/** Key and value as they are stored and sent. */
export const writeAccessChange = (change: AccessChange): AccessRecord => ({
  key: writeAccessKey(change),
  value: change.value,
})

const valueOf = <A>(codec: t.Type<A, unknown>, value: unknown): Either<string, A | null> => {
  if (value === null || codec.is(value)) return right(value)
  const decoded = decodeWith(codec, value)
  return isLeft(decoded) ? left(decoded.left.join('; ')) : decoded
}

/** Reads a record; says what was wrong with its key or value. */
export const parseAccessChange = (key: string, value: unknown): Either<string, AccessChange> => {
  const parsed = parseAccessKey(key)
  if (isLeft(parsed)) return parsed
  const read = <A, C>(codec: t.Type<A, unknown>, change: (value: A | null) => C): Either<string, C> => {
    const decoded = valueOf(codec, value)
    return isLeft(decoded) ? left(`${key}: ${decoded.left}`) : right(change(decoded.right))
  }
  const of = parsed.right
  switch (of.type) {
    case 'Pool':
      return read<PoolAccess, AccessChange>(PoolAccess, (v) => ({ ...of, value: v }))
    case 'Charger':
      return read<ChargerAccess, AccessChange>(ChargerAccess, (v) => ({ ...of, value: v }))
    case 'Member':
      return read<MemberAccess, AccessChange>(MemberAccess, (v) => ({ ...of, value: v }))
    case 'Identity':
      return read<IdentityAccess, AccessChange>(IdentityAccess, (v) => ({ ...of, value: v }))
  }
}
