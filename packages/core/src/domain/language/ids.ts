/**
 * The grammar of all names and texts: one form for most ids, a wider one for chargers, a prefixed one for
 * identities. A slash stands in no id, so it separates.
 */
import { type Either, left, right } from 'fp-ts/Either'
import type * as t from 'io-ts'
import { canonical, decodeWith, quoted } from './struct'

/** A string whose form was checked; the brand keeps a pool's id from standing where a charger's is meant. */
export type Branded<B extends string> = string & { readonly [K in `is${B}`]: true }

export type PoolId = Branded<'PoolId'>
export type ChargerId = Branded<'ChargerId'>
export type HostId = Branded<'HostId'>
export type OrganizationId = Branded<'OrganizationId'>
export type RequestId = Branded<'RequestId'>
export type PartnerId = Branded<'PartnerId'>
/** A mobile user (`user:{id}`) or a card (`rfid:{UID}`, upper case). */
export type IdentityId = Branded<'IdentityId'>
/** Given by the caller to make a repeat recognisable; a part of a bulk command is `{commandId}/{part}`. */
export type CommandId = Branded<'CommandId'>
/** What people read: any Unicode, NFC, no control characters, 1 to 120 characters. */
export type Label = Branded<'Label'>
/** Why a command was given: as a label, at most 280 characters. */
export type Note = Branded<'Note'>
/** An address that a pool notifies. */
export type EmailAddress = Branded<'EmailAddress'>
/** OCPP's type of an id token: letters, digits, `-_.`, at most 20 characters. */
export type TokenType = Branded<'TokenType'>
/** The name of a rate; `Standard` and `Free` are known everywhere, prices are the billing system's. */
export type RateName = Branded<'RateName'>

const matching = <A extends string>(name: string, pattern: RegExp, form: string): t.Type<A, A> => {
  const is = (text: string): text is A => pattern.test(text)
  return canonical<A>(name, (text) => (is(text) ? right(text) : left(`must be ${form}`)))
}

const PLAIN_FORM = '1 to 64 letters, digits, or ._- (a letter or digit first)'
const plain = <A extends string>(name: string): t.Type<A, A> =>
  matching<A>(name, /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, PLAIN_FORM)

export const PoolId = plain<PoolId>('PoolId')
export const HostId = plain<HostId>('HostId')
export const OrganizationId = plain<OrganizationId>('OrganizationId')
export const RequestId = plain<RequestId>('RequestId')
/** The id of a person or a system that acts. */
export const ActorId = plain<Branded<'ActorId'>>('ActorId')
export type ActorId = Branded<'ActorId'>
/** What a caller may give as a command's id. */
export const CommandId = plain<CommandId>('CommandId')
/** A command's id as events hold it: the caller's, with the number of the part where the command was cut. */
export const RecordedCommandId = matching<CommandId>(
  'CommandId',
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}(\/[0-9]{1,6})?$/,
  PLAIN_FORM,
)
export const ChargerId = matching<ChargerId>(
  'ChargerId',
  /^[A-Za-z0-9][A-Za-z0-9._\-*=:+|@]{0,63}$/,
  '1 to 64 letters, digits, or ._-*=:+|@ (a letter or digit first)',
)
export const PartnerId = matching<PartnerId>(
  'PartnerId',
  /^[a-z][a-z0-9-]{0,31}$/,
  '1 to 32 lower-case letters, digits, or - (a letter first)',
)
export const TokenType = matching<TokenType>(
  'TokenType',
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$/,
  'an OCPP token type',
)
export const RateName = matching<RateName>(
  'RateName',
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  `a rate's name: ${PLAIN_FORM}`,
)
export const EmailAddress = matching<EmailAddress>(
  'EmailAddress',
  /^(?=.{3,254}$)[^\s@<>"(),;:\\[\]\p{Cc}\p{Cs}]{1,64}@[^\s@<>"(),;:\\[\]\p{Cc}\p{Cs}]{1,253}$/u,
  'an email address',
)

const upperAscii = (text: string): string => text.replace(/[a-z]/g, (letter) => letter.toUpperCase())

const identityRule = (text: string): Either<string, IdentityId> => {
  const is = (s: string): s is IdentityId =>
    /^user:[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(s) || /^rfid:[0-9A-Z*=:+|@._-]{1,36}$/.test(s)
  const brought = text.startsWith('rfid:') ? `rfid:${upperAscii(text.slice(5).trim())}` : text
  return is(brought)
    ? right(brought)
    : left(`must be user: and ${PLAIN_FORM}, or rfid: and 1 to 36 of 0-9 A-Z *=:+|@._-`)
}
export const IdentityId = canonical<IdentityId>('IdentityId', identityRule)

/** The kind of an identity is part of its id. */
export type IdentityKind = 'MobileUser' | 'Rfid'
export const kindOf = (identity: IdentityId): IdentityKind =>
  identity.startsWith('user:') ? 'MobileUser' : 'Rfid'

const text = <A extends string>(name: string, most: number): t.Type<A, A> => {
  const is = (s: string): s is A =>
    !/[\p{Cc}\p{Cs}]/u.test(s) && s.trim() !== '' && Array.from(s).length <= most
  return canonical<A>(name, (given) => {
    const composed = given.normalize('NFC')
    return is(composed)
      ? right(composed)
      : left(`must be 1 to ${most} characters, not all blank, without control characters`)
  })
}
export const Label = text<Label>('Label', 120)
export const Note = text<Note>('Note', 280)

/** Reads an id, a label or an instant from a string; the error says what its form is. */
export const parse = <A>(codec: t.Decoder<unknown, A>, value: unknown): Either<string, A> => {
  const result = decodeWith(codec, value)
  return result._tag === 'Left' ? left(`${codec.name} ${quoted(value)}: ${result.left.join('; ')}`) : result
}

/** A name that the software itself gives. */
export const named = <A>(codec: t.Type<A, unknown>, text: string): A => {
  const name = parse(codec, text)
  if (name._tag === 'Left') throw new Error(name.left)
  return name.right
}

/** What a session costs where the pool says nothing else. */
export const STANDARD_RATE = named(RateName, 'Standard')
export const FREE_RATE = named(RateName, 'Free')
