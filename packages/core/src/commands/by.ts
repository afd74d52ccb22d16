/** Who gives a command, under which id, and what it is held against. */
import type { Actor } from '../domain/language/actor'
import { type CommandCause, hashOf } from '../domain/event/envelope'
import { CommandId, named, type Note } from '../domain/language/ids'
import { randomId, type Runtime } from '../domain/runtime'
import { instantOf } from '../domain/language/window'

export interface By {
  readonly actor: Actor
  /** Makes a repeat recognisable; drawn by chance where it is absent. */
  readonly commandId?: CommandId
  /** The revision of the pool that was looked at: refused where settings, chargers or members changed since. */
  readonly ifRevision?: number
  /** What the command belongs to; its own id where it is absent. */
  readonly correlationId?: string
  /** The trace that the command belongs to, in the form of W3C Trace Context. */
  readonly traceparent?: string
}

/** `by(admin)`, `by(admin, commandId)`, `by(admin, commandId, { ifRevision })`. */
export const by = (actor: Actor, commandId?: CommandId, more: Omit<By, 'actor' | 'commandId'> = {}): By => ({
  actor,
  ...(commandId === undefined ? {} : { commandId }),
  ...more,
})

/** A command as it is carried out: its id and instant are fixed once, for all attempts. */
export interface Issued {
  readonly by: By
  readonly cause: CommandCause
}

/** Fixes a command's id, hash and instant. */
export const issue = (
  runtime: Runtime,
  command: { readonly type: string; readonly data: { readonly note?: Note } },
  given: By,
): Issued => {
  const commandId = given.commandId ?? named(CommandId, randomId(runtime))
  const { note } = command.data
  return {
    by: given,
    cause: {
      actor: given.actor,
      occurredAt: instantOf(runtime.now()),
      commandId,
      commandHash: hashOf(command),
      correlationId: given.correlationId ?? commandId,
      ...(note === undefined ? {} : { note }),
      ...(given.traceparent === undefined ? {} : { traceparent: given.traceparent }),
    },
  }
}
