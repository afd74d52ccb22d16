/** Every refusal, a closed union with a text each. A refused command changes nothing. */
import * as t from 'io-ts'
import { Capability } from './capabilities'
import { ChargerId, IdentityId, OrganizationId, PartnerId, PoolId, RequestId } from './language/ids'
import { oneOf, struct, wholeNumber } from './language/struct'
import { Instant } from './language/window'

/** How a request ended, or that it has not. */
export const RequestStatus = oneOf('RequestStatus', ['Pending', 'Approved', 'Denied', 'Withdrawn', 'Closed'])
export type RequestStatus = t.TypeOf<typeof RequestStatus>

const refusal = <const N extends string, P extends Readonly<Record<string, t.Mixed>>>(type: N, fields: P) =>
  struct(type, { type: t.literal(type), ...fields })

const Revision = wholeNumber('Revision', -1)
const Count = wholeNumber('Count', 0)

/** The codec of each refusal, by its type. */
export const refusalCodecs = {
  NotPermitted: refusal('NotPermitted', { command: t.string }),
  PoolNotFound: refusal('PoolNotFound', { pool: PoolId }),
  PoolExists: refusal('PoolExists', { pool: PoolId }),
  PoolArchived: refusal('PoolArchived', { pool: PoolId }),
  PoolNotEmpty: refusal('PoolNotEmpty', { pool: PoolId, chargers: Count, members: Count }),
  PoolSuspended: refusal('PoolSuspended', { pool: PoolId, revision: Revision }),
  ChargerSuspended: refusal('ChargerSuspended', { charger: ChargerId, revision: Revision }),
  IdentitySuspended: refusal('IdentitySuspended', { identity: IdentityId, revision: Revision }),
  PartnersSuspended: refusal('PartnersSuspended', { revision: Revision }),
  StaleRevision: refusal('StaleRevision', { pool: PoolId, revision: Revision, changedAt: Revision }),
  CommandIdReused: refusal('CommandIdReused', { commandId: t.string }),
  LevelForbids: refusal('LevelForbids', { pool: PoolId, capability: Capability }),
  ControlNeedsVisible: refusal('ControlNeedsVisible', { pool: PoolId, partner: PartnerId }),
  UnknownPartner: refusal('UnknownPartner', { partner: PartnerId }),
  ChargerNotAllocated: refusal('ChargerNotAllocated', { charger: ChargerId }),
  ChargerOfOtherOrganization: refusal('ChargerOfOtherOrganization', {
    charger: ChargerId,
    organization: OrganizationId,
  }),
  ChargerInAnotherPool: refusal('ChargerInAnotherPool', { charger: ChargerId, pool: PoolId }),
  ChargerNotInPool: refusal('ChargerNotInPool', { charger: ChargerId }),
  IdentityOfOtherOrganization: refusal('IdentityOfOtherOrganization', {
    identity: IdentityId,
    organization: OrganizationId,
  }),
  IdentityNotRegistered: refusal('IdentityNotRegistered', { identity: IdentityId }),
  IdentityBlocked: refusal('IdentityBlocked', { identity: IdentityId }),
  NotAMember: refusal('NotAMember', { pool: PoolId, identity: IdentityId }),
  AlreadyAMember: refusal('AlreadyAMember', { pool: PoolId, identity: IdentityId }),
  NotAMobileUser: refusal('NotAMobileUser', { identity: IdentityId }),
  InvalidWindow: refusal('InvalidWindow', { identity: IdentityId, from: Instant, until: Instant }),
  RequestsNotOffered: refusal('RequestsNotOffered', { pool: PoolId }),
  RequestTooSoon: refusal('RequestTooSoon', { pool: PoolId, retryAfter: Instant }),
  RequestExists: refusal('RequestExists', { request: RequestId }),
  RequestNotFound: refusal('RequestNotFound', { request: RequestId }),
  RequestDecided: refusal('RequestDecided', { request: RequestId, as: RequestStatus }),
  RequestExpired: refusal('RequestExpired', { request: RequestId, expiresAt: Instant }),
  RequestStale: refusal('RequestStale', { request: RequestId, identity: IdentityId }),
  NotParked: refusal('NotParked', { stream: t.string, revision: Revision }),
} as const

type Codecs = typeof refusalCodecs
export type RefusalType = keyof Codecs
export type Refusal = { readonly [K in RefusalType]: t.TypeOf<Codecs[K]> }[RefusalType]
/** The refusal of one type. */
export type RefusalOf<T extends RefusalType> = Extract<Refusal, { readonly type: T }>

const isRefusalType = (type: unknown): type is RefusalType =>
  typeof type === 'string' && Object.hasOwn(refusalCodecs, type)

/** A refusal as a sentence: what was wrong, with which, and what to do where something can be done. */
export const describeRefusal = (r: Refusal): string => {
  switch (r.type) {
    case 'NotPermitted':
      return `This actor may not issue ${r.command} here.`
    case 'PoolNotFound':
      return `There is no pool ${r.pool}.`
    case 'PoolExists':
      return `There is a pool ${r.pool} already.`
    case 'PoolArchived':
      return `Pool ${r.pool} is archived: nothing about it changes any more.`
    case 'PoolNotEmpty':
      return `Pool ${r.pool} has ${r.chargers} chargers and ${r.members} members: archive it with force, or empty it first.`
    case 'PoolSuspended':
      return `Pool ${r.pool} is suspended: event ${r.revision} of its stream cannot be read. An operator mends or skips it.`
    case 'ChargerSuspended':
      return `Charger ${r.charger} is suspended: event ${r.revision} of its stream cannot be read. An operator mends or skips it.`
    case 'IdentitySuspended':
      return `Identity ${r.identity} is suspended: event ${r.revision} of its stream cannot be read. An operator mends or skips it.`
    case 'PartnersSuspended':
      return `The list of partners is suspended: event ${r.revision} of its stream cannot be read. An operator mends or skips it.`
    case 'StaleRevision':
      return `Pool ${r.pool} changed at revision ${r.changedAt}, after revision ${r.revision} that was looked at: look again.`
    case 'CommandIdReused':
      return `Command id ${r.commandId} was used for another command: take a new one.`
    case 'LevelForbids':
      return `The level of pool ${r.pool} does not allow ${r.capability}.`
    case 'ControlNeedsVisible':
      return `Partner ${r.partner} cannot control what it cannot see.`
    case 'UnknownPartner':
      return `There is no partner ${r.partner}: register it first.`
    case 'ChargerNotAllocated':
      return `Charger ${r.charger} is allocated to no host.`
    case 'ChargerOfOtherOrganization':
      return `Charger ${r.charger} belongs to organization ${r.organization}.`
    case 'ChargerInAnotherPool':
      return `Charger ${r.charger} is in pool ${r.pool}: remove it there first.`
    case 'ChargerNotInPool':
      return `Charger ${r.charger} is in no pool.`
    case 'IdentityOfOtherOrganization':
      return `Identity ${r.identity} belongs to organization ${r.organization}.`
    case 'IdentityNotRegistered':
      return `Identity ${r.identity} is not registered.`
    case 'IdentityBlocked':
      return `Identity ${r.identity} is blocked.`
    case 'NotAMember':
      return `${r.identity} is no member of pool ${r.pool}.`
    case 'AlreadyAMember':
      return `${r.identity} is a member of pool ${r.pool} already.`
    case 'NotAMobileUser':
      return `${r.identity} is no mobile user: only mobile users request access.`
    case 'InvalidWindow':
      return `The window of ${r.identity} ends at ${r.until}, not after it begins at ${r.from}.`
    case 'RequestsNotOffered':
      return `Pool ${r.pool} takes no requests.`
    case 'RequestTooSoon':
      return `A request was denied: the next one can be made from ${r.retryAfter}.`
    case 'RequestExists':
      return `There is a request ${r.request} already.`
    case 'RequestNotFound':
      return `There is no request ${r.request} in this pool.`
    case 'RequestDecided':
      return `Request ${r.request} was decided already: ${r.as}.`
    case 'RequestExpired':
      return `Request ${r.request} expired at ${r.expiresAt}.`
    case 'RequestStale':
      return `${r.identity} was deregistered since request ${r.request}: it must be asked anew.`
    case 'NotParked':
      return `Event ${r.revision} of stream ${r.stream} is not parked.`
  }
}

const decoderFor = (type: RefusalType): t.Decoder<unknown, Refusal> => refusalCodecs[type]

/** Any refusal, as it crosses a process's edge. */
export const Refusal: t.Type<Refusal> = new t.Type<Refusal>(
  'Refusal',
  (u): u is Refusal =>
    typeof u === 'object' &&
    u !== null &&
    'type' in u &&
    isRefusalType(u.type) &&
    refusalCodecs[u.type].is(u),
  (u, c) => {
    const type = typeof u === 'object' && u !== null && 'type' in u ? u.type : undefined
    return isRefusalType(type) ? decoderFor(type).validate(u, c) : t.failure(u, c, 'must be a refusal')
  },
  t.identity,
)
