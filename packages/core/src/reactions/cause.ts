/** In whose name, and because of which event, the software acts by itself. */
import type { System } from '../domain/language/actor'
import type { Cause } from '../domain/event/envelope'
import { ActorId, named, RecordedCommandId } from '../domain/language/ids'
import type { Runtime } from '../domain/runtime'
import { instantOf } from '../domain/language/window'

/** The actor of all reactions. */
export const REACTIONS: System = { type: 'System', name: named(ActorId, 'reactions') }

/** The event that is answered: its id, and what it belongs to. */
export interface Trigger {
  readonly id: string
  readonly correlationId: string
}

/** The cause of what is written in answer to an event: the same event is answered by the same events again. */
export const inAnswerTo = (runtime: Runtime, { id, correlationId }: Trigger): Cause => ({
  actor: REACTIONS,
  occurredAt: instantOf(runtime.now()),
  commandId: named(RecordedCommandId, id),
  correlationId,
})
