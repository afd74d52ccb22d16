/** Who may issue which command: every command against every kind of actor. */
import { isLeft, isRight } from 'fp-ts/Either'
import { type Actor, parseActor, writeActor } from '../../src/domain/language/actor'
import { authorize, type CommandName, maySee, permissions } from '../../src/domain/authorization'
import { decodeCommand } from '../../src/domain/commands'
import { IdentityId, named, OrganizationId } from '../../src/domain/language/ids'
import { given, inPool, ofIdentity } from '../../src/testing'
import { asked, north, registered, standing, takesRequests, user } from './cast'
import { COMMANDS } from './samples'

/** The column "who, beside Operator" of the product's table of commands. */
const WHO: Readonly<Record<string, string>> = {
  CreatePool: 'Administrator',
  EditPool: 'Administrator',
  RenamePool: 'Administrator',
  ChangeAccessLevel: 'Administrator',
  SetHidden: 'Administrator',
  SetFreeVend: 'Administrator',
  SetMemberRate: 'Administrator',
  ConfigureRequests: 'Administrator',
  SetPartnerAccess: 'Administrator',
  ArchivePool: 'Administrator',
  AddChargers: 'Administrator; System (reactions)',
  RemoveChargers: 'Administrator; System (reactions)',
  AllocateCharger: 'System',
  DeallocateCharger: 'System',
  RegisterIdentity: 'System; Administrator for RFIDs of its organization',
  BlockIdentity: 'System; Administrator for RFIDs of its organization',
  UnblockIdentity: 'System; Administrator for RFIDs of its organization',
  DeregisterIdentity: 'System; Administrator for RFIDs of its organization',
  AddIdentities: 'Administrator; System (reactions)',
  RemoveIdentities: 'Administrator; System (reactions)',
  ChangeMembership: 'Administrator; System (reactions)',
  RequestAccess: 'Driver, for itself',
  WithdrawRequest: 'Driver, for itself',
  ApproveRequest: 'Administrator',
  DenyRequest: 'Administrator',
  CloseExpiredRequests: 'System',
  RegisterPartner: '–',
  SkipEvent: '–',
}

const ACTORS = {
  'an administrator of the organization': 'admin/acme/ada',
  'an administrator of another organization': 'admin/zenith/zoe',
  'an operator': 'operator/olga',
  'a system': 'system/feed',
  'the driver itself': 'driver/user:ann',
  'another driver': 'driver/user:bob',
} as const
type Kind = keyof typeof ACTORS

/** "An operator may issue every command but a driver's own." */
const mayByTheTable = (who: string, kind: Kind): boolean => {
  switch (kind) {
    case 'an administrator of the organization':
      return who.includes('Administrator')
    case 'an operator':
      return !who.includes('Driver')
    case 'a system':
      return who.includes('System')
    case 'the driver itself':
      return who.includes('Driver')
    case 'an administrator of another organization':
    case 'another driver':
      return false
  }
}

const actor = (word: string): Actor => {
  const parsed = parseActor(word)
  if (isLeft(parsed)) throw new Error(parsed.left)
  return parsed.right
}
const isCommand = (name: string): name is CommandName => Object.hasOwn(permissions, name)

const rows = Object.entries(WHO).flatMap(([command, who]) =>
  Object.entries(ACTORS).map(([kind, word]) => ({
    command,
    kind,
    word,
    may: mayByTheTable(who, kind as Kind),
  })),
)

/** A world in which every sample of a command finds what it is about: of acme, and of ann. */
const world = () =>
  given(
    north('Restricted', takesRequests(), asked()),
    ...standing('c1', 'north'),
    user(),
    ofIdentity('rfid:0A', registered(1, { organization: 'acme' })),
  )

describe('Who may issue a command', () => {
  test('is said of exactly the commands that there are', () => {
    expect(Object.keys(permissions).sort()).toEqual(Object.keys(WHO).sort())
    expect(Object.keys(COMMANDS).sort()).toEqual(Object.keys(WHO).sort())
  })

  test.each(rows)('$command: $kind, may: $may', ({ command, word, may }) => {
    const { answer } = world().when({ type: command, data: COMMANDS[command] ?? {} }, word)
    const refused = answer.type === 'Refused' && answer.refusal.type === 'NotPermitted'
    expect(refused).toBe(!may)
    if (refused) expect(answer.refusal).toEqual({ type: 'NotPermitted', command })
    // Not what is asked, but who asks: what concerns nobody in particular is judged by the row alone.
    if (isCommand(command))
      expect(
        isRight(
          authorize(command, actor(word), {
            organization: named(OrganizationId, 'acme'),
            identity: named(IdentityId, command.includes('Request') ? 'user:ann' : 'rfid:0A'),
          }),
        ),
      ).toBe(may)
  })

  test.each(['RegisterIdentity', 'BlockIdentity', 'UnblockIdentity', 'DeregisterIdentity'] as const)(
    'an administrator may not %s of a mobile user',
    (command) => {
      const concerned = { identity: named(IdentityId, 'user:ann') }
      expect(isRight(authorize(command, actor('admin/acme/ada'), concerned))).toBe(false)
      expect(isRight(authorize(command, actor('system/feed'), concerned))).toBe(true)
    },
  )

  test('is judged before the command id, and before everything else', () => {
    const rename = { type: 'RenamePool', data: { pool: 'north', name: 'Yard' } }
    world()
      .when(rename, 'admin/acme/ada', { id: 'a1' })
      .then([{ type: 'PoolRenamed', data: { name: 'Yard' } }])
      .when({ ...rename, data: { pool: 'north', name: 'Gate' } }, 'admin/zenith/zoe', {
        id: 'a1',
        ifRevision: 0,
      })
      .then({ type: 'NotPermitted', command: 'RenamePool' })
    world()
      .and(inPool('north', { type: 'PoolArchived' }))
      .when(rename, 'driver/user:ann')
      .then({ type: 'NotPermitted', command: 'RenamePool' })
  })

  test('of a pool that there is not: the row alone is judged', () => {
    const rename = { type: 'RenamePool', data: { pool: 'west', name: 'Yard' } }
    world().when(rename, 'admin/zenith/zoe').then({ type: 'PoolNotFound', pool: 'west' })
    world().when(rename, 'system/feed').then({ type: 'NotPermitted', command: 'RenamePool' })
  })
})

describe('Who may see', () => {
  const acme = { organization: named(OrganizationId, 'acme') }
  const anns = { identity: named(IdentityId, 'user:ann') }

  test.each([
    ['operator/olga', true, true, true],
    ['system/feed', true, true, true],
    ['admin/acme/ada', true, false, false],
    ['admin/zenith/zoe', false, false, false],
    ['driver/user:ann', false, true, false],
    ['driver/user:bob', false, false, false],
  ])('%s: what is of acme %s, what is ann’s %s, what is nobody’s %s', (word, ofAcme, ofAnn, ofNobody) => {
    expect(maySee(actor(word), acme)).toBe(ofAcme)
    expect(maySee(actor(word), anns)).toBe(ofAnn)
    expect(maySee(actor(word), {})).toBe(ofNobody)
  })
})

describe('An actor in a word', () => {
  test.each([...Object.values(ACTORS), 'driver/rfid:0A*=:+|@._-'])('%s reads back', (word) => {
    expect(writeActor(actor(word))).toBe(word)
  })

  test.each([
    '',
    'admin',
    'admin/acme',
    'admin/acme/ada/x',
    'operator',
    'operator/olga/x',
    'driver/ann',
    'ghost/x',
    '__proto__/x',
    'constructor/x',
    'system/',
  ])('%p is no actor, and says so', (word) => {
    const parsed = parseActor(word)
    expect(isLeft(parsed) && parsed.left).toMatch(/ is no actor: admin\/ORG\/ID/)
  })
})

test('every sample of a command decodes', () => {
  for (const [type, data] of Object.entries(COMMANDS))
    expect(decodeCommand(type, data)).toMatchObject({ _tag: 'Right' })
})
