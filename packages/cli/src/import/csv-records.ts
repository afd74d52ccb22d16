/**
 * A text as records of comma-separated values, as RFC 4180 has them. Written here since a record whose quotes are torn
 * must cost itself alone, and a quote within a value that is not quoted must cost nothing: parsers have both or neither.
 */
export interface CsvRecord {
  /** None where it is torn. */
  readonly values: readonly string[]
  /** The line it starts on, from 1. */
  readonly line: number
  /** A quoted value of it goes on behind its closing quote, or is never closed. The next record is the next line. */
  readonly torn: boolean
}

const QUOTE = '"'.charCodeAt(0)
const COMMA = ','.charCodeAt(0)
const NEWLINE = '\n'.charCodeAt(0)

interface Value {
  readonly value: string
  /** Where the comma or the newline after it stands, or the text ends. */
  readonly end: number
  readonly newlines: number
}

/** Where it is that a value is torn. */
interface Tear {
  readonly tornAt: number
}

const plainAt = (text: string, start: number): Value => {
  let end = start
  for (; end < text.length; end += 1) {
    const char = text.charCodeAt(end)
    if (char === COMMA || char === NEWLINE) break
  }
  const value = text.slice(start, end)
  const ended = text.charCodeAt(end) === NEWLINE && value.endsWith('\r')
  return { value: ended ? value.slice(0, -1) : value, end, newlines: 0 }
}

/** Reads a value from its opening quote. Before `doomed`, a newline within quotes is known to lead to a tear. */
const quotedAt = (text: string, start: number, doomed: number): Value | Tear => {
  let newlines = 0
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === NEWLINE) {
      if (at < doomed) return { tornAt: at }
      newlines += 1
    }
    if (char !== QUOTE) continue
    if (text.charCodeAt(at + 1) === QUOTE) {
      at += 1
      continue
    }
    const end = text.startsWith('\r\n', at + 1) ? at + 2 : at + 1
    const next = text.charCodeAt(end)
    if (end < text.length && next !== COMMA && next !== NEWLINE) return { tornAt: end }
    return { value: text.slice(start + 1, at).replaceAll('""', '"'), end, newlines }
  }
  return { tornAt: text.length }
}

interface Whole {
  readonly values: readonly string[]
  readonly end: number
  readonly newlines: number
}

const recordAt = (text: string, start: number, doomed: number): Whole | Tear => {
  const values: string[] = []
  let newlines = 0
  for (let at = start; ;) {
    const read = text.charCodeAt(at) === QUOTE ? quotedAt(text, at, doomed) : plainAt(text, at)
    if ('tornAt' in read) return read
    values.push(read.value)
    newlines += read.newlines
    if (text.charCodeAt(read.end) !== COMMA) return { values, end: read.end, newlines }
    at = read.end + 1
  }
}

/** The records of a text, in order. */
export function* recordsOf(text: string): Iterable<CsvRecord> {
  let line = 1
  // Each newline before this place that is met within quotes was met so before, and what follows it tore: so it is not
  // read again, and thousands of torn records are read in the time of two.
  let doomed = 0
  for (let start = 0; start < text.length;) {
    const read = recordAt(text, start, doomed)
    if ('tornAt' in read) {
      doomed = Math.max(doomed, read.tornAt)
      yield { values: [], line, torn: true }
      const newline = text.indexOf('\n', start)
      if (newline < 0) return
      start = newline + 1
      line += 1
    } else {
      yield { values: read.values, line, torn: false }
      start = read.end + 1
      line += 1 + read.newlines
    }
  }
}
