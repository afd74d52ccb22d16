/** Everything a pool's stream may say, a chapter after the other. The pool's id is the stream's. */
import type { TypeOf } from 'io-ts'
import * as t from 'io-ts'
import { AccessLevel } from '../capabilities'
import { ClaimNumber } from '../charger'
import { decoderOf, type EventOf, since1 } from '../event/decoding'
import { Generation } from '../identity'
import {
  ChargerId,
  EmailAddress,
  IdentityId,
  Label,
  OrganizationId,
  PartnerId,
  RateName,
  RequestId,
} from '../language/ids'
import { oneOf, struct, wholeNumber } from '../language/struct'
import { Instant } from '../language/window'

/** Why a charger left a pool. */
export const ChargerRemovalReason = oneOf('ChargerRemovalReason', ['Removed', 'ClaimLost', 'Deallocated'])
export type ChargerRemovalReason = TypeOf<typeof ChargerRemovalReason>

/** Why a pool did not take a charger that was claimed for it. */
export const DeclineReason = oneOf('DeclineReason', ['Removed', 'ClaimLost', 'Deallocated'])
export type DeclineReason = TypeOf<typeof DeclineReason>

/** Why a request was closed by the system. */
export const ClosingReason = oneOf('ClosingReason', ['Expired', 'LevelChanged', 'IdentityDeregistered'])
export type ClosingReason = TypeOf<typeof ClosingReason>

/** How a pool takes requests: a request expires after so many days, a denial holds for so many hours. */
export const RequestSettings = struct('RequestSettings', {
  enabled: t.boolean,
  notify: t.readonlyArray(EmailAddress),
  expiresAfterDays: wholeNumber('Days', 1, 366),
  waitAfterDenialHours: wholeNumber('Hours', 0, 8784),
})
export type RequestSettings = TypeOf<typeof RequestSettings>

const settings = {
  PoolCreated: since1(
    struct('PoolCreated', { organization: OrganizationId, name: Label, level: AccessLevel }),
  ),
  PoolRenamed: since1(struct('PoolRenamed', { name: Label })),
  /** Its consequences are part of what it means: see `consequences`. */
  AccessLevelChanged: since1(struct('AccessLevelChanged', { from: AccessLevel, level: AccessLevel })),
  PoolHidden: since1(struct('PoolHidden', {})),
  PoolShown: since1(struct('PoolShown', {})),
  FreeVendEnabled: since1(struct('FreeVendEnabled', {})),
  FreeVendDisabled: since1(struct('FreeVendDisabled', {})),
  MemberRateChanged: since1(struct('MemberRateChanged', { memberRate: RateName })),
  RequestsConfigured: since1(RequestSettings),
  PartnerAccessChanged: since1(
    struct('PartnerAccessChanged', { partner: PartnerId, visible: t.boolean, control: t.boolean }),
  ),
  /** Ends everything the pool gave: see `consequences`. Nothing comes after it. */
  PoolArchived: since1(struct('PoolArchived', {})),
} as const

const chargers = {
  ChargerAdded: since1(struct('ChargerAdded', { charger: ChargerId, claim: ClaimNumber })),
  ChargerRemoved: since1(
    struct('ChargerRemoved', { charger: ChargerId, claim: ClaimNumber, reason: ChargerRemovalReason }),
  ),
  ChargerClaimDeclined: since1(
    struct('ChargerClaimDeclined', { charger: ChargerId, claim: ClaimNumber, reason: DeclineReason }),
  ),
} as const

const window = { from: Instant, until: Instant }

const members = {
  IdentityAdded: since1(
    struct(
      'IdentityAdded',
      { identity: IdentityId, generation: Generation },
      { ...window, request: RequestId },
    ),
  ),
  /** Ends the membership of this generation and of those before it. */
  IdentityRemoved: since1(struct('IdentityRemoved', { identity: IdentityId, generation: Generation })),
  MembershipChanged: since1(
    struct('MembershipChanged', { identity: IdentityId, generation: Generation }, window),
  ),
} as const

const requests = {
  AccessRequested: since1(
    struct('AccessRequested', {
      request: RequestId,
      identity: IdentityId,
      generation: Generation,
      charger: ChargerId,
      expiresAt: Instant,
    }),
  ),
  /** The same driver asked again, from another charger. */
  RequestChargerNoted: since1(struct('RequestChargerNoted', { request: RequestId, charger: ChargerId })),
  RequestWithdrawn: since1(struct('RequestWithdrawn', { request: RequestId })),
  RequestClosed: since1(struct('RequestClosed', { request: RequestId, reason: ClosingReason })),
  RequestApproved: since1(struct('RequestApproved', { request: RequestId, identity: IdentityId })),
  RequestDenied: since1(
    struct('RequestDenied', { request: RequestId, identity: IdentityId, retryAfter: Instant }),
  ),
} as const

export const poolEvents = { ...settings, ...chargers, ...members, ...requests } as const
export type PoolEvent = EventOf<typeof poolEvents>
export type SettingsEvent = EventOf<typeof settings>
export type ChargersEvent = EventOf<typeof chargers>
export type MembersEvent = EventOf<typeof members>
export type RequestsEvent = EventOf<typeof requests>

export const decodePoolEvent = decoderOf(poolEvents)

export const isOfChargers = (event: PoolEvent): event is ChargersEvent => event.type in chargers
export const isOfMembers = (event: PoolEvent): event is MembersEvent => event.type in members
export const isOfRequests = (event: PoolEvent): event is RequestsEvent => event.type in requests

/** What an event is about beside the pool: part of its id, so that one command says one thing once of one subject. */
export const subjectOf = (event: PoolEvent): string => {
  if (isOfRequests(event)) return event.data.request
  if (isOfMembers(event)) return event.data.identity
  if (isOfChargers(event)) return event.data.charger
  return event.type === 'PartnerAccessChanged' ? event.data.partner : ''
}
