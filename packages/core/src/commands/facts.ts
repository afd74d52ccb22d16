/** What a pool's decision needs to know of other streams, each read to its tail. */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import type { Cause } from '../domain/event/envelope'
import type { IdentityState } from '../domain/identity'
import type { IdentityId } from '../domain/language/ids'
import { knownPartners } from '../domain/partner'
import { type Facts, NO_FACTS } from '../domain/pool/context'
import type { PoolStreamCommand } from '../domain/pool/decide'
import type { PoolState } from '../domain/pool/state'
import { identityStream, PARTNERS_STREAM } from '../domain/event/streams'
import { type CommandError, fromStore } from './writing/command-error'
import { concurrently } from './writing/concurrently'
import type { Writing } from './writing/handle'
import { identityStreams, partnerStreams } from './writing/written-streams'

/** How many identities of one command are read at a time. */
const AT_ONCE = 64

const readIdentities = async (
  { cache }: Writing,
  identities: readonly IdentityId[],
  { commandId }: Cause,
): Promise<Either<CommandError, Facts>> => {
  const read = await concurrently(AT_ONCE, [...new Set(identities)], async (identity) => ({
    identity,
    folded: await cache.toTail(identityStreams, identityStream(identity))(),
  }))
  const states = new Map<IdentityId, IdentityState | undefined>()
  const suspendedIdentities = new Map<IdentityId, number>()
  for (const { identity, folded } of read) {
    if (isLeft(folded)) return left(fromStore(folded.left, commandId))
    const { state, suspended } = folded.right
    states.set(identity, state)
    if (suspended !== undefined) suspendedIdentities.set(identity, suspended.revision)
  }
  return right({ ...NO_FACTS, identities: states, suspendedIdentities })
}

const readPartners = async (
  { cache }: Writing,
  { commandId }: Cause,
): Promise<Either<CommandError, Facts>> => {
  const folded = await cache.toTail(partnerStreams, PARTNERS_STREAM)()
  if (isLeft(folded)) return left(fromStore(folded.left, commandId))
  const { state, suspended } = folded.right
  return suspended === undefined
    ? right({ ...NO_FACTS, partners: knownPartners(state) })
    : left({ type: 'Refused', refusal: partnerStreams.suspended(PARTNERS_STREAM, suspended) })
}

/** Reads what a command's decision will ask for. */
export const gatherFacts = (
  writing: Writing,
  command: PoolStreamCommand,
  state: PoolState | undefined,
  cause: Cause,
): Promise<Either<CommandError, Facts>> => {
  switch (command.type) {
    case 'AddIdentities':
      return readIdentities(
        writing,
        command.data.identities.map(({ identity }) => identity),
        cause,
      )
    case 'ChangeMembership':
    case 'RequestAccess':
      return readIdentities(writing, [command.data.identity], cause)
    case 'ApproveRequest': {
      const identity = state?.requests.get(command.data.request)?.identity
      return readIdentities(writing, identity === undefined ? [] : [identity], cause)
    }
    case 'SetPartnerAccess':
      return readPartners(writing, cause)
    case 'EditPool':
      return command.data.partners === undefined
        ? Promise.resolve(right(NO_FACTS))
        : readPartners(writing, cause)
    default:
      return Promise.resolve(right(NO_FACTS))
  }
}
