/** What may be asked of a charger: who brings what, as options on a command line or as fields of a line of JSON. */
import {
  byIdentity,
  ChargerId,
  type Credential,
  IdentityId,
  type Instant,
  NO_CREDENTIAL,
  parse,
  parsePosition,
  PartnerId,
  type Position,
} from '@access-pools/core'
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import { type Fields, fieldsOf, parseJson } from '../documents/json'
import type { Line } from '../documents/lines'
import { parseInstant } from '../instants'

export interface Question {
  readonly charger: ChargerId
  readonly credential: Credential
  /** The instant by which windows are judged. */
  readonly at?: Instant
  /** What was known then. */
  readonly known?: Known
}

/** A point in what was known: a place in the store, or an instant of the store's clock. */
export type Known =
  | { readonly type: 'Position'; readonly position: Position }
  | { readonly type: 'Instant'; readonly instant: Instant }

const FIELDS = ['charger', 'rfid', 'user', 'pin', 'partner', 'none', 'at', 'known']

const textOf = (fields: Fields, name: string): Either<string, string | undefined> => {
  const value = fields.get(name)
  return value === undefined || typeof value === 'string' ? right(value) : left(`${name}: must be a text`)
}

const flagOf = (fields: Fields, name: string): Either<string, boolean> => {
  const value = fields.get(name)
  return value === undefined || typeof value === 'boolean'
    ? right(value === true)
    : left(`${name}: must be true or false`)
}

interface Shown {
  readonly rfid: string | undefined
  readonly user: string | undefined
  readonly partner: string | undefined
  readonly pin: boolean
  readonly none: boolean
}

const WAYS = 'one of rfid, user, pin, partner, none'

const identityOf = (name: string, text: string): Either<string, IdentityId> => {
  const identity = parse(IdentityId, `${name}:${text}`)
  return isLeft(identity) ? left(`${name}: ${identity.left}`) : identity
}

const credentialOf = ({ rfid, user, partner, pin, none }: Shown): Either<string, Credential> => {
  const ways = [rfid !== undefined, pin || user !== undefined, partner !== undefined, none]
  if (ways.filter(Boolean).length !== 1) return left(`the credential: exactly ${WAYS} must be given`)
  if (none) return right(NO_CREDENTIAL)
  if (rfid !== undefined) {
    const card = identityOf('rfid', rfid)
    return isLeft(card) ? card : right(byIdentity(card.right))
  }
  if (partner !== undefined) {
    const known = parse(PartnerId, partner)
    return isLeft(known) ? left(`partner: ${known.left}`) : right({ type: 'Partner', partner: known.right })
  }
  if (user === undefined) return right({ type: 'Pin' })
  const requester = identityOf('user', user)
  if (isLeft(requester)) return requester
  return right(pin ? { type: 'Pin', requester: requester.right } : byIdentity(requester.right))
}

/** Reads `known`: a position as results carry it, or an instant. */
const knownOf = (text: string): Either<string, Known> => {
  const position = parsePosition(text)
  if (!isLeft(position)) return right({ type: 'Position', position: position.right })
  const instant = parseInstant(text)
  return isLeft(instant)
    ? left('known: must be an instant like 2025-03-01T12:00:00Z, or a position as results carry it')
    : right({ type: 'Instant', instant: instant.right })
}

/** Reads a question from its fields; every error names one. */
export const questionOf = (fields: Fields): Either<readonly string[], Question> => {
  const errors: string[] = []
  const ok = <A>(read: Either<string, A>): A | undefined => {
    if (!isLeft(read)) return read.right
    errors.push(read.left)
    return undefined
  }
  const given = parse(ChargerId, fields.get('charger') ?? null)
  const charger = ok(isLeft(given) ? left(`charger: ${given.left}`) : given)
  const credential = ok(
    credentialOf({
      rfid: ok(textOf(fields, 'rfid')),
      user: ok(textOf(fields, 'user')),
      partner: ok(textOf(fields, 'partner')),
      pin: ok(flagOf(fields, 'pin')) === true,
      none: ok(flagOf(fields, 'none')) === true,
    }),
  )
  const atText = ok(textOf(fields, 'at'))
  const instant = atText === undefined ? undefined : parseInstant(atText)
  const at = instant === undefined ? undefined : ok(isLeft(instant) ? left(`at: ${instant.left}`) : instant)
  const knownText = ok(textOf(fields, 'known'))
  const known = knownText === undefined ? undefined : ok(knownOf(knownText))
  if (charger === undefined || credential === undefined || errors.length > 0) return left(errors)
  return right({
    charger,
    credential,
    ...(at === undefined ? {} : { at }),
    ...(known === undefined ? {} : { known }),
  })
}

/** Reads a question from a line of JSON. */
export const questionIn = (text: Line['text']): Either<readonly string[], Question> => {
  const json = isLeft(text) ? text : parseJson(text.right)
  if (isLeft(json)) return left([`the line: ${json.left}`])
  const fields = fieldsOf(json.right, FIELDS)
  return isLeft(fields) ? fields : questionOf(fields.right)
}
