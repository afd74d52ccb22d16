/** Every command there is, by its name: the codecs of their data, for queues, HTTP bodies and command lines. */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import * as t from 'io-ts'
import type { CommandName } from './authorization'
import {
  ChargerId,
  HostId,
  IdentityId,
  kindOf,
  Label,
  Note,
  OrganizationId,
  PartnerId,
  TokenType,
} from './language/ids'
import { poolCommands } from './pool/commands'
import { SourceVersion } from './source-version'
import { closedStruct, decodeWith, quoted, wholeNumber } from './language/struct'

const why = { note: Note }
const upstream = { ...why, sourceVersion: SourceVersion }

const Register = closedStruct(
  'RegisterIdentity',
  { identity: IdentityId },
  { organization: OrganizationId, tokenType: TokenType, ...upstream },
)
type Register = t.TypeOf<typeof Register>

/** A card belongs to an organization, a mobile user to none. */
const organizationFault = ({ identity, organization, tokenType }: Register): string | undefined => {
  if (kindOf(identity) === 'Rfid')
    return organization === undefined ? 'is missing: a card belongs to one' : undefined
  return organization === undefined && tokenType === undefined
    ? undefined
    : 'is of cards only, as is tokenType'
}

const RegisterIdentity: t.Type<Register> = new t.Type<Register>(
  'RegisterIdentity',
  (u): u is Register => Register.is(u) && organizationFault(u) === undefined,
  (u, context) => {
    const decoded = Register.validate(u, context)
    if (isLeft(decoded)) return decoded
    const fault = organizationFault(decoded.right)
    if (fault === undefined) return decoded
    return t.failure(u, t.appendContext(context, 'organization', OrganizationId), fault)
  },
  t.identity,
)

const ofIdentity = (name: string) => closedStruct(name, { identity: IdentityId }, upstream)

export const commands = {
  ...poolCommands,
  AllocateCharger: closedStruct(
    'AllocateCharger',
    { charger: ChargerId, host: HostId, organization: OrganizationId },
    { label: Label, hostLabel: Label, ...upstream },
  ),
  DeallocateCharger: closedStruct('DeallocateCharger', { charger: ChargerId }, upstream),
  RegisterIdentity,
  BlockIdentity: ofIdentity('BlockIdentity'),
  UnblockIdentity: ofIdentity('UnblockIdentity'),
  DeregisterIdentity: ofIdentity('DeregisterIdentity'),
  RegisterPartner: closedStruct('RegisterPartner', { partner: PartnerId }, why),
  SkipEvent: closedStruct(
    'SkipEvent',
    { stream: t.string, revision: wholeNumber('Revision', 0), reason: Note },
    why,
  ),
} as const satisfies Readonly<Record<CommandName, t.Type<never> | t.Mixed>>

type Table = typeof commands
/** The data of one command. */
export type CommandData<K extends CommandName> = t.TypeOf<Table[K]>
/** A command: its name under `type`, its data under `data`. */
export type Command = {
  readonly [K in CommandName]: { readonly type: K; readonly data: CommandData<K> }
}[CommandName]

/** Every command's name. */
export const isCommandName = (name: string): name is CommandName => Object.hasOwn(commands, name)

const isCommand = (u: { readonly type: CommandName; readonly data: unknown }): u is Command =>
  commands[u.type].is(u.data)

/** Reads a command from its name and its JSON; the errors say which field was wrong, and how. */
export const decodeCommand = (type: string, data: unknown): Either<readonly string[], Command> => {
  if (!isCommandName(type)) return left([`there is no command ${quoted(type)}`])
  const decoded = decodeWith<unknown>(commands[type], data)
  if (isLeft(decoded)) return decoded
  const command = { type, data: decoded.right }
  return isCommand(command)
    ? right(command)
    : left([`${type}: its data does not stand in its canonical form`])
}
