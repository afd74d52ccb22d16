/**
 * What every event carries beside what it says: who, when, why, by which command; and the id that makes a
 * repeated append the same append.
 */
import { createHash } from 'node:crypto'
import * as t from 'io-ts'
import { Actor } from '../language/actor'
import { Note, type RecordedCommandId } from '../language/ids'
import type { EventToAppend } from './recorded'
import { struct, wholeNumber } from '../language/struct'
import { Instant } from '../language/window'

export const Metadata = struct(
  'Metadata',
  {
    schemaVersion: wholeNumber('SchemaVersion', 1, 1000),
    actor: Actor,
    occurredAt: Instant,
    $correlationId: t.string,
    /** The command's id (of a part: with its number), or the id of the event that a reaction answers. */
    $causationId: t.string,
  },
  {
    note: Note,
    /** Of the command, so that its id is not taken for another one's. */
    commandHash: t.string,
    traceparent: t.string,
    /** A reader that does not know the type may pass the event over. */
    optional: t.boolean,
  },
)
export type Metadata = t.TypeOf<typeof Metadata>

/** What is brought into the metadata of each event: by a command, or by a reaction to an event. */
export interface Cause {
  readonly actor: Actor
  readonly occurredAt: Instant
  /** The command's id; of a reaction, the id of the event that it answers. */
  readonly commandId: RecordedCommandId
  /** Of a command only: streams remember commands, and reactions must not crowd them out. */
  readonly commandHash?: string
  readonly correlationId: string
  readonly note?: Note
  readonly traceparent?: string
}

/** What a command brings: with the hash by which its repeat is recognised. */
export interface CommandCause extends Cause {
  readonly commandHash: string
}
type RecordedCommandId = t.TypeOf<typeof RecordedCommandId>

const NAMESPACE = Buffer.from('6c1f0a54d9b04f0e8a0c5d2f3b7e9a11', 'hex')

/** A UUID of version 5 (RFC 9562, section 5.5) in the namespace of Access Pools. */
export const uuidV5 = (name: string): string => {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** What an event says, without who and when. */
export interface Said {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

/**
 * Puts an event into its envelope. `subject` is the charger, identity, request or partner that it is about,
 * empty for the pool: one command says one thing once of one subject.
 */
export const envelop = (
  cause: Cause,
  stream: string,
  subject: string,
  version: number,
  said: Said,
): EventToAppend => ({
  id: uuidV5([cause.commandId, stream, said.type, subject].join('/')),
  type: said.type,
  data: said.data,
  metadata: {
    schemaVersion: version,
    actor: cause.actor,
    occurredAt: cause.occurredAt,
    ...(cause.note === undefined ? {} : { note: cause.note }),
    ...(cause.commandHash === undefined ? {} : { commandHash: cause.commandHash }),
    $correlationId: cause.correlationId,
    $causationId: cause.commandId,
    ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
  },
})

const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, v]) => v !== undefined)
  fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`
}

/** What tells a command from another one of the same id: a hash of its name and data, whatever order they stand in. */
export const hashOf = (command: unknown): string =>
  createHash('sha256').update(canonicalJson(command)).digest('base64url').slice(0, 22)
