/** Commands on chargers, identities and partners, carried out in a small world. */
import { type Either, isLeft, right } from 'fp-ts/Either'
import { authorize, type Concerned } from '../../domain/authorization'
import { decideCharger } from '../../domain/charger'
import { type CommandMemory, recall } from '../../domain/event/command-memory'
import type { Command } from '../../domain/commands'
import { decideIdentity } from '../../domain/identity'
import { decidePartner } from '../../domain/partner'
import type { Refusal } from '../../domain/refusals'
import type { UpstreamDecision } from '../../domain/source-version'
import { type Answer, done, type Issue, refused, unreadable, type WorldState } from './state'
import type { WorldStream } from './stream'

type Named<N extends Command['type']> = Extract<Command, { readonly type: N }>

/** Authorization, the command's id, then the rules. */
const upstream = <
  S extends { readonly commands: CommandMemory },
  E extends { readonly type: string; readonly data: object },
>(
  { actor, cause }: Issue,
  name: Command['type'],
  concerned: Concerned,
  stream: WorldStream<S, E>,
  decide: () => Either<Refusal, UpstreamDecision<E>>,
): Answer => {
  const authorized = authorize(name, actor, concerned)
  if (isLeft(authorized)) return refused(authorized.left)
  const suspended = unreadable(stream)
  if (suspended !== undefined) return refused(suspended)
  const { state } = stream
  const recalled =
    state === undefined ? undefined : recall(state.commands, cause.commandId, cause.commandHash)
  if (recalled?.type === 'Reused') return refused({ type: 'CommandIdReused', commandId: cause.commandId })
  if (recalled?.type === 'Repeated') return done([], { repeated: true })
  const decided = decide()
  if (isLeft(decided)) return refused(decided.left)
  const { events, warnings } = decided.right
  return done(stream.write(events, cause), { warnings })
}

export const issueToCharger = (
  world: WorldState,
  command: Named<'AllocateCharger' | 'DeallocateCharger'>,
  issue: Issue,
): Answer => {
  const stream = world.charger(command.data.charger)
  return upstream(issue, command.type, {}, stream, () => right(decideCharger(stream.state, command)))
}

export const issueToIdentity = (
  world: WorldState,
  command: Named<'RegisterIdentity' | 'BlockIdentity' | 'UnblockIdentity' | 'DeregisterIdentity'>,
  issue: Issue,
): Answer => {
  const { identity } = command.data
  const stream = world.identity(identity)
  const organization =
    command.type === 'RegisterIdentity' ? command.data.organization : stream.state?.organization
  return upstream(issue, command.type, { identity, organization }, stream, () =>
    decideIdentity(stream.state, command),
  )
}

export const registerPartner = (
  { partners }: WorldState,
  { data }: Named<'RegisterPartner'>,
  { actor, cause }: Issue,
): Answer => {
  const authorized = authorize('RegisterPartner', actor, {})
  if (isLeft(authorized)) return refused(authorized.left)
  const suspended = unreadable(partners)
  return suspended !== undefined
    ? refused(suspended)
    : done(partners.write(decidePartner(partners.state, data.partner), cause))
}

/** Nothing is ever parked in a small world, so there is nothing to skip. */
export const skipEvent = ({ data }: Named<'SkipEvent'>, { actor }: Issue): Answer => {
  const authorized = authorize('SkipEvent', actor, {})
  return refused(
    isLeft(authorized)
      ? authorized.left
      : { type: 'NotParked', stream: data.stream, revision: data.revision },
  )
}
