/** What may be asked of a pool: the codecs of its commands, which are the shape of the library's methods too. */
import * as t from 'io-ts'
import { AccessLevel } from '../capabilities'
import {
  ChargerId,
  EmailAddress,
  IdentityId,
  Label,
  OrganizationId,
  PartnerId,
  PoolId,
  RateName,
  RequestId,
} from '../ids'
import { closedStruct, mapOf, wholeNumber } from '../struct'
import { Instant } from '../window'

const pool = { pool: PoolId }
const some = <A>(of: t.Type<A>): t.Type<readonly A[]> => t.readonlyArray(of)

/** What of the request settings is to change; the rest stays. */
const requestChanges = {
  notify: some(EmailAddress),
  expiresAfterDays: wholeNumber('Days', 1, 366),
  waitAfterDenialHours: wholeNumber('Hours', 0, 8784),
}
export const RequestChanges = closedStruct('RequestChanges', { enabled: t.boolean }, requestChanges)
export type RequestChanges = t.TypeOf<typeof RequestChanges>

export const PartnerChange = closedStruct('PartnerAccess', { visible: t.boolean, control: t.boolean })
export type PartnerChange = t.TypeOf<typeof PartnerChange>

const NewMember = closedStruct('NewMember', { identity: IdentityId }, { from: Instant, until: Instant })
/** An identity to add, with the window of its membership. */
export type NewMember = t.TypeOf<typeof NewMember>

/** An identity alone, or with its window. */
const MemberToAdd: t.Type<NewMember> = new t.Type<NewMember>(
  'MemberToAdd',
  NewMember.is,
  (u, c) => NewMember.validate(typeof u === 'string' ? { identity: u } : u, c),
  t.identity,
)

const nullable = t.union([Instant, t.null])

/** The data of each command of a pool, by the command's name. */
export const poolCommands = {
  CreatePool: closedStruct(
    'CreatePool',
    { organization: OrganizationId, name: Label },
    { pool: PoolId, level: AccessLevel },
  ),
  EditPool: closedStruct('EditPool', pool, {
    name: Label,
    level: AccessLevel,
    hidden: t.boolean,
    freeVend: t.boolean,
    memberRate: RateName,
    requests: RequestChanges,
    partners: mapOf('Partners', PartnerId, PartnerChange),
  }),
  RenamePool: closedStruct('RenamePool', { ...pool, name: Label }),
  ChangeAccessLevel: closedStruct('ChangeAccessLevel', { ...pool, level: AccessLevel }),
  SetHidden: closedStruct('SetHidden', { ...pool, hidden: t.boolean }),
  SetFreeVend: closedStruct('SetFreeVend', { ...pool, freeVend: t.boolean }),
  SetMemberRate: closedStruct('SetMemberRate', { ...pool, memberRate: RateName }),
  ConfigureRequests: closedStruct('ConfigureRequests', { ...pool, enabled: t.boolean }, requestChanges),
  SetPartnerAccess: closedStruct('SetPartnerAccess', {
    ...pool,
    partner: PartnerId,
    visible: t.boolean,
    control: t.boolean,
  }),
  ArchivePool: closedStruct('ArchivePool', pool, { force: t.boolean }),
  AddChargers: closedStruct('AddChargers', { ...pool, chargers: some(ChargerId) }),
  RemoveChargers: closedStruct('RemoveChargers', { ...pool, chargers: some(ChargerId) }),
  AddIdentities: closedStruct('AddIdentities', { ...pool, identities: some(MemberToAdd) }),
  RemoveIdentities: closedStruct('RemoveIdentities', { ...pool, identities: some(IdentityId) }),
  /** An absent end of the window stays as it is, null opens it. */
  ChangeMembership: closedStruct(
    'ChangeMembership',
    { ...pool, identity: IdentityId },
    { from: nullable, until: nullable },
  ),
  RequestAccess: closedStruct(
    'RequestAccess',
    { identity: IdentityId, charger: ChargerId },
    { request: RequestId },
  ),
  WithdrawRequest: closedStruct('WithdrawRequest', { ...pool, request: RequestId }),
  ApproveRequest: closedStruct('ApproveRequest', { ...pool, request: RequestId }),
  DenyRequest: closedStruct('DenyRequest', { ...pool, request: RequestId }),
  CloseExpiredRequests: closedStruct('CloseExpiredRequests', pool),
} as const

type Table = typeof poolCommands
export type PoolCommandName = keyof Table
/** A pool's command: its name under `type`, its data under `data`. */
export type PoolCommand = {
  readonly [K in PoolCommandName]: { readonly type: K; readonly data: t.TypeOf<Table[K]> }
}[PoolCommandName]
/** The data of one of them. */
export type PoolCommandData<K extends PoolCommandName> = t.TypeOf<Table[K]>
