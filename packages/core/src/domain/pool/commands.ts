/** What may be asked of a pool: the codecs of its commands, which are the shape of the library's methods too. */
import { isLeft } from 'fp-ts/Either'
import * as t from 'io-ts'
import { AccessLevel } from '../capabilities'
import {
  ChargerId,
  EmailAddress,
  IdentityId,
  Label,
  Note,
  OrganizationId,
  PartnerId,
  PoolId,
  RateName,
  RequestId,
} from '../language/ids'
import { closedStruct, recordOf, wholeNumber } from '../language/struct'
import { Instant } from '../language/window'

const pool = { pool: PoolId }

/** A command's data: its own fields, and why it was given. */
const command = <R extends t.Props, O extends t.Props = Record<never, never>>(
  name: string,
  required: R,
  optional?: O,
) => closedStruct(name, required, { ...(optional ?? ({} as O)), note: Note })

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

/** An instant, or null for none; one that is wrong is named once, not once for each of the two. */
const nullable = new t.Type<Instant | null>(
  'InstantOrNull',
  (u): u is Instant | null => u === null || Instant.is(u),
  (u, c) => {
    if (u === null) return t.success(null)
    const instant = Instant.validate(u, c)
    return isLeft(instant)
      ? t.failure(u, c, `${instant.left[0]?.message ?? 'must be an instant'}, or null`)
      : instant
  },
  t.identity,
)

/** The data of each command of a pool, by the command's name. */
export const poolCommands = {
  CreatePool: command(
    'CreatePool',
    { organization: OrganizationId, name: Label },
    { pool: PoolId, level: AccessLevel },
  ),
  EditPool: command('EditPool', pool, {
    name: Label,
    level: AccessLevel,
    hidden: t.boolean,
    freeVend: t.boolean,
    memberRate: RateName,
    requests: RequestChanges,
    partners: recordOf('Partners', PartnerId, PartnerChange),
  }),
  RenamePool: command('RenamePool', { ...pool, name: Label }),
  ChangeAccessLevel: command('ChangeAccessLevel', { ...pool, level: AccessLevel }),
  SetHidden: command('SetHidden', { ...pool, hidden: t.boolean }),
  SetFreeVend: command('SetFreeVend', { ...pool, freeVend: t.boolean }),
  SetMemberRate: command('SetMemberRate', { ...pool, memberRate: RateName }),
  ConfigureRequests: command('ConfigureRequests', { ...pool, enabled: t.boolean }, requestChanges),
  SetPartnerAccess: command('SetPartnerAccess', {
    ...pool,
    partner: PartnerId,
    visible: t.boolean,
    control: t.boolean,
  }),
  ArchivePool: command('ArchivePool', pool, { force: t.boolean }),
  AddChargers: command('AddChargers', { ...pool, chargers: some(ChargerId) }),
  RemoveChargers: command('RemoveChargers', { ...pool, chargers: some(ChargerId) }),
  AddIdentities: command('AddIdentities', { ...pool, identities: some(MemberToAdd) }),
  RemoveIdentities: command('RemoveIdentities', { ...pool, identities: some(IdentityId) }),
  /** An absent end of the window stays as it is, null opens it. */
  ChangeMembership: command(
    'ChangeMembership',
    { ...pool, identity: IdentityId },
    { from: nullable, until: nullable },
  ),
  RequestAccess: command(
    'RequestAccess',
    { identity: IdentityId, charger: ChargerId },
    { request: RequestId },
  ),
  WithdrawRequest: command('WithdrawRequest', { ...pool, request: RequestId }),
  ApproveRequest: command('ApproveRequest', { ...pool, request: RequestId }),
  DenyRequest: command('DenyRequest', { ...pool, request: RequestId }),
  CloseExpiredRequests: command('CloseExpiredRequests', pool),
} as const

type Table = typeof poolCommands
export type PoolCommandName = keyof Table
/** A pool's command: its name under `type`, its data under `data`. */
export type PoolCommand = {
  readonly [K in PoolCommandName]: { readonly type: K; readonly data: t.TypeOf<Table[K]> }
}[PoolCommandName]
/** The data of one of them. */
export type PoolCommandData<K extends PoolCommandName> = t.TypeOf<Table[K]>
