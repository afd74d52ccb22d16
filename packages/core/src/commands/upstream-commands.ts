/** Commands of chargers, identities and partners: what upstream systems tell, each on one stream. */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import { authorize, type CommandName, type Concerned } from '../domain/authorization'
import { type ChargerCommand, decideCharger } from '../domain/charger'
import { type CommandMemory, recall } from '../domain/event/command-memory'
import { decided } from '../domain/decision'
import { decideIdentity, type IdentityCommand, type IdentityState } from '../domain/identity'
import type { PartnerId } from '../domain/language/ids'
import { decidePartner } from '../domain/partner'
import type { Refusal } from '../domain/refusals'
import type { UpstreamDecision } from '../domain/source-version'
import { chargerStream, identityStream, PARTNERS_STREAM } from '../domain/event/streams'
import type { Issued } from './by'
import type { CommandError } from './writing/command-error'
import { type Done, doneOf } from './done'
import { handle, nothingToGather, type Outcome, type Writing } from './writing/handle'
import { chargerStreams, identityStreams, partnerStreams } from './writing/written-streams'

type Answer = Promise<Either<CommandError, Done>>

const NO_COMMANDS: CommandMemory = new Map()

/** Authorization, then repeat, then the rules. */
const admitted = <E>(
  name: CommandName,
  concerned: Concerned,
  memory: CommandMemory | undefined,
  { cause }: Issued,
  decide: () => Either<Refusal, UpstreamDecision<E>>,
): Outcome<E> => {
  const authorized = authorize(name, cause.actor, concerned)
  if (isLeft(authorized)) return authorized
  const recalled = recall(memory ?? NO_COMMANDS, cause.commandId, cause.commandHash)
  if (recalled.type === 'Reused') return left({ type: 'CommandIdReused', commandId: cause.commandId })
  if (recalled.type === 'Repeated') return right({ type: 'Repeated', first: recalled.first })
  const decision = decide()
  return isLeft(decision)
    ? decision
    : right(decided(decision.right.events, { warnings: decision.right.warnings }))
}

/** Carries out a charger's command. */
export const chargerCommand = async (writing: Writing, command: ChargerCommand, issued: Issued): Answer => {
  const handled = await handle(writing, {
    aggregate: chargerStreams,
    stream: chargerStream(command.data.charger),
    cause: issued.cause,
    gather: nothingToGather,
    decide: (state) =>
      admitted(command.type, {}, state?.commands, issued, () => right(decideCharger(state, command))),
  })
  return isLeft(handled) ? handled : right(doneOf(handled.right))
}

/** Whose the card is: as it stands registered, else as the command says. A card of nobody is anybody's to register. */
const concernedBy = (state: IdentityState | undefined, { type, data }: IdentityCommand): Concerned => {
  if (type === 'RegisterIdentity') return { identity: data.identity, organization: data.organization }
  return { identity: data.identity, organization: state?.organization }
}

/** Carries out an identity's command. */
export const identityCommand = async (writing: Writing, command: IdentityCommand, issued: Issued): Answer => {
  const handled = await handle(writing, {
    aggregate: identityStreams,
    stream: identityStream(command.data.identity),
    cause: issued.cause,
    gather: nothingToGather,
    decide: (state) =>
      admitted(command.type, concernedBy(state, command), state?.commands, issued, () =>
        decideIdentity(state, command),
      ),
  })
  return isLeft(handled) ? handled : right(doneOf(handled.right))
}

/** Registers a partner. */
export const registerPartner = async (writing: Writing, partner: PartnerId, issued: Issued): Answer => {
  const handled = await handle(writing, {
    aggregate: partnerStreams,
    stream: PARTNERS_STREAM,
    cause: issued.cause,
    gather: nothingToGather,
    decide: (state) => {
      const authorized = authorize('RegisterPartner', issued.cause.actor, {})
      return isLeft(authorized) ? authorized : right(decided(decidePartner(state, partner)))
    },
  })
  return isLeft(handled) ? handled : right(doneOf(handled.right))
}
