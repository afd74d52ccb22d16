/**
 * How the network stands, and what was done to it by hand: one pass over the store, through the read model. What was
 * said once and was changed since is somebody's decision, which an import does not undo.
 */
import {
  type Actor,
  type ChargerListing,
  type EventStore,
  type IdentityId,
  type Instant,
  instantOf,
  KNOWN_FROM_THE_START,
  type MemberListing,
  type OrganizationId,
  type PoolId,
  type PoolListing,
  type ReadModel,
  type RecordedEvent,
  writePosition,
} from '@access-pools/core'
import { map } from 'fp-ts/Either'
import * as t from 'io-ts'
import { actorNamed, type Context, withReadModel } from '../context'

/** Whose work an import is, where nobody else is named. */
export const IMPORTER = actorNamed('operator/import')

/** What happened before, as far as the present state does not tell. */
export interface Past {
  /** Chargers that were in a pool once. */
  readonly pooled: ReadonlySet<string>
  readonly allocated: ReadonlySet<string>
  /** Identities that were registered once. */
  readonly registered: ReadonlySet<string>
  /** `{pool}/{identity}` of those who were members once. */
  readonly members: ReadonlySet<string>
  /** `{pool}/{setting}` that was said by an event of its own. */
  readonly settings: ReadonlySet<string>
  /** `{pool}/{charger}` of the entries in the pools' streams, dead ones too. */
  readonly entries: ReadonlySet<string>
  /** The pool whose claim a charger has, where that pool did not close it. */
  readonly claimedBy: (charger: string) => string | undefined
}

export interface Present {
  readonly pools: ReadonlyMap<string, PoolListing>
  readonly chargers: ReadonlyMap<string, ChargerListing>
  /** Those that are registered, each with its organization. */
  readonly identities: ReadonlyMap<string, OrganizationId | undefined>
  readonly partners: ReadonlySet<string>
  readonly member: (pool: PoolId, identity: IdentityId) => MemberListing | undefined
  readonly past: Past
  readonly now: Instant
  /** Up to where it was read; empty where nothing was. */
  readonly position: string
}

const OfCharger = t.type({ charger: t.string, claim: t.number })
const OfClaim = t.type({ pool: t.string, claim: t.number })
const OfIdentity = t.type({ identity: t.string })
const OfPartner = t.type({ partner: t.string })
const Declined = t.type({ reason: t.literal('Removed') })

/** Gathers, event by event, what an import must not undo. */
class Recollection implements Past {
  readonly pooled = new Set<string>()
  readonly allocated = new Set<string>()
  readonly registered = new Set<string>()
  readonly members = new Set<string>()
  readonly settings = new Set<string>()
  readonly entries = new Set<string>()
  readonly partners = new Set<string>(KNOWN_FROM_THE_START)
  readonly #claims = new Map<string, t.TypeOf<typeof OfClaim>>()

  readonly claimedBy = (charger: string): string | undefined => this.#claims.get(charger)?.pool

  /** A claim that its pool closed cannot be confirmed any more. */
  #closed(pool: string, { charger, claim }: t.TypeOf<typeof OfCharger>): void {
    const stands = this.#claims.get(charger)
    if (stands?.pool === pool && stands.claim === claim) this.#claims.delete(charger)
  }

  take({ stream, type, data }: RecordedEvent): void {
    const owner = stream.slice(stream.indexOf('-') + 1)
    switch (type) {
      case 'ChargerAllocated':
        this.allocated.add(owner)
        return
      case 'ChargerAdded':
        if (!OfCharger.is(data)) return
        this.pooled.add(data.charger)
        this.entries.add(`${owner}/${data.charger}`)
        return
      case 'ChargerRemoved':
        if (!OfCharger.is(data)) return
        this.entries.delete(`${owner}/${data.charger}`)
        this.#closed(owner, data)
        return
      case 'ChargerClaimDeclined':
        if (!OfCharger.is(data)) return
        if (Declined.is(data)) this.pooled.add(data.charger)
        this.#closed(owner, data)
        return
      case 'ChargerClaimed':
        if (OfClaim.is(data)) this.#claims.set(owner, data)
        return
      case 'ChargerReleased':
      case 'ChargerDeallocated':
        this.#claims.delete(owner)
        return
      case 'PartnerRegistered':
        if (OfPartner.is(data)) this.partners.add(data.partner)
        return
      case 'IdentityRegistered':
        this.registered.add(owner)
        return
      case 'IdentityAdded':
        if (OfIdentity.is(data)) this.members.add(`${owner}/${data.identity}`)
        return
      case 'FreeVendEnabled':
      case 'FreeVendDisabled':
        this.settings.add(`${owner}/freeVend`)
        return
      case 'MemberRateChanged':
        this.settings.add(`${owner}/memberRate`)
        return
      case 'PartnerAccessChanged':
        if (OfPartner.is(data)) this.settings.add(`${owner}/partner/${data.partner}`)
        return
    }
  }
}

/** The store, whose events are seen as whoever subscribes reads them. */
const seeing = (store: EventStore, see: (event: RecordedEvent) => void): EventStore => ({
  ...store,
  subscribe: (query) => async () =>
    map((subscription: SubscriptionOf) => ({
      cancel: subscription.cancel,
      next: async () => {
        const delivery = await subscription.next()
        if (delivery._tag === 'Right') delivery.right.events.forEach(see)
        return delivery
      },
    }))(await store.subscribe(query)()),
})
type SubscriptionOf = Extract<
  Awaited<ReturnType<ReturnType<EventStore['subscribe']>>>,
  { readonly _tag: 'Right' }
>['right']

/** Membership by pool and identity; a pool's members are listed at the first asking. */
const membersIn = ({ directory }: ReadModel, actor: Actor): Present['member'] => {
  const byPool = new Map<string, ReadonlyMap<string, MemberListing>>()
  return (pool, identity) => {
    const known =
      byPool.get(pool) ?? new Map(directory.members(actor, pool).map((member) => [member.identity, member]))
    byPool.set(pool, known)
    return known.get(identity)
  }
}

/** Reads how the store stands, and hands it over while the read model lives. */
export const withPresent = <A>(
  context: Context,
  store: EventStore,
  use: (present: Present) => Promise<A>,
): Promise<A> => {
  const past = new Recollection()
  const seen = seeing(store, (event) => past.take(event))
  return withReadModel(context, seen, (readModel) => {
    const { directory } = readModel
    const position = readModel.position()
    // Whoever imports, what stands is read whole: what is not seen would be taken for new.
    const actor = IMPORTER
    return use({
      pools: new Map(directory.pools(actor, { archived: true }).map((pool) => [pool.id, pool])),
      chargers: new Map(directory.chargers(actor).map((charger) => [charger.id, charger])),
      identities: new Map(directory.identities(actor).map(({ id, organization }) => [id, organization])),
      member: membersIn(readModel, actor),
      partners: past.partners,
      past,
      now: instantOf(context.terminal.runtime.now()),
      position: position === undefined ? '' : writePosition(position),
    })
  })
}
