/** Events as the client gives them, and as the port does. */
import type { AllStreamResolvedEvent, ResolvedEvent } from '@eventstore/db-client'
import type { Epoch, Position, RecordedEvent } from '@access-pools/core'

type ReadEvent = NonNullable<ResolvedEvent['event'] | AllStreamResolvedEvent['event']>

/** A body that the client could not parse: bytes of it become its text, which no reader takes for one of ours. */
const textOf = (body: unknown): unknown => {
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8')
  return body ?? ''
}

export const positionIn = (
  epoch: Epoch,
  place: { readonly commit: bigint | number; readonly prepare: bigint | number } | undefined,
): Position => ({ epoch, commit: Number(place?.commit ?? 0), prepare: Number(place?.prepare ?? 0) })

export const recordedOf = (epoch: Epoch, event: ReadEvent): RecordedEvent => ({
  stream: event.streamId,
  revision: Number(event.revision),
  position: positionIn(epoch, event.position),
  storedAt: event.created.getTime(),
  id: event.id,
  type: event.type,
  data: textOf(event.data),
  metadata: textOf(event.metadata),
})
