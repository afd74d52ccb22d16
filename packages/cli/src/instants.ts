/** Instants as people and files write them: ISO 8601 with a zone. */
import { Instant, parse } from '@access-pools/core'
import { type Either, isLeft, left, right } from 'fp-ts/Either'

const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?(Z|([+-])(\d\d):?(\d\d))$/

const NO_INSTANT = 'must be an instant with its zone, like 2025-03-01T12:00:00Z or 2025-03-01T12:00:00+01:00'

/** Reads an instant; the error says what its form is. */
export const parseInstant = (text: string): Either<string, Instant> => {
  const [, minute, second = ':00', zone, sign, hours = '0', minutes = '0'] = ISO.exec(text) ?? []
  if (minute === undefined || Number(hours) > 23 || Number(minutes) > 59) return left(NO_INSTANT)
  const local = parse(Instant, `${minute}${second}Z`)
  if (isLeft(local)) return left(NO_INSTANT)
  if (zone === 'Z') return local
  const east = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
  const utc = parse(Instant, new Date(Date.parse(local.right) - east * 60_000).toISOString())
  return isLeft(utc) ? left(NO_INSTANT) : right(utc.right)
}
