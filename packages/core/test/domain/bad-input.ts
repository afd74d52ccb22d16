/** Input as nobody means it: what is valid, changed here and there; and what never was. */
import fc from 'fast-check'

const nested = (depth: number, list: boolean): unknown => {
  let value: unknown = 'bottom'
  for (let n = 0; n < depth; n += 1) value = list ? [value] : { a: value }
  // Too deep to be printed where a test fails.
  return Object.defineProperty(Object(value), fc.toStringMethod, { value: () => `<${depth} deep>` })
}

/** Words that mean something to the language, to stores, or to people. */
const WORDS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'a\udfffb',
  '\uffff',
  '\u202e',
  'e\u0301',
  'ﬁ',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'undefined',
  'null',
  'NaN',
  'user:',
  'rfid:',
  'user:ann/../bob',
  'rfid: ß ',
  'USER:ann',
  'a/b',
  '../../etc',
  '-1',
  '1e3',
  '2025-02-30T00:00:00Z',
  '2025-03-01T24:00:00Z',
  '2025-03-01T12:00:00+01:00',
  '2025-03-01',
  '+012025-03-01T12:00:00.000Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:60Z',
  '2025-03-01T12:00:00.1234567890Z',
  'x'.repeat(64),
  'x'.repeat(65),
  'ü'.repeat(120),
  '😀'.repeat(121),
  'x'.repeat(100_000),
  '\u0301'.repeat(5_000),
]

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  1.5,
  2 ** 53,
  2 ** 53 - 1,
  -(2 ** 31),
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
]

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.constantFrom(...NUMBERS),
  fc.constantFrom<unknown>(null, undefined, true, false, [], {}, [[]], [null], { type: 'constructor' }),
  fc.string({ unit: 'binary' }),
  fc.oneof(
    fc.bigInt(),
    fc.constant(Symbol('odd')),
    fc.constant(() => 1),
    fc.date(),
  ),
  fc.constantFrom(nested(50, true), nested(50, false), nested(20_000, true), nested(20_000, false)),
  fc.anything({ maxDepth: 3, withNullPrototype: true, withMap: true, withSet: true, withDate: true }),
)

/** One change to a value somewhere in it. */
export interface Change {
  /** Which way down, a number at each branching. */
  readonly path: readonly number[]
  readonly how: 'replace' | 'remove' | 'add' | 'rename' | 'wrap' | 'repeat' | 'spell'
  readonly key: string
  readonly value: unknown
}

const key: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...WORDS.slice(0, 20), 'type', 'note', '$x'),
  fc.string(),
)
const change: fc.Arbitrary<Change> = fc.record({
  path: fc.array(fc.nat({ max: 9 }), { maxLength: 4 }),
  how: fc.constantFrom('replace', 'replace', 'remove', 'add', 'rename', 'wrap', 'repeat', 'spell'),
  key,
  value: odd,
})

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** As JSON.parse makes it: `__proto__` is a field as any other. */
const withField = (
  record: Record<string, unknown>,
  name: string,
  value: unknown,
): Record<string, unknown> => {
  const copy = { ...record }
  Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true })
  return copy
}

const spelt = (value: unknown, { path }: Change): unknown => {
  if (typeof value !== 'string') return value
  const at = (path.at(-1) ?? 0) % (value.length + 1)
  return [
    value.toUpperCase(),
    value.toLowerCase(),
    ` ${value} `,
    `${value.slice(0, at)}\u0000${value.slice(at)}`,
    value.slice(0, at),
    value.normalize('NFD'),
  ][at % 6]
}

const changeHere = (value: unknown, { how, key: name, value: given, path }: Change): unknown => {
  switch (how) {
    case 'replace':
      return given
    case 'wrap':
      return [value]
    case 'spell':
      return spelt(value, { how, key: name, value: given, path })
    case 'repeat':
      return Array.isArray(value) ? [...value, ...value] : value
    case 'add':
      return isRecord(value)
        ? withField(value, name, given)
        : Array.isArray(value)
          ? [...value, given]
          : given
    case 'remove': {
      if (Array.isArray(value)) return value.slice(1)
      if (!isRecord(value)) return undefined
      const [first = ''] = Object.keys(value).slice(
        (path.at(-1) ?? 0) % Math.max(Object.keys(value).length, 1),
      )
      const { [first]: _, ...rest } = value
      return rest
    }
    case 'rename': {
      if (!isRecord(value)) return value
      const [first, ...rest] = Object.entries(value)
      return first === undefined ? value : withField(Object.fromEntries(rest), name, first[1])
    }
  }
}

/** The value with one change, made a copy of. */
export const changed = (value: unknown, of: Change, depth = 0): unknown => {
  const step = of.path[depth]
  if (step === undefined) return changeHere(value, of)
  if (Array.isArray(value) && value.length > 0)
    return value.map((item, at) => (at === step % value.length ? changed(item, of, depth + 1) : item))
  if (!isRecord(value) || Object.keys(value).length === 0) return changeHere(value, of)
  const names = Object.keys(value)
  const name = names[step % names.length] ?? ''
  return withField(value, name, changed(value[name], of, depth + 1))
}

/** From near-valid to garbage: a sample with one to three changes, or what never was one. */
export const badly = (samples: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 1, arbitrary: odd },
    {
      weight: 9,
      arbitrary: fc
        .tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 3 }))
        .map(([sample, changes]) => changes.reduce((value, of) => changed(value, of), sample)),
    },
  )
