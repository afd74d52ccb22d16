/** The codec of what a pool remembers, for snapshots. */
import * as t from 'io-ts'
import { AccessLevel } from '../capabilities'
import { ClaimNumber } from '../charger'
import { Generation } from '../identity'
import { ChargerId, IdentityId, Label, OrganizationId, PartnerId, RateName, RequestId } from '../language/ids'
import { RequestStatus } from '../refusals'
import { CommandMemoryCodec, pairsOf, stateOf } from '../state-codec'
import { struct, wholeNumber } from '../language/struct'
import { Instant } from '../language/window'
import { RequestSettings } from './events'
import type { PoolState } from './state'

const partners = pairsOf(
  'Partners',
  PartnerId,
  struct('PartnerAccess', { visible: t.boolean, control: t.boolean }),
)
const Partners = new t.Type<PoolState['settings']['partners'], unknown>(
  partners.name,
  partners.is,
  partners.validate,
  (map) => partners.encode(new Map(map)),
)

const Settings = stateOf('PoolSettings', {
  organization: OrganizationId,
  name: Label,
  level: AccessLevel,
  hidden: t.boolean,
  freeVend: t.boolean,
  memberRate: RateName,
  requests: RequestSettings,
  partners: Partners,
  archived: t.boolean,
})

const Membership = struct(
  'Membership',
  { generation: Generation },
  { from: Instant, until: Instant, request: RequestId },
)

const Request = struct('PoolRequest', {
  request: RequestId,
  identity: IdentityId,
  generation: Generation,
  chargers: t.readonlyArray(ChargerId),
  requestedAt: Instant,
  expiresAt: Instant,
  status: RequestStatus,
})

const Denial = struct('Denial', { generation: Generation, retryAfter: Instant })

const claims = (name: string): t.Type<Map<ChargerId, number>, unknown> =>
  pairsOf(name, ChargerId, ClaimNumber)

export const PoolStateCodec: t.Type<PoolState, Readonly<Record<string, unknown>>> = stateOf('PoolState', {
  settings: Settings,
  chargers: claims('Chargers'),
  closedClaims: claims('ClosedClaims'),
  members: pairsOf('Members', IdentityId, Membership),
  requests: pairsOf('Requests', RequestId, Request),
  pendingOf: pairsOf('PendingOf', IdentityId, RequestId),
  denials: pairsOf('Denials', IdentityId, Denial),
  changedAt: wholeNumber('Revision', 0),
  commands: CommandMemoryCodec,
})
