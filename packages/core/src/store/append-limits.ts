/** What one append may hold, on every store: EventStoreDB refuses an append above 1 MiB, so ours stay well below. */
import { type Either, left, right } from 'fp-ts/Either'
import type { EventToAppend } from '../domain/event/recorded'
import type { StoreError } from './event-store'

export const MOST_EVENTS = 500
export const MOST_BYTES = 512 * 1024

/** An event with its bodies as they are stored. */
export interface WrittenEvent {
  readonly id: string
  readonly type: string
  readonly data: string
  readonly metadata: string
}

const invalid = (reason: string): Either<StoreError, never> => left({ type: 'InvalidAppend', reason })

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Nearly all names, which need no closer look. */
const PLAIN = /^[A-Za-z0-9][\x20-\x7e]{0,255}$/

/** A name that every store can hold: not empty, no system's `$`, whole Unicode. */
export const nameFault = (name: string): string | undefined => {
  if (PLAIN.test(name)) return undefined
  if (name === '') return 'a name must not be empty'
  if (name.startsWith('$')) return `${JSON.stringify(name)}: names that begin with $ are the system's`
  if (/[\p{Cs}\0]/u.test(name)) return `${JSON.stringify(name)}: a name must be whole Unicode without NUL`
  return Buffer.byteLength(name) > 1024 ? `a name of more than 1024 bytes` : undefined
}

/** A body as the text that is stored; nothing where it is not JSON (a cycle, a BigInt). */
const writeBody = (body: unknown): string | undefined => {
  try {
    const text: unknown = JSON.stringify(body)
    return typeof text === 'string' ? text : undefined
  } catch {
    return undefined
  }
}

/** What the text of a body says; the text itself where it is no JSON, which no reader takes for one of ours. */
export const readBody = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Checks names, ids and limits, and writes the bodies out. */
export const writeOut = (
  stream: string,
  events: readonly EventToAppend[],
): Either<StoreError, readonly WrittenEvent[]> => {
  const fault = nameFault(stream)
  if (fault !== undefined) return invalid(fault)
  if (events.length === 0) return invalid('an append must hold an event')
  const ids = new Set<string>()
  const written: WrittenEvent[] = []
  let bytes = 0
  for (const { id, type, data, metadata } of events) {
    const typeFault = nameFault(type)
    if (typeFault !== undefined) return invalid(typeFault)
    if (!UUID.test(id) || ids.has(id))
      return invalid(`${JSON.stringify(id)} is no UUID, or stands twice in one append`)
    ids.add(id)
    const dataText = writeBody(data)
    const metadataText = writeBody(metadata)
    if (dataText === undefined || metadataText === undefined)
      return invalid(`the body of a ${type} is not JSON`)
    bytes += Buffer.byteLength(dataText) + Buffer.byteLength(metadataText) + Buffer.byteLength(type)
    written.push({ id, type, data: dataText, metadata: metadataText })
  }
  return events.length > MOST_EVENTS || bytes > MOST_BYTES
    ? left({ type: 'TooLarge', events: events.length, bytes })
    : right(written)
}

/** Checks a checkpoint's name, and writes its body out. */
export const writeCheckpoint = (name: string, data: unknown): Either<StoreError, string> => {
  const fault = nameFault(name)
  if (fault !== undefined) return invalid(fault)
  const text = writeBody(data)
  if (text === undefined) return invalid('the body of a checkpoint is not JSON')
  const bytes = Buffer.byteLength(text)
  return bytes > MOST_BYTES ? left({ type: 'TooLarge', events: 1, bytes }) : right(text)
}
