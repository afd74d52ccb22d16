/** The commands as a library: one method a command, and one that takes any. */
import type { Either } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { CommandName } from '../domain/authorization'
import type { Command, CommandData } from '../domain/commands'
import { type Runtime, systemRuntime } from '../domain/runtime'
import type { EventStore } from '../store/event-store'
import { addChargers } from './add-chargers'
import { type By, issue } from './by'
import type { CommandError } from './writing/command-error'
import type { Done } from './done'
import type { Writing } from './writing/handle'
import { poolCommand } from './pool-commands'
import { PoolQueue } from './writing/pool-queue'
import { removeChargers } from './remove-chargers'
import { skipEvent } from './skip-event'
import { StreamCache } from './writing/stream-cache'
import { chargerCommand, identityCommand, registerPartner } from './upstream-commands'

export interface AccessPoolsOptions {
  readonly store: EventStore
  readonly runtime?: Runtime
  /** How much of folded streams is kept: about one for each charger, member and request of a pool. Default 1,000,000. */
  readonly cacheWeight?: number
}

/** The data of each command, under its method's name. */
export type Methods = {
  readonly [K in CommandName as Uncapitalize<K>]: (
    data: CommandData<K>,
    by: By,
  ) => TaskEither<CommandError, Done>
}

export interface AccessPools extends Methods {
  /** Carries out any command. Refused ones change nothing; repeated ones (the same command id) are done once. */
  readonly execute: (command: Command, by: By) => TaskEither<CommandError, Done>
}

const DEFAULT_CACHE_WEIGHT = 1_000_000

const carryOut = (writing: Writing, command: Command, given: By): Promise<Either<CommandError, Done>> => {
  const issued = issue(writing.runtime, command, given)
  switch (command.type) {
    case 'AddChargers':
      return addChargers(writing, command.data, issued)
    case 'RemoveChargers':
      return removeChargers(writing, command.data, issued)
    case 'AllocateCharger':
    case 'DeallocateCharger':
      return chargerCommand(writing, command, issued)
    case 'RegisterIdentity':
    case 'BlockIdentity':
    case 'UnblockIdentity':
    case 'DeregisterIdentity':
      return identityCommand(writing, command, issued)
    case 'RegisterPartner':
      return registerPartner(writing, command.data.partner, issued)
    case 'SkipEvent':
      return skipEvent(writing, command.data, issued)
    default:
      return poolCommand(writing, command, issued)
  }
}

/** What the flows of commands run in, over a store. */
export const writingOn = ({
  store,
  runtime = systemRuntime,
  cacheWeight = DEFAULT_CACHE_WEIGHT,
}: AccessPoolsOptions): Writing => ({
  store,
  runtime,
  cache: new StreamCache(store, cacheWeight),
  queue: new PoolQueue(),
})

/** The methods, each of which issues its command by `execute`. */
export const withMethods = (execute: AccessPools['execute']): AccessPools => ({
  execute,
  createPool: (data, given) => execute({ type: 'CreatePool', data }, given),
  editPool: (data, given) => execute({ type: 'EditPool', data }, given),
  renamePool: (data, given) => execute({ type: 'RenamePool', data }, given),
  changeAccessLevel: (data, given) => execute({ type: 'ChangeAccessLevel', data }, given),
  setHidden: (data, given) => execute({ type: 'SetHidden', data }, given),
  setFreeVend: (data, given) => execute({ type: 'SetFreeVend', data }, given),
  setMemberRate: (data, given) => execute({ type: 'SetMemberRate', data }, given),
  configureRequests: (data, given) => execute({ type: 'ConfigureRequests', data }, given),
  setPartnerAccess: (data, given) => execute({ type: 'SetPartnerAccess', data }, given),
  archivePool: (data, given) => execute({ type: 'ArchivePool', data }, given),
  addChargers: (data, given) => execute({ type: 'AddChargers', data }, given),
  removeChargers: (data, given) => execute({ type: 'RemoveChargers', data }, given),
  allocateCharger: (data, given) => execute({ type: 'AllocateCharger', data }, given),
  deallocateCharger: (data, given) => execute({ type: 'DeallocateCharger', data }, given),
  registerIdentity: (data, given) => execute({ type: 'RegisterIdentity', data }, given),
  blockIdentity: (data, given) => execute({ type: 'BlockIdentity', data }, given),
  unblockIdentity: (data, given) => execute({ type: 'UnblockIdentity', data }, given),
  deregisterIdentity: (data, given) => execute({ type: 'DeregisterIdentity', data }, given),
  addIdentities: (data, given) => execute({ type: 'AddIdentities', data }, given),
  removeIdentities: (data, given) => execute({ type: 'RemoveIdentities', data }, given),
  changeMembership: (data, given) => execute({ type: 'ChangeMembership', data }, given),
  requestAccess: (data, given) => execute({ type: 'RequestAccess', data }, given),
  withdrawRequest: (data, given) => execute({ type: 'WithdrawRequest', data }, given),
  approveRequest: (data, given) => execute({ type: 'ApproveRequest', data }, given),
  denyRequest: (data, given) => execute({ type: 'DenyRequest', data }, given),
  closeExpiredRequests: (data, given) => execute({ type: 'CloseExpiredRequests', data }, given),
  registerPartner: (data, given) => execute({ type: 'RegisterPartner', data }, given),
  skipEvent: (data, given) => execute({ type: 'SkipEvent', data }, given),
})

/** The commands over a store. Each is a `TaskEither`: nothing happens before it is called. */
export const accessPools = (options: AccessPoolsOptions): AccessPools => {
  const writing = writingOn(options)
  const execute: AccessPools['execute'] = (command, given) => () => carryOut(writing, command, given)
  return withMethods(execute)
}
