/**
 * The whole history folded anew, and decided by it in the plainest way: what the index must equal. It shares the
 * domain's aggregates with the projection, and nothing else.
 */
import { chargerAggregate, type ChargerState } from '../../src/domain/charger'
import { type Aggregate, foldNext, type Folded, nothingFolded } from '../../src/domain/event/fold'
import { identityAggregate, type IdentityState } from '../../src/domain/identity'
import type { ChargerId, IdentityId, PoolId } from '../../src/domain/language/ids'
import { poolAggregate } from '../../src/domain/pool/evolve'
import type { PoolState } from '../../src/domain/pool/state'
import type { RecordedEvent } from '../../src/domain/event/recorded'
import { decodeSkip, SkipSet } from '../../src/domain/event/skip'
import type { Credential } from '../../src/decision/credential'

export class NaiveFold {
  readonly #streams = new Map<string, RecordedEvent[]>()
  readonly #skips = new SkipSet()
  readonly #known = new Map<string, unknown>()

  constructor(history: readonly RecordedEvent[]) {
    for (const event of history) {
      this.#streams.set(event.stream, [...(this.#streams.get(event.stream) ?? []), event])
      const skip = event.stream === 'skips' ? decodeSkip(event) : undefined
      if (skip?.type === 'Decoded') this.#skips.add(skip.decoded.event.data, event.position)
    }
  }

  #folded<S, E>(aggregate: Aggregate<S, E>, stream: string): Folded<S> {
    // Of one kind: a stream has one aggregate.
    const known = this.#known.get(stream) as Folded<S> | undefined
    if (known !== undefined) return known
    const folded = nothingFolded<S>()
    this.#known.set(stream, folded)
    for (const event of this.#streams.get(stream) ?? []) foldNext(aggregate, folded, event, this.#skips)
    return folded
  }

  pool = (pool: PoolId): Folded<PoolState> => this.#folded(poolAggregate, `accessPool-${pool}`)
  charger = (charger: ChargerId): Folded<ChargerState> => this.#folded(chargerAggregate, `charger-${charger}`)
  identity = (identity: IdentityId): Folded<IdentityState> =>
    this.#folded(identityAggregate, `identity-${identity}`)

  /** Streams that stopped. */
  suspended(): string[] {
    const stopped: string[] = []
    for (const stream of this.#streams.keys()) {
      const [category] = stream.split('-')
      const folded =
        category === 'accessPool'
          ? this.#folded(poolAggregate, stream)
          : category === 'charger'
            ? this.#folded(chargerAggregate, stream)
            : category === 'identity'
              ? this.#folded(identityAggregate, stream)
              : undefined
      if (folded?.suspended !== undefined) stopped.push(stream)
    }
    return stopped.sort()
  }

  poolOf(charger: ChargerId): PoolId | undefined {
    const state = this.charger(charger).state
    if (state?.allocation === undefined || state.claim === undefined) return undefined
    const { pool, claim } = state.claim
    return this.pool(pool).state?.chargers.get(charger) === claim ? pool : undefined
  }

  /** The answer's first word. */
  decide(charger: ChargerId, credential: Credential, at: number): string {
    const id = this.poolOf(charger)
    if (id === undefined) return 'NotInPool'
    const pool = this.pool(id)
    if (this.charger(charger).suspended !== undefined) return 'ChargerSuspended'
    if (pool.suspended !== undefined || pool.state === undefined) return 'PoolSuspended'
    const { settings, members } = pool.state
    if (settings.freeVend) return 'FreeVend'
    if (credential.type === 'None') return 'CredentialRequired'
    if (credential.type === 'Partner')
      return settings.partners.get(credential.partner)?.control === true
        ? 'PartnerControl'
        : 'PartnerNotPermitted'
    if (credential.type === 'Pin') return 'PinNotAvailable'
    const identity = this.identity(credential.identity)
    const registered = identity.state?.registered === true
    if (!registered && identity.suspended === undefined) return 'UnknownIdentity'
    if (identity.state?.blocked === true) return 'IdentityBlocked'
    if (identity.suspended !== undefined) return 'IdentitySuspended'
    const member = members.get(credential.identity)
    const counts = member !== undefined && member.generation === identity.state?.generation
    if (counts) {
      const opened = member.from === undefined || Date.parse(member.from) <= at
      const open = opened && (member.until === undefined || at < Date.parse(member.until))
      if (open) return member.request === undefined ? 'Membership' : 'ApprovedRequest'
    }
    if (settings.level === 'Public') return 'PublicAccess'
    return counts ? 'OutsideValidity' : 'NotAMember'
  }
}
