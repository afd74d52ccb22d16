/**
 * The access index: the fold of access changes, which decisions and lists read. The same whether the changes come
 * straight from the event store or over Kafka. What it looks up may be a view that is valid until the next call.
 */
import type { Either } from 'fp-ts/Either'
import type { Registration } from '../domain/generation'
import type { ChargerId, IdentityId, PartnerId, PoolId } from '../domain/language/ids'
import type {
  AccessChange,
  AccessRecord,
  ChargerAccess,
  IdentityAccess,
  MemberAccess,
  PartnerPermission,
  PoolAccess,
} from './access-change'
import type { PoolAnswers } from './answer'

/** A pool, ready to be decided by. */
export interface IndexedPool {
  readonly pool: PoolId
  readonly access: PoolAccess
  /** It cannot be read, or it relies on what this version does not know. */
  readonly suspended: boolean
  readonly partners: ReadonlyMap<PartnerId, PartnerPermission>
  readonly answers: PoolAnswers
}

export interface IndexedCharger {
  readonly access: ChargerAccess
  /** The pool it stands in; nothing while that pool's own record has not come, or has gone. */
  readonly pool: IndexedPool | undefined
}

/** An identity that is registered, or suspended. */
export interface IndexedIdentity extends Registration {
  readonly access: IdentityAccess
}

/** A membership, whether or not it is of the identity's current generation. */
export interface IndexedMember {
  readonly access: MemberAccess
  /** `[from, until)` in milliseconds since 1970; infinite where open. */
  readonly from: number
  readonly until: number
}

/** A change that took effect, with the state before it (`null`: there was none). */
export type AppliedChange = {
  readonly [T in AccessChange['type']]: Extract<AccessChange, { readonly type: T }> & {
    readonly before: Extract<AccessChange, { readonly type: T }>['value']
  }
}[AccessChange['type']]

/** An index as plain JSON: its records, and what it must not forget of those that are gone. */
export interface ExportedIndex {
  readonly records: readonly AccessRecord[]
  /** The highest claim seen of each charger that stands in no pool. */
  readonly claims: readonly (readonly [ChargerId, number])[]
  /** The generation seen last of each identity that is not registered. */
  readonly generations: readonly (readonly [IdentityId, number])[]
}

/** What decisions and lists ask. */
export interface AccessIndexView {
  readonly pool: (pool: PoolId) => IndexedPool | undefined
  readonly charger: (charger: ChargerId) => IndexedCharger | undefined
  readonly identity: (identity: IdentityId) => IndexedIdentity | undefined
  readonly member: (pool: PoolId, identity: IdentityId) => IndexedMember | undefined
  /** The pool that a charger is effective in. */
  readonly poolOf: (charger: ChargerId) => PoolId | undefined
  readonly pools: () => Iterable<PoolId>
  readonly identities: () => Iterable<IdentityId>
  readonly chargersOf: (pool: PoolId) => Iterable<ChargerId>
  /** The members whose membership is of their current generation, within its window or not. */
  readonly membersOf: (pool: PoolId) => Iterable<IdentityId>
  /** The pools that an identity is a member of, by its current generation. */
  readonly poolsOf: (identity: IdentityId) => Iterable<PoolId>
  /** The identities that are denied everywhere: blocked, or suspended. */
  readonly blocked: () => Iterable<IdentityId>
}

export interface AccessIndex extends AccessIndexView {
  /**
   * Takes a change in. Charger changes are settled by claim (a lower one is ignored, a tombstone holds only where
   * the charger is in that pool), identities by generation; what was settled stays known. `tell` is called for each
   * state that changed by it, after the change: for a charger that moves, of its old pool first.
   */
  readonly apply: (change: AccessChange, tell?: (applied: AppliedChange) => void) => void
  readonly export: () => ExportedIndex
}

/** How an index is made anew from what `export` gave; says what was wrong with it. */
export type ImportIndex = (exported: ExportedIndex) => Either<string, AccessIndex>
