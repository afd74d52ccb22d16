/** Partner networks: two are known from the start, others are registered. */
import { decoderOf, type EventOf, since1 } from './event/decoding'
import type { Aggregate } from './event/fold'
import { named, PartnerId } from './language/ids'
import { struct } from './language/struct'

export const partnerEvents = {
  PartnerRegistered: since1(struct('PartnerRegistered', { partner: PartnerId })),
} as const
export type PartnerEvent = EventOf<typeof partnerEvents>

/** The partners that every store knows; others are registered in it. */
export const KNOWN_FROM_THE_START: readonly PartnerId[] = [
  named(PartnerId, 'chargehub'),
  named(PartnerId, 'ampup'),
]

/** The partners that were registered beyond those. */
export interface PartnersState {
  readonly registered: Set<PartnerId>
}

export const partnersAggregate: Aggregate<PartnersState, PartnerEvent> = {
  decode: decoderOf(partnerEvents),
  evolve: (state, { event }) => {
    const registered = state?.registered ?? new Set<PartnerId>()
    return { registered: registered.add(event.data.partner) }
  },
}

/** All partners there are. */
export const knownPartners = (state: PartnersState | undefined): ReadonlySet<PartnerId> =>
  new Set([...KNOWN_FROM_THE_START, ...(state?.registered ?? [])])

/** Registering a partner that is known is nothing. */
export const decidePartner = (
  state: PartnersState | undefined,
  partner: PartnerId,
): readonly PartnerEvent[] =>
  knownPartners(state).has(partner) ? [] : [{ type: 'PartnerRegistered', data: { partner } }]
