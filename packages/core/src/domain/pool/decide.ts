/** Decides a pool's commands: authorization, repeat, `ifRevision`, then the rules of its chapter. */
import { isLeft, left, right } from 'fp-ts/Either'
import type { Either } from 'fp-ts/Either'
import { authorize, type Concerned } from '../authorization'
import { DEFAULT_LEVEL } from '../capabilities'
import { recall } from '../event/command-memory'
import { decided, type Decision, type Item, type Repeated } from '../decision'
import type { IdentityId } from '../language/ids'
import type { Refusal } from '../refusals'
import type { PoolCommand } from './commands'
import { archivedSettings } from './consequences'
import type { PoolContext, PoolOutcome } from './context'
import { isOfMembers, type PoolEvent } from './events'
import { addIdentities, changeMembership, presentMembers, removeIdentities } from './members'
import {
  approveRequest,
  closeExpiredRequests,
  denyRequest,
  requestAccess,
  requestIdFor,
  withdrawRequest,
} from './requests'
import { decideSettings } from './settings'
import { pendingRequest, type PoolSettings, type PoolState } from './state'
import { broughtAbout } from './warnings'

/** The commands that concern one pool's stream alone; adding and removing chargers are flows over two streams. */
export type PoolStreamCommand = Exclude<PoolCommand, { readonly type: 'AddChargers' | 'RemoveChargers' }>

const concernedBy = (state: PoolState | undefined, { type, data }: PoolCommand): Concerned => {
  if (type === 'CreatePool') return { organization: data.organization }
  const organization = state?.settings.organization
  if (type === 'RequestAccess') return { organization, identity: data.identity }
  return type === 'WithdrawRequest'
    ? { organization, identity: state?.requests.get(data.request)?.identity }
    : { organization }
}

/** The checks that come before every rule, in their order; answers the pool, or that the command was here before. */
export const admit = (
  state: PoolState | undefined,
  command: PoolCommand,
  { pool, actor, commandId, commandHash, ifRevision }: PoolContext,
): Either<
  Refusal,
  { readonly state: PoolState } | { readonly repeated: Omit<Repeated, 'items' | 'value'> }
> => {
  const authorized = authorize(command.type, actor, concernedBy(state, command))
  if (isLeft(authorized)) return authorized
  if (state === undefined) return left({ type: 'PoolNotFound', pool })
  const recalled = recall(state.commands, commandId, commandHash)
  if (recalled.type === 'Reused') return left({ type: 'CommandIdReused', commandId })
  if (recalled.type === 'Repeated') return right({ repeated: { type: 'Repeated', first: recalled.first } })
  if (ifRevision !== undefined && ifRevision < state.changedAt)
    return left({ type: 'StaleRevision', pool, revision: ifRevision, changedAt: state.changedAt })
  return state.settings.archived && command.type !== 'ArchivePool'
    ? left({ type: 'PoolArchived', pool })
    : right({ state })
}

const createPool = (
  state: PoolState | undefined,
  command: Extract<PoolCommand, { type: 'CreatePool' }>,
  context: PoolContext,
): Either<Refusal, Decision<PoolEvent> | Repeated> => {
  const { pool, actor, commandId, commandHash } = context
  const authorized = authorize('CreatePool', actor, concernedBy(state, command))
  if (isLeft(authorized)) return authorized
  const recalled = state === undefined ? undefined : recall(state.commands, commandId, commandHash)
  if (recalled?.type === 'Reused') return left({ type: 'CommandIdReused', commandId })
  if (recalled?.type === 'Repeated')
    return right({ type: 'Repeated', first: recalled.first, value: { pool } })
  if (state !== undefined) return left({ type: 'PoolExists', pool })
  const { organization, name, level = DEFAULT_LEVEL } = command.data
  return right(
    decided<PoolEvent>([{ type: 'PoolCreated', data: { organization, name, level } }], { value: { pool } }),
  )
}

const archivePool = (state: PoolState, force: boolean, { pool }: PoolContext): PoolOutcome => {
  if (state.settings.archived) return right(decided([]))
  const chargers = state.chargers.size
  const members = state.members.size
  return chargers + members > 0 && !force
    ? left({ type: 'PoolNotEmpty', pool, chargers, members })
    : right(decided<PoolEvent>([{ type: 'PoolArchived', data: {} }]))
}

/** Settings and number of members after a decision, for its warnings. */
const judgedAfter = (
  state: PoolState,
  settings: PoolSettings,
  events: readonly PoolEvent[],
): { settings: PoolSettings; members: number } => {
  const present = new Map<IdentityId, boolean>()
  for (const event of events)
    if (isOfMembers(event)) present.set(event.data.identity, event.type !== 'IdentityRemoved')
  let members = state.members.size
  for (const [identity, is] of present) members += Number(is) - Number(state.members.has(identity))
  return { settings, members }
}

const warned = (state: PoolState, outcome: PoolOutcome, after: PoolSettings): PoolOutcome => {
  if (isLeft(outcome) || outcome.right.events.length === 0) return outcome
  const before = { settings: state.settings, members: state.members.size }
  const brought = broughtAbout(before, judgedAfter(state, after, outcome.right.events))
  return right({ ...outcome.right, warnings: [...outcome.right.warnings, ...brought] })
}

const byChapter = (
  state: PoolState,
  command: Exclude<PoolStreamCommand, { type: 'CreatePool' }>,
  context: PoolContext,
): PoolOutcome => {
  const { settings } = state
  switch (command.type) {
    case 'ArchivePool':
      return warned(
        state,
        archivePool(state, command.data.force ?? false, context),
        archivedSettings(settings),
      )
    case 'AddIdentities':
      return warned(state, addIdentities(state, command.data, context), settings)
    case 'RemoveIdentities':
      return warned(state, removeIdentities(state, command.data), settings)
    case 'ChangeMembership':
      return changeMembership(state, command.data, context)
    case 'RequestAccess':
      return requestAccess(state, command.data, context)
    case 'WithdrawRequest':
      return withdrawRequest(state, command.data)
    case 'ApproveRequest':
      return warned(state, approveRequest(state, command.data, context), settings)
    case 'DenyRequest':
      return denyRequest(state, command.data, context)
    case 'CloseExpiredRequests':
      return closeExpiredRequests(state, context)
    default: {
      const decision = decideSettings(settings, command, context.facts.partners)
      return isLeft(decision)
        ? decision
        : warned(state, right(decided(decision.right.events)), decision.right.after)
    }
  }
}

/** Where things stand for a command that was here before. */
const present = (
  state: PoolState | undefined,
  command: PoolStreamCommand,
  commandId: string,
): Pick<Repeated, 'items' | 'value'> => {
  if (state === undefined) return {}
  const items = (of: readonly Item[]): Pick<Repeated, 'items'> => ({ items: of })
  switch (command.type) {
    case 'AddIdentities':
      return items(
        presentMembers(
          state,
          command.data.identities.map(({ identity }) => identity),
        ),
      )
    case 'RemoveIdentities':
      return items(presentMembers(state, command.data.identities))
    case 'RequestAccess': {
      const made = command.data.request ?? requestIdFor(commandId)
      const request = state.requests.has(made) ? made : pendingRequest(state, command.data.identity)?.request
      return request === undefined ? {} : { value: { request } }
    }
    default:
      return {}
  }
}

/** Decides a command that concerns a pool's stream alone. Total: whatever is given, it answers. */
export const decidePool = (
  state: PoolState | undefined,
  command: PoolStreamCommand,
  context: PoolContext,
): Either<Refusal, Decision<PoolEvent> | Repeated> => {
  if (command.type === 'CreatePool') return createPool(state, command, context)
  const admitted = admit(state, command, context)
  if (isLeft(admitted)) return admitted
  return 'repeated' in admitted.right
    ? right({ ...admitted.right.repeated, ...present(state, command, context.commandId) })
    : byChapter(admitted.right.state, command, context)
}
