/** What a pool's decisions are taken in: who, when, which command, and what other streams say. */
import type { Either } from 'fp-ts/Either'
import type { Actor } from '../language/actor'
import type { Decision } from '../decision'
import type { IdentityState } from '../identity'
import type { IdentityId, PartnerId, PoolId } from '../language/ids'
import type { Refusal } from '../refusals'
import type { Instant } from '../language/window'
import type { PoolEvent } from './events'

/** What the handler read of other streams, each to its tail, before the decision. */
export interface Facts {
  readonly identities: ReadonlyMap<IdentityId, IdentityState | undefined>
  /** Identities whose stream holds an event that cannot be read, with its revision. */
  readonly suspendedIdentities: ReadonlyMap<IdentityId, number>
  readonly partners: ReadonlySet<PartnerId>
}

export const NO_FACTS: Facts = { identities: new Map(), suspendedIdentities: new Map(), partners: new Set() }

export interface PoolContext {
  readonly pool: PoolId
  readonly actor: Actor
  readonly now: Instant
  readonly commandId: string
  readonly commandHash: string
  /** The revision that the administrator looked at. */
  readonly ifRevision?: number
  readonly facts: Facts
}

export type PoolOutcome = Either<Refusal, Decision<PoolEvent>>
