/** Requests that expired are closed, for history's sake: they count no more since they did. */
import type { Either } from 'fp-ts/Either'
import type { CommandError } from '../commands/writing/command-error'
import type { Done } from '../commands/done'
import type { Writing } from '../commands/writing/handle'
import { poolCommand } from '../commands/pool-commands'
import { type Cause, hashOf } from '../domain/event/envelope'
import type { PoolId } from '../domain/language/ids'
import type { PoolStreamCommand } from '../domain/pool/decide'

/**
 * Closes what has expired in one pool, at most 150 requests a command. The cause is the oldest request that is to be
 * closed, so that the next 150 are another command.
 */
export const closeExpiredRequests = (
  writing: Writing,
  pool: PoolId,
  cause: Cause,
): Promise<Either<CommandError, Done>> => {
  const command: PoolStreamCommand = { type: 'CloseExpiredRequests', data: { pool } }
  return poolCommand(writing, command, {
    by: { actor: cause.actor },
    cause: { ...cause, commandHash: hashOf(command) },
  })
}
