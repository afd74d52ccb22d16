/** Passing over an event that cannot be read: an operator's decision, and an event itself. */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import { authorize } from '../domain/authorization'
import type { CommandData } from '../domain/commands'
import { decided } from '../domain/decision'
import type { Folded } from '../domain/event/fold'
import type { SkipEvent } from '../domain/event/skip'
import { ownerOf, SKIPS_STREAM } from '../domain/event/streams'
import type { StoreError } from '../store/event-store'
import type { Issued } from './by'
import { type CommandError, fromStore } from './writing/command-error'
import { type Done, doneOf } from './done'
import { handle, type Writing } from './writing/handle'
import {
  chargerStreams,
  identityStreams,
  partnerStreams,
  poolStreams,
  skippedEvent,
  type SkipsState,
  skipStreams,
} from './writing/written-streams'

/** A stream as it folds with the skips there are; nothing where no event of it can be parked. */
const readParkable = async (
  { cache }: Writing,
  stream: string,
): Promise<Either<StoreError, Pick<Folded<unknown>, 'suspended'> | undefined>> => {
  switch (ownerOf(stream)?.kind) {
    case 'Pool':
      return cache.toTail(poolStreams, stream)()
    case 'Charger':
      return cache.toTail(chargerStreams, stream)()
    case 'Identity':
      return cache.toTail(identityStreams, stream)()
    case 'Partners':
      return cache.toTail(partnerStreams, stream)()
    default:
      return right(undefined)
  }
}

/** Skips a parked event: the one at which its stream stopped. One that is skipped already stays so. */
export const skipEvent = async (
  writing: Writing,
  { stream, revision, reason }: CommandData<'SkipEvent'>,
  issued: Issued,
): Promise<Either<CommandError, Done>> => {
  const handled = await handle<SkipsState, SkipEvent, { readonly parkedAt: number | undefined }>(writing, {
    aggregate: skipStreams,
    stream: SKIPS_STREAM,
    cause: issued.cause,
    gather: async () => {
      const read = await readParkable(writing, stream)
      return isLeft(read)
        ? left(fromStore(read.left, issued.cause.commandId))
        : right({ parkedAt: read.right?.suspended?.revision })
    },
    decide: (state, { parkedAt }) => {
      const authorized = authorize('SkipEvent', issued.cause.actor, {})
      if (isLeft(authorized)) return authorized
      if (state?.has(skippedEvent({ stream, revision })) === true) return right(decided([]))
      if (parkedAt !== revision) return left({ type: 'NotParked', stream, revision })
      return right(decided([{ type: 'EventSkipped', data: { stream, revision, reason } }]))
    },
  })
  return isLeft(handled) ? handled : right(doneOf(handled.right))
}
