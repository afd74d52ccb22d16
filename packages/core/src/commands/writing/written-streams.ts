/** The kinds of stream that commands write: how each is folded, named, weighed and refused. */
import { chargerAggregate, type ChargerEvent, chargerEvents, type ChargerState } from '../../domain/charger'
import { type EventCodecs, newestVersion } from '../../domain/event/decoding'
import type { Suspension } from '../../domain/event/fold'
import {
  identityAggregate,
  type IdentityEvent,
  identityEvents,
  type IdentityState,
} from '../../domain/identity'
import { partnerEvents, type PartnerEvent, partnersAggregate, type PartnersState } from '../../domain/partner'
import { type PoolEvent, poolEvents, subjectOf } from '../../domain/pool/events'
import { poolAggregate } from '../../domain/pool/evolve'
import type { PoolState } from '../../domain/pool/state'
import type { Refusal } from '../../domain/refusals'
import { decodeSkip, type SkipEvent, skipEvents } from '../../domain/event/skip'
import { ownerOf } from '../../domain/event/streams'
import type { Written } from './handle'

const versionIn =
  (codecs: EventCodecs) =>
  (type: string): number =>
    newestVersion(codecs, type)

/** What a command answers that meets an event that cannot be read. */
const suspendedBy = (stream: string, { revision }: Suspension): Refusal => {
  const owner = ownerOf(stream)
  switch (owner?.kind) {
    case 'Pool':
      return { type: 'PoolSuspended', pool: owner.pool, revision }
    case 'Charger':
      return { type: 'ChargerSuspended', charger: owner.charger, revision }
    case 'Identity':
      return { type: 'IdentitySuspended', identity: owner.identity, revision }
    default:
      return { type: 'PartnersSuspended', revision }
  }
}

export const poolStreams: Written<PoolState, PoolEvent> = {
  ...poolAggregate,
  subjectOf,
  versionOf: versionIn(poolEvents),
  weigh: (state) =>
    1 +
    state.chargers.size +
    state.closedClaims.size +
    state.members.size +
    state.requests.size +
    state.commands.size,
  suspended: suspendedBy,
}

export const chargerStreams: Written<ChargerState, ChargerEvent> = {
  ...chargerAggregate,
  // One command may end one claim and, later, another.
  subjectOf: ({ data }) => ('claim' in data ? String(data.claim) : ''),
  versionOf: versionIn(chargerEvents),
  weigh: (state) => 1 + state.commands.size,
  suspended: suspendedBy,
}

export const identityStreams: Written<IdentityState, IdentityEvent> = {
  ...identityAggregate,
  subjectOf: () => '',
  versionOf: versionIn(identityEvents),
  weigh: (state) => 1 + state.commands.size,
  suspended: suspendedBy,
}

export const partnerStreams: Written<PartnersState, PartnerEvent> = {
  ...partnersAggregate,
  subjectOf: ({ data }) => data.partner,
  versionOf: versionIn(partnerEvents),
  weigh: (state) => 1 + state.registered.size,
  suspended: suspendedBy,
}

/** The skips that were decided, by event. */
export type SkipsState = ReadonlySet<string>

export const skippedEvent = ({
  stream,
  revision,
}: {
  readonly stream: string
  readonly revision: number
}): string => `${revision}/${stream}`

export const skipStreams: Written<SkipsState, SkipEvent> = {
  decode: decodeSkip,
  evolve: (state, { event }) => new Set([...(state ?? []), skippedEvent(event.data)]),
  subjectOf: ({ data }) => skippedEvent(data),
  versionOf: versionIn(skipEvents),
  weigh: (state) => 1 + state.size,
  suspended: suspendedBy,
}
