/** Who may issue which command: a row a command, judged before everything else. An operator may all but a driver's own. */
import { type Either, left, right } from 'fp-ts/Either'
import type { Actor } from './language/actor'
import { type IdentityId, kindOf, type OrganizationId } from './language/ids'
import type { RefusalOf } from './refusals'

/** Who beside the operators: administrators of the organization concerned, upstream and own systems, the driver itself. */
interface Row {
  readonly operator: boolean
  /** Of the organization concerned; `cards`: and for cards only. */
  readonly administrator: 'no' | 'yes' | 'cards'
  readonly system: boolean
  readonly driver: boolean
}

const OPERATOR: Row = { operator: true, administrator: 'no', system: false, driver: false }
const ADMINISTRATOR: Row = { ...OPERATOR, administrator: 'yes' }
const SYSTEM: Row = { ...OPERATOR, system: true }
const ADMINISTRATOR_OR_SYSTEM: Row = { ...ADMINISTRATOR, system: true }
const CARDS: Row = { ...SYSTEM, administrator: 'cards' }
const DRIVER_ITSELF: Row = { operator: false, administrator: 'no', system: false, driver: true }

export const permissions = {
  CreatePool: ADMINISTRATOR,
  EditPool: ADMINISTRATOR,
  RenamePool: ADMINISTRATOR,
  ChangeAccessLevel: ADMINISTRATOR,
  SetHidden: ADMINISTRATOR,
  SetFreeVend: ADMINISTRATOR,
  SetMemberRate: ADMINISTRATOR,
  ConfigureRequests: ADMINISTRATOR,
  SetPartnerAccess: ADMINISTRATOR,
  ArchivePool: ADMINISTRATOR,
  AddChargers: ADMINISTRATOR_OR_SYSTEM,
  RemoveChargers: ADMINISTRATOR_OR_SYSTEM,
  AllocateCharger: SYSTEM,
  DeallocateCharger: SYSTEM,
  RegisterIdentity: CARDS,
  BlockIdentity: CARDS,
  UnblockIdentity: CARDS,
  DeregisterIdentity: CARDS,
  AddIdentities: ADMINISTRATOR_OR_SYSTEM,
  RemoveIdentities: ADMINISTRATOR_OR_SYSTEM,
  ChangeMembership: ADMINISTRATOR_OR_SYSTEM,
  RequestAccess: DRIVER_ITSELF,
  WithdrawRequest: DRIVER_ITSELF,
  ApproveRequest: ADMINISTRATOR,
  DenyRequest: ADMINISTRATOR,
  CloseExpiredRequests: SYSTEM,
  RegisterPartner: OPERATOR,
  SkipEvent: OPERATOR,
} as const satisfies Readonly<Record<string, Row>>

export type CommandName = keyof typeof permissions

/** Whom a command concerns, as far as it is known. */
export interface Concerned {
  readonly organization?: OrganizationId | undefined
  readonly identity?: IdentityId | undefined
}

const may = (command: CommandName, actor: Actor, { organization, identity }: Concerned): boolean => {
  const allowed: Row = permissions[command]
  switch (actor.type) {
    case 'Operator':
      return allowed.operator
    case 'System':
      return allowed.system
    case 'Driver':
      return allowed.driver && (identity === undefined || identity === actor.identity)
    case 'Administrator': {
      if (organization !== undefined && organization !== actor.organization) return false
      if (allowed.administrator !== 'cards') return allowed.administrator === 'yes'
      return identity !== undefined && kindOf(identity) === 'Rfid'
    }
  }
}

/**
 * Judges actor and command. What is not known of those concerned (there is no such pool) is not held against the
 * actor: the rules that come after answer that.
 */
export const authorize = (
  command: CommandName,
  actor: Actor,
  concerned: Concerned,
): Either<RefusalOf<'NotPermitted'>, void> =>
  may(command, actor, concerned) ? right(undefined) : left({ type: 'NotPermitted', command })

/** Whether an actor may see what belongs to an organization or to an identity. */
export const maySee = (actor: Actor, { organization, identity }: Concerned): boolean => {
  switch (actor.type) {
    case 'Operator':
    case 'System':
      return true
    case 'Administrator':
      return organization === actor.organization
    case 'Driver':
      return identity === actor.identity
  }
}
