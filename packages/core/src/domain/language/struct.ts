/**
 * Codecs of JSON objects and of maps, on io-ts: required and optional fields with exact types (an absent
 * field is absent, never `undefined`), and errors that name the field.
 */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import * as t from 'io-ts'

type Props = Readonly<Record<string, t.Mixed>>

/** The type of a struct with these required and these optional fields. */
export type StructOf<R extends Props, O extends Props> = { readonly [K in keyof R]: t.TypeOf<R[K]> } & {
  readonly [K in keyof O]?: t.TypeOf<O[K]>
}

const isObject = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

/** A codec of an object; `open` passes unknown fields over (what is read), closed refuses them (what is asked). */
export class StructType<R extends Props, O extends Props> extends t.Type<StructOf<R, O>> {
  readonly _tag = 'StructType' as const

  constructor(
    name: string,
    readonly required: R,
    readonly optional: O,
    readonly closed: boolean,
  ) {
    const requiredKeys = Object.keys(required)
    const optionalKeys = Object.keys(optional)
    const known = new Set([...requiredKeys, ...optionalKeys])
    const fields: Props = { ...required, ...optional }
    const codecOf = new Map(Object.entries(fields))
    const is = (u: unknown): u is StructOf<R, O> => {
      if (!isObject(u)) return false
      for (const key of requiredKeys)
        if (!Object.hasOwn(u, key) || !codecOf.get(key)?.is(u[key])) return false
      for (const key of optionalKeys) if (Object.hasOwn(u, key) && !codecOf.get(key)?.is(u[key])) return false
      return !closed || Object.keys(u).every((key) => known.has(key))
    }
    const validate = (u: unknown, context: t.Context): t.Validation<StructOf<R, O>> => {
      if (!isObject(u)) return t.failure(u, context, 'must be an object')
      const errors: t.ValidationError[] = []
      const decoded: Record<string, unknown> = {}
      for (const [key, codec] of codecOf) {
        const value = Object.hasOwn(u, key) ? u[key] : undefined
        const entry = t.appendContext(context, key, codec, value)
        if (value === undefined) {
          if (Object.hasOwn(required, key)) errors.push({ value, context: entry, message: 'is missing' })
          continue
        }
        const result = codec.validate(value, entry)
        if (isLeft(result)) errors.push(...result.left)
        else decoded[key] = result.right
      }
      if (closed)
        for (const key of Object.keys(u))
          if (!known.has(key))
            errors.push({
              value: u[key],
              context: t.appendContext(context, key, t.never),
              message: 'is not a field here',
            })
      return errors.length > 0 ? t.failures(errors) : is(decoded) ? t.success(decoded) : t.failure(u, context)
    }
    super(name, is, validate, t.identity)
  }
}

/** An object as it is read: unknown fields are passed over, so that an older reader survives a newer writer. */
export const struct = <R extends Props, O extends Props = Record<never, never>>(
  name: string,
  required: R,
  optional?: O,
): StructType<R, O> => new StructType(name, required, optional ?? ({} as O), false)

/** An object as it is asked for: an unknown field is an error, since it is most often a misspelt one. */
export const closedStruct = <R extends Props, O extends Props = Record<never, never>>(
  name: string,
  required: R,
  optional?: O,
): StructType<R, O> => new StructType(name, required, optional ?? ({} as O), true)

/** One of these words. */
export const oneOf = <const W extends readonly [string, ...string[]]>(
  name: string,
  words: W,
): t.Type<W[number]> => {
  const set = new Set<string>(words)
  const is = (u: unknown): u is W[number] => typeof u === 'string' && set.has(u)
  return new t.Type(
    name,
    is,
    (u, c) => (is(u) ? t.success(u) : t.failure(u, c, `must be one of ${words.join(', ')}`)),
    t.identity,
  )
}

/** A string that a rule brings into its one canonical form, or refuses with a reason. */
export const canonical = <A extends string>(
  name: string,
  rule: (text: string) => Either<string, A>,
): t.Type<A, A> => {
  const is = (u: unknown): u is A => {
    if (typeof u !== 'string') return false
    const result = rule(u)
    return !isLeft(result) && result.right === u
  }
  return new t.Type<A, A>(
    name,
    is,
    (u, c) => {
      if (typeof u !== 'string') return t.failure(u, c, 'must be a string')
      const result = rule(u)
      return isLeft(result) ? t.failure(u, c, result.left) : t.success(result.right)
    },
    t.identity,
  )
}

/** A whole number from `least` to `most`. */
export const wholeNumber = (
  name: string,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): t.Type<number> => {
  const is = (u: unknown): u is number =>
    Number.isSafeInteger(u) && Number(u) >= least && Number(u) <= most && !Object.is(u, -0)
  return new t.Type(
    name,
    is,
    (u, c) => (is(u) ? t.success(u) : t.failure(u, c, `must be a whole number from ${least} to ${most}`)),
    t.identity,
  )
}

/** A JSON object used as a map, with keys and values of a codec each. */
export const mapOf = <K extends string, V>(
  name: string,
  key: t.Type<K, string>,
  value: t.Type<V, unknown>,
): t.Type<ReadonlyMap<K, V>, Readonly<Record<string, unknown>>> => {
  const is = (u: unknown): u is ReadonlyMap<K, V> =>
    u instanceof Map && [...u].every(([k, v]) => key.is(k) && value.is(v))
  return new t.Type(
    name,
    is,
    (u, context) => {
      if (!isObject(u)) return t.failure(u, context, 'must be an object')
      const errors: t.ValidationError[] = []
      const map = new Map<K, V>()
      for (const [k, v] of Object.entries(u)) {
        const entry = t.appendContext(context, k, value, v)
        const decodedKey = key.validate(k, entry)
        const decoded = value.validate(v, entry)
        if (isLeft(decodedKey)) errors.push(...decodedKey.left)
        else if (isLeft(decoded)) errors.push(...decoded.left)
        else map.set(decodedKey.right, decoded.right)
      }
      return errors.length > 0 ? t.failures(errors) : t.success(map)
    },
    (map) => Object.fromEntries([...map].map(([k, v]) => [k, value.encode(v)])),
  )
}

/** The entries of an object used as a map, with the keys that its codec takes. */
export const entriesOf = <K extends string, V>(
  key: t.Type<K>,
  record: Readonly<Record<string, V>>,
): readonly (readonly [K, V])[] => {
  const entries: (readonly [K, V])[] = []
  for (const [k, v] of Object.entries(record)) if (key.is(k)) entries.push([k, v])
  return entries
}

/** A JSON object used as a map, with keys and values of a codec each; it stays an object. */
export const recordOf = <K extends string, V>(
  name: string,
  key: t.Type<K>,
  value: t.Type<V>,
): t.Type<Readonly<Record<string, V>>> => {
  const map = mapOf(name, key, value)
  const is = (u: unknown): u is Readonly<Record<string, V>> =>
    isObject(u) && Object.entries(u).every(([k, v]) => key.is(k) && value.is(v))
  return new t.Type(
    name,
    is,
    (u, context) => {
      const decoded = map.validate(u, context)
      return isLeft(decoded) ? decoded : t.success(Object.fromEntries<V>(decoded.right))
    },
    t.identity,
  )
}

const MOST_QUOTED = 80
const cut = (text: string): string => (text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text)

/** What was given, as an error may repeat it: in a few characters, whatever it is. */
export const quoted = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(cut(value))
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}

/** What the codecs of io-ts itself want, in words. */
const PLAIN: ReadonlyMap<string, string> = new Map([
  ['boolean', 'must be true or false'],
  ['string', 'must be a string'],
])

/** What was wrong, a sentence a field: `level: must be one of Public, Private, Restricted`. */
export const explainErrors = (errors: t.Errors): readonly string[] =>
  errors.map(({ context, message }) => {
    const path = context
      .slice(1)
      .map((entry) => cut(entry.key))
      .filter((key) => key !== '')
      .join('.')
    const wanted = context.at(-1)?.type.name ?? 'something else'
    return `${path === '' ? 'the value' : path}: ${message ?? PLAIN.get(wanted) ?? `is not ${wanted}`}`
  })

/** Decodes, with the errors as sentences. */
export const decodeWith = <A>(codec: t.Decoder<unknown, A>, value: unknown): Either<readonly string[], A> => {
  const result = codec.decode(value)
  return isLeft(result) ? left(explainErrors(result.left)) : right(result.right)
}
