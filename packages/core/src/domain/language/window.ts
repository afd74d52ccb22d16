/** Instants and validity windows: `[from, until)`, each end optional, in UTC. */
import { left, right } from 'fp-ts/Either'
import type * as t from 'io-ts'
import type { Branded } from './ids'
import { canonical } from './struct'

/** An instant as it is written: `2025-03-01T12:00:00.000Z`, always in this one form, so that text order is time order. */
export type Instant = Branded<'Instant'>

const isInstant = (text: string): text is Instant => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)
const ISO_UTC = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?Z$/

export const Instant: t.Type<Instant, Instant> = canonical<Instant>('Instant', (text) => {
  const match = ISO_UTC.exec(text)
  const milliseconds =
    match === null ? Number.NaN : Date.parse(`${match[1]}${(match[2] ?? '.000').slice(0, 4).padEnd(4, '0')}Z`)
  if (Number.isNaN(milliseconds)) return left('must be an instant in UTC, like 2025-03-01T12:00:00Z')
  const written = new Date(milliseconds).toISOString()
  // A day that does not exist is moved by the parser into the next month.
  return isInstant(written) && written.slice(0, 10) === text.slice(0, 10)
    ? right(written)
    : left('must be an instant that exists, like 2025-03-01T12:00:00Z')
})

/** The instant of a clock's milliseconds since 1970; those outside the years 0000 to 9999 are brought to the nearest end. */
export const instantOf = (milliseconds: number): Instant => {
  const least = -62_167_219_200_000
  const most = 253_402_300_799_999
  const written = new Date(Math.min(Math.max(milliseconds, least), most)).toISOString()
  if (!isInstant(written)) throw new Error(`the clock showed ${milliseconds}, which is no instant`)
  return written
}

/** Milliseconds since 1970 of an instant. */
export const millisecondsOf = (instant: Instant): number => Date.parse(instant)

/** `[from, until)`: an absent end is open. */
export interface Window {
  readonly from?: Instant
  readonly until?: Instant
}

/** A window holds something: it begins before it ends. */
export const isValidWindow = ({ from, until }: Window): boolean =>
  from === undefined || until === undefined || from < until

export const hasEnded = ({ until }: Window, at: Instant): boolean => until !== undefined && until <= at

export const sameWindow = (a: Window, b: Window): boolean => a.from === b.from && a.until === b.until

/** The window alone of something that has one. */
export const windowOf = ({ from, until }: Window): Window => ({
  ...(from === undefined ? {} : { from }),
  ...(until === undefined ? {} : { until }),
})
