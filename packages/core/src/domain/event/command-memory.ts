/**
 * The last 256 command ids that wrote to a stream, so that a repeated command writes nothing and is answered with
 * the first one's position, and an id that is taken for another command is refused.
 */
import type { Metadata } from './envelope'
import type { Position } from './position'
import type { RecordedEvent } from './recorded'

const REMEMBERED = 256

/** What one command wrote: the place of its last event. */
export interface RememberedCommand {
  readonly hash: string
  readonly revision: number
  readonly position: Position
}

/** By command id, oldest first. */
export type CommandMemory = Map<string, RememberedCommand>

/** Takes an event's command into the memory. */
export const remember = (
  memory: CommandMemory,
  metadata: Metadata,
  { revision, position }: RecordedEvent,
): void => {
  const { $causationId: id, commandHash: hash } = metadata
  if (hash === undefined) return
  const known = memory.has(id)
  memory.set(id, { hash, revision, position })
  if (known || memory.size <= REMEMBERED) return
  for (const oldest of memory.keys()) {
    memory.delete(oldest)
    return
  }
}

export type Recall =
  | { readonly type: 'New' }
  | { readonly type: 'Repeated'; readonly first: RememberedCommand }
  | { readonly type: 'Reused' }

/** Whether an id was used in the other way: a whole command's for one that comes in parts, or the other way round. */
const usedOtherwise = (memory: CommandMemory, id: string): boolean => {
  const slash = id.indexOf('/')
  return memory.has(slash < 0 ? `${id}/1` : id.slice(0, slash))
}

/** Whether a command was here before. */
export const recall = (memory: CommandMemory, id: string, hash: string): Recall => {
  const first = memory.get(id)
  if (first === undefined) return usedOtherwise(memory, id) ? { type: 'Reused' } : { type: 'New' }
  return first.hash === hash ? { type: 'Repeated', first } : { type: 'Reused' }
}
