/** Who acts: every event records it, every command and query is judged by it. */
import { type Either, left, right } from 'fp-ts/Either'
import * as t from 'io-ts'
import { ActorId, IdentityId, OrganizationId } from './ids'
import { decodeWith, quoted, struct } from './struct'

/** A site's administrator: its commands hold for pools of its organization only. */
export const Administrator = struct('Administrator', {
  type: t.literal('Administrator'),
  id: ActorId,
  organization: OrganizationId,
})
/** The network's own staff. */
export const Operator = struct('Operator', { type: t.literal('Operator'), id: ActorId })
/** Who charges, for itself. */
export const Driver = struct('Driver', { type: t.literal('Driver'), identity: IdentityId })
/** An upstream system, or the software by itself. */
export const System = struct('System', { type: t.literal('System'), name: ActorId })

export type Administrator = t.TypeOf<typeof Administrator>
export type Operator = t.TypeOf<typeof Operator>
export type Driver = t.TypeOf<typeof Driver>
export type System = t.TypeOf<typeof System>
export type Actor = Administrator | Operator | Driver | System

const codecs = { Administrator, Operator, Driver, System }
const isKind = (kind: unknown): kind is keyof typeof codecs =>
  typeof kind === 'string' && Object.hasOwn(codecs, kind)
const codecOf = (u: unknown): t.Type<Actor> | undefined => {
  const kind = typeof u === 'object' && u !== null && 'type' in u ? u.type : undefined
  return isKind(kind) ? (codecs[kind] as t.Type<Actor>) : undefined
}

export const Actor: t.Type<Actor> = new t.Type<Actor>(
  'Actor',
  (u): u is Actor => codecOf(u)?.is(u) ?? false,
  (u, c) =>
    codecOf(u)?.validate(u, c) ?? t.failure(u, c, 'must be an Administrator, Operator, Driver or System'),
  t.identity,
)

/** An actor in a word: `admin/ORG/ID`, `driver/user:ID`, `operator/ID`, `system/NAME`. */
export const writeActor = (actor: Actor): string => {
  switch (actor.type) {
    case 'Administrator':
      return `admin/${actor.organization}/${actor.id}`
    case 'Operator':
      return `operator/${actor.id}`
    case 'Driver':
      return `driver/${actor.identity}`
    case 'System':
      return `system/${actor.name}`
  }
}

/** Reads what `writeActor` writes. */
export const parseActor = (text: string): Either<string, Actor> => {
  const [kind = '', first = '', second, ...more] = text.split('/')
  const fields: Readonly<Record<string, unknown>> | undefined =
    more.length > 0 || (second !== undefined) !== (kind === 'admin')
      ? undefined
      : {
          admin: { type: 'Administrator', organization: first, id: second },
          operator: { type: 'Operator', id: first },
          driver: { type: 'Driver', identity: first },
          system: { type: 'System', name: first },
        }[kind]
  const decoded = decodeWith(Actor, fields)
  return decoded._tag === 'Right'
    ? right(decoded.right)
    : left(
        `${quoted(text)} is no actor: admin/ORG/ID, driver/user:ID, operator/ID or system/NAME` +
          (fields === undefined ? '' : ` (${decoded.left.join('; ')})`),
      )
}
