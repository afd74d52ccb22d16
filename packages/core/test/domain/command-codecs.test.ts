/** Commands as JSON: read in their canonical form, or refused with the field and what was wrong. */
import { isLeft, isRight } from 'fp-ts/Either'
import { commands, decodeCommand, isCommandName } from '../../src/domain/commands'
import { hashOf } from '../../src/domain/event/envelope'
import { COMMANDS } from './samples'

const names = Object.keys(COMMANDS)
const sample = (name: string) => COMMANDS[name] ?? {}
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const decoded = (name: string, data: unknown): unknown => {
  const command = decodeCommand(name, data)
  if (isLeft(command)) throw new Error(command.left.join('; '))
  return command.right.data
}
const faults = (name: string, data: unknown): readonly string[] => {
  const command = decodeCommand(name, data)
  if (isRight(command)) throw new Error(`${name} was read`)
  return command.left
}

/** The fields that a command must have, by the table "Commands as JSON". */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  CreatePool: ['organization', 'name'],
  EditPool: ['pool'],
  RenamePool: ['pool', 'name'],
  ChangeAccessLevel: ['pool', 'level'],
  SetHidden: ['pool', 'hidden'],
  SetFreeVend: ['pool', 'freeVend'],
  SetMemberRate: ['pool', 'memberRate'],
  ConfigureRequests: ['pool', 'enabled'],
  SetPartnerAccess: ['pool', 'partner', 'visible', 'control'],
  ArchivePool: ['pool'],
  AddChargers: ['pool', 'chargers'],
  RemoveChargers: ['pool', 'chargers'],
  AllocateCharger: ['charger', 'host', 'organization'],
  DeallocateCharger: ['charger'],
  RegisterIdentity: ['identity', 'organization'],
  BlockIdentity: ['identity'],
  UnblockIdentity: ['identity'],
  DeregisterIdentity: ['identity'],
  AddIdentities: ['pool', 'identities'],
  RemoveIdentities: ['pool', 'identities'],
  ChangeMembership: ['pool', 'identity'],
  RequestAccess: ['identity', 'charger'],
  WithdrawRequest: ['pool', 'request'],
  ApproveRequest: ['pool', 'request'],
  DenyRequest: ['pool', 'request'],
  CloseExpiredRequests: ['pool'],
  RegisterPartner: ['partner'],
  SkipEvent: ['stream', 'revision', 'reason'],
}

describe('A command as JSON', () => {
  test.each(names)('%s, with every field, reads as it is written, and writes as it was read', (name) => {
    expect(decoded(name, sample(name))).toEqual(sample(name))
    if (!isCommandName(name)) throw new Error(`${name} is no command`)
    expect(commands[name].is(decoded(name, sample(name)))).toBe(true)
    expect(decoded(name, json(decoded(name, sample(name))))).toEqual(sample(name))
  })

  test.each(names)('%s needs these fields and no others', (name) => {
    const needed = Object.keys(sample(name)).filter((field) => {
      const { [field]: _, ...rest } = sample(name)
      const read = decodeCommand(name, rest)
      if (isLeft(read)) expect(read.left).toEqual([expect.stringContaining(`${field}: is missing`)])
      return isLeft(read)
    })
    expect(needed.sort()).toEqual([...(REQUIRED[name] ?? [])].sort())
  })

  test.each(names)('%s refuses a field that it does not have, and names it', (name) => {
    expect(faults(name, { ...sample(name), colour: 'green' })).toEqual(['colour: is not a field here'])
    expect(faults(name, { ...sample(name), ['__proto__']: 1, constructor: 1 })).toContain(
      'constructor: is not a field here',
    )
    expect(faults(name, JSON.parse(`{"__proto__": {}}`))).toContain('__proto__: is not a field here')
  })

  test.each(names)('%s refuses what is no object', (name) => {
    for (const data of [null, undefined, 7, 'x', [], [sample(name)], true])
      expect(faults(name, data)).toEqual(['the value: must be an object'])
  })

  test('names the field of a field, and all that is wrong at once', () => {
    const edit = { pool: 'north', requests: { enabled: 'yes', colour: 1 }, partners: { Ampup: {} } }
    expect([...faults('EditPool', edit)].sort()).toEqual([
      'partners.Ampup: must be 1 to 32 lower-case letters, digits, or - (a letter first)',
      'requests.colour: is not a field here',
      'requests.enabled: must be true or false',
    ])
    expect(
      faults('AddIdentities', {
        pool: 'north',
        identities: ['user:ann', { identity: 'ann' }, { identity: 'user:ann', form: 1 }],
      }),
    ).toEqual([
      expect.stringMatching(/^identities\.1\.identity: must be user: and /),
      'identities.2.form: is not a field here',
    ])
    expect(faults('ChangeMembership', { pool: 'north', identity: 'user:ann', from: 'soon' })).toEqual([
      'from: must be an instant in UTC, like 2025-03-01T12:00:00Z, or null',
    ])
  })

  test('that there is not is refused', () => {
    for (const name of ['Rename', '', 'constructor', '__proto__', 'toString', 'IssuePin'])
      expect(faults(name, {})).toEqual([`there is no command ${JSON.stringify(name)}`])
  })

  test('is brought into its canonical form: cards in upper case, instants in full, labels composed', () => {
    expect(
      decoded('AddIdentities', {
        pool: 'north',
        identities: [
          'rfid: 04a2b3c4 ',
          { identity: 'rfid:0a', from: '2025-03-01T12:00:00Z', until: '2025-03-01T12:00:00.123456Z' },
        ],
      }),
    ).toEqual({
      pool: 'north',
      identities: [
        { identity: 'rfid:04A2B3C4' },
        { identity: 'rfid:0A', from: '2025-03-01T12:00:00.000Z', until: '2025-03-01T12:00:00.123Z' },
      ],
    })
    expect(decoded('RenamePool', { pool: 'north', name: 'Nu\u0308rnberg' })).toEqual({
      pool: 'north',
      name: 'N\u00fcrnberg',
    })
  })

  test('of a card names its organization, of a mobile user none', () => {
    expect(faults('RegisterIdentity', { identity: 'rfid:0A' })).toEqual([
      expect.stringMatching(/^organization: is missing/),
    ])
    expect(faults('RegisterIdentity', { identity: 'user:ann', organization: 'acme' })).toEqual([
      expect.stringMatching(/^organization: is of cards only/),
    ])
    expect(faults('RegisterIdentity', { identity: 'user:ann', tokenType: 'KeyCode' })).toHaveLength(1)
    expect(decoded('RegisterIdentity', { identity: 'user:ann' })).toEqual({ identity: 'user:ann' })
  })
})

describe('What tells two commands of one id apart', () => {
  const hash = (name: string, data: unknown) => hashOf({ type: name, data: decoded(name, data) })

  test.each(names)('is in %s every field', (name) => {
    const whole = hash(name, sample(name))
    for (const field of Object.keys(sample(name))) {
      if (REQUIRED[name]?.includes(field) === true) continue
      const { [field]: _, ...rest } = sample(name)
      expect(hash(name, rest)).not.toBe(whole)
    }
  })

  test('is not the order of fields, nor how they were spelt', () => {
    const reversed = Object.fromEntries(Object.entries(sample('EditPool')).reverse())
    expect(hash('EditPool', reversed)).toBe(hash('EditPool', sample('EditPool')))
    expect(hash('BlockIdentity', { identity: 'rfid:0a' })).toBe(
      hash('BlockIdentity', { identity: 'rfid:0A' }),
    )
  })

  test('is what differs deep inside', () => {
    const partners = (visible: boolean) => ({
      pool: 'north',
      partners: { ampup: { visible, control: false } },
    })
    expect(hash('EditPool', partners(true))).not.toBe(hash('EditPool', partners(false)))
    expect(hash('AddIdentities', { pool: 'north', identities: ['user:ann', 'user:bob'] })).not.toBe(
      hash('AddIdentities', { pool: 'north', identities: ['user:bob', 'user:ann'] }),
    )
  })
})
