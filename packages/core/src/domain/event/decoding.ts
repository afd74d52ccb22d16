/**
 * From a recorded body to an event: decoded, of an unknown type, or malformed. One table from type to codec and
 * upcasting steps, so that there is one path by which events are read.
 */
import { type Either, isRight } from 'fp-ts/Either'
import type * as t from 'io-ts'
import { Metadata } from './envelope'
import type { RecordedEvent } from './recorded'
import { decodeWith } from '../language/struct'
import type { Upcast } from './upcasting'

/** An event with what it says and its envelope decoded. */
export interface Decoded<E> {
  readonly event: E
  readonly metadata: Metadata
  readonly recorded: RecordedEvent
}

/** Why an event cannot be read. */
export type Undecodable =
  | { readonly type: 'UnknownType'; readonly reason: string }
  | { readonly type: 'UnknownVersion'; readonly reason: string }
  | { readonly type: 'Malformed'; readonly reason: string }

export type DecodeResult<E> =
  | { readonly type: 'Decoded'; readonly decoded: Decoded<E> }
  /** A type we do not know, marked by its writer as one that may be passed over. */
  | { readonly type: 'Optional' }
  | Undecodable

/** The part of a codec by which a body is checked and read. */
export interface Reads<D> extends t.Decoder<unknown, D> {
  readonly is: t.Is<D>
}

/** How the events of one type are read. */
export interface EventCodec<D> {
  /** Of the newest version: `1 + upcasts.length`. */
  readonly data: Reads<D>
  /** From version n to n + 1, in order. */
  readonly upcasts: readonly Upcast[]
}

export type EventCodecs = Readonly<Record<string, EventCodec<unknown>>>

/** The union of the events that a table reads: `{type, data}`. */
export type EventOf<C extends EventCodecs> = {
  readonly [K in keyof C & string]: {
    readonly type: K
    readonly data: C[K] extends EventCodec<infer D> ? D : never
  }
}[keyof C & string]

/** A codec of events of one version only. */
export const since1 = <D>(data: Reads<D>): EventCodec<D> => ({ data, upcasts: [] })

/** The version that events of a type are written with. */
export const newestVersion = (codecs: EventCodecs, type: string): number =>
  1 + ((Object.hasOwn(codecs, type) ? codecs[type] : undefined)?.upcasts.length ?? 0)

const malformed = (reason: string): Undecodable => ({ type: 'Malformed', reason })

const readMetadata = (metadata: unknown): Either<readonly string[], Metadata> =>
  Metadata.is(metadata) ? { _tag: 'Right', right: metadata } : decodeWith(Metadata, metadata)

const isOptional = (metadata: unknown): boolean =>
  typeof metadata === 'object' && metadata !== null && 'optional' in metadata && metadata.optional === true

/** Makes the reader of one aggregate's events. */
export const decoderOf = <C extends EventCodecs>(
  codecs: C,
): ((recorded: RecordedEvent) => DecodeResult<EventOf<C>>) => {
  type E = EventOf<C>
  const byType = new Map<string, EventCodec<unknown>>(Object.entries(codecs))
  const decoded = (recorded: RecordedEvent, metadata: Metadata, data: unknown): DecodeResult<E> => {
    const event: unknown = { type: recorded.type, data }
    // The data was checked by the codec that the table holds for this very type.
    return { type: 'Decoded', decoded: { event: event as E, metadata, recorded } }
  }
  return (recorded) => {
    const codec = byType.get(recorded.type)
    if (codec === undefined)
      return isOptional(recorded.metadata)
        ? { type: 'Optional' }
        : {
            type: 'UnknownType',
            reason: `events of type ${recorded.type} are not known in stream ${recorded.stream}`,
          }
    const metadata = readMetadata(recorded.metadata)
    if (!isRight(metadata)) return malformed(`metadata: ${metadata.left.join('; ')}`)
    const newest = 1 + codec.upcasts.length
    const version = metadata.right.schemaVersion
    if (version > newest)
      return {
        type: 'UnknownVersion',
        reason: `${recorded.type} of version ${version} is newer than ${newest}, the newest known`,
      }
    if (version === newest && codec.data.is(recorded.data))
      return decoded(recorded, metadata.right, recorded.data)
    let data: unknown = recorded.data
    for (const upcast of codec.upcasts.slice(version - 1)) {
      const step = upcast(data)
      if (!isRight(step)) return malformed(step.left)
      data = step.right
    }
    const result = decodeWith(codec.data, data)
    return isRight(result)
      ? decoded(recorded, metadata.right, result.right)
      : malformed(result.left.join('; '))
  }
}
