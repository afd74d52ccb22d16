/** The grammar of all names, texts, instants and windows; and the envelope that every event is written in. */
import { createHash } from 'node:crypto'
import { isRight } from 'fp-ts/Either'
import type * as t from 'io-ts'
import { envelop, type Cause, uuidV5 } from '../../src/domain/event/envelope'
import * as ids from '../../src/domain/language/ids'
import { randomId, systemRuntime } from '../../src/domain/runtime'
import {
  chargerStream,
  identityStream,
  OUR_STREAMS,
  ownerOf,
  poolStream,
  takes,
} from '../../src/domain/event/streams'
import {
  hasEnded,
  Instant,
  instantOf,
  isValidWindow,
  millisecondsOf,
  sameWindow,
} from '../../src/domain/language/window'

const { ChargerId, CommandId, IdentityId, Label, named, Note, PartnerId, PoolId } = ids
interface Form {
  readonly is: (u: unknown) => boolean
  readonly decode: (u: unknown) => t.Validation<unknown>
}
const takesAll = (codec: Form, words: readonly string[]) =>
  expect(words.filter((word) => !codec.is(word))).toEqual([])
const takesNone = (codec: Form, words: readonly string[]) =>
  expect(words.filter((word) => isRight(codec.decode(word)))).toEqual([])

describe('Ids', () => {
  const plain = ['a', 'Z', '0', 'a.b_c-d', 'A'.repeat(64), 'constructor', '..'.padStart(3, 'x')]
  const never = ['', '.a', '-a', '_a', 'a/b', 'a b', 'ä', 'a'.repeat(65), 'a\n', '\u0000', ' a', 'a ', '*']

  test.each(['PoolId', 'HostId', 'OrganizationId', 'RequestId', 'ActorId', 'CommandId'] as const)(
    '%s is 1 to 64 letters, digits, or ._- with a letter or digit first',
    (name) => {
      takesAll(ids[name], plain)
      takesNone(ids[name], [...never, 'a=b', 'a*'])
    },
  )

  test('are case-sensitive', () => {
    expect(PoolId.decode('North')).toEqual({ _tag: 'Right', right: 'North' })
  })

  test('of a charger may also hold OCPP’s characters, after the first', () => {
    takesAll(ChargerId, [...plain, 'a*=:+|@', 'CP:1|2'])
    takesNone(ChargerId, [...never, '=a', '@', 'a/b', 'a#'])
  })

  test('of a command may have a part where it is recorded, and not where it is given', () => {
    takesAll(ids.RecordedCommandId, ['a1', 'a1/1', 'a1/999999'])
    takesNone(ids.RecordedCommandId, ['a1/', 'a1/x', 'a1/1/2', 'a1/1000000'])
    takesNone(CommandId, ['a1/1'])
  })

  test('of a partner is 1 to 32 lower-case letters, digits, or - with a letter first', () => {
    takesAll(PartnerId, ['a', 'ampup', 'charge-hub-2', 'a'.repeat(32)])
    takesNone(PartnerId, ['', 'Ampup', '2a', '-a', 'a.b', 'a_b', 'a'.repeat(33)])
  })

  test('of a mobile user is user: and the first form', () => {
    takesAll(IdentityId, ['user:ann', `user:${'a'.repeat(64)}`])
    takesNone(IdentityId, [
      'user:',
      'user: ann',
      'user:a/b',
      'User:ann',
      'ann',
      `user:${'a'.repeat(65)}`,
      'user:a@b',
    ])
    expect(ids.kindOf(named(IdentityId, 'user:ann'))).toBe('MobileUser')
  })

  test('of a card is rfid: and 1 to 36 characters, after trimming and ASCII upper-casing', () => {
    takesAll(IdentityId, ['rfid:04A2B3C4', 'rfid:*=:+|@._-', `rfid:${'0'.repeat(36)}`])
    takesNone(IdentityId, [
      'rfid:',
      'rfid:  ',
      `rfid:${'0'.repeat(37)}`,
      'rfid:Ä',
      'rfid:ß',
      'rfid:0 1',
      'rfid:0/1',
      'RFID:01',
      'rfid:ı',
    ])
    expect(IdentityId.decode('rfid: 04a2b3c4 ')).toEqual({ _tag: 'Right', right: 'rfid:04A2B3C4' })
    expect(IdentityId.is('rfid:04a2b3c4')).toBe(false)
    expect(ids.kindOf(named(IdentityId, 'rfid:0a'))).toBe('Rfid')
  })

  test('that are wrong say what their form is, and repeat what was given in few characters', () => {
    expect(ids.parse(PoolId, 'a/b')).toEqual({
      _tag: 'Left',
      left: 'PoolId "a/b": the value: must be 1 to 64 letters, digits, or ._- (a letter or digit first)',
    })
    expect(ids.parse(PoolId, 7)).toMatchObject({ left: 'PoolId 7: the value: must be a string' })
    expect(ids.parse(PoolId, 7n)).toMatchObject({ left: 'PoolId 7: the value: must be a string' })
    expect(ids.parse(PoolId, { a: 1 })).toMatchObject({
      left: 'PoolId an object: the value: must be a string',
    })
    const long = ids.parse(PoolId, 'x'.repeat(100_000))
    expect(isRight(long) ? '' : long.left.length).toBeLessThan(250)
  })
})

describe('Texts', () => {
  test('are any Unicode in NFC, without control characters and lone surrogates, and not blank', () => {
    takesAll(Label, ['a', 'Nürnberg', '充電', '😀', 'a\u202eb', '__proto__', ' a '])
    takesNone(Label, ['', ' ', '\u3000', 'a\u0000', 'a\nb', 'a\u007f', 'a\u0085', '\ud800', 'a\udc00'])
    expect(Label.decode('Nu\u0308rnberg')).toEqual({ _tag: 'Right', right: 'N\u00fcrnberg' })
  })

  test('are counted in characters: a label at most 120, a note at most 280', () => {
    takesAll(Label, ['x'.repeat(120), '😀'.repeat(120)])
    takesNone(Label, ['x'.repeat(121), '😀'.repeat(121)])
    takesAll(Note, ['x'.repeat(280)])
    takesNone(Note, ['x'.repeat(281)])
  })

  test('of addresses have one @, and nothing that separates addresses', () => {
    takesAll(ids.EmailAddress, ['a@b', 'desk+night@acme.example', 'jörg@acme.example'])
    takesNone(ids.EmailAddress, [
      '',
      'a',
      '@b',
      'a@',
      'a@b@c',
      'a b@c',
      'a@b,c@d',
      'a@b;c',
      'a\n@b',
      '<a@b>',
      `${'a'.repeat(65)}@b`,
      `a@${'b'.repeat(254)}`,
    ])
  })
})

describe('Instants', () => {
  test.each([
    ['2025-03-01T12:00:00Z', '2025-03-01T12:00:00.000Z'],
    ['2025-03-01T12:00:00.5Z', '2025-03-01T12:00:00.500Z'],
    ['2025-03-01T12:00:00.123456789Z', '2025-03-01T12:00:00.123Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('%s is %s', (given, right) => {
    expect(Instant.decode(given)).toEqual({ _tag: 'Right', right })
    expect(Instant.is(given)).toBe(given === right)
  })

  test('are UTC, and exist', () => {
    takesNone(Instant, [
      '',
      'now',
      '2025-03-01',
      '2025-03-01T12:00Z',
      '2025-03-01T12:00:00',
      '2025-03-01T12:00:00+00:00',
      '2025-03-01T12:00:00z',
      '2025-02-29T00:00:00Z',
      '2025-04-31T00:00:00Z',
      '2025-13-01T00:00:00Z',
      '2025-03-01T24:00:00Z',
      '2025-03-01T12:60:00Z',
      '2025-03-01T12:00:60Z',
      '+002025-03-01T12:00:00Z',
    ])
  })

  test('in text order are in time order, at every clock', () => {
    const clocks = [-1e15, -62_167_219_200_000, -1, 0, 1, 1_740_830_400_000, 253_402_300_799_999, 1e15]
    const written = clocks.map(instantOf)
    expect([...written].sort()).toEqual(written)
    expect(written.every((instant) => Instant.is(instant))).toBe(true)
    expect(millisecondsOf(instantOf(1_740_830_400_123))).toBe(1_740_830_400_123)
  })
})

describe('A window', () => {
  const [early, late] = [named(Instant, '2025-01-01T00:00:00Z'), named(Instant, '2025-02-01T00:00:00Z')]

  test('holds from its beginning until before its end, each end optional', () => {
    expect([{}, { from: early }, { until: early }, { from: early, until: late }].map(isValidWindow)).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(isValidWindow({ from: late, until: early })).toBe(false)
    expect(isValidWindow({ from: early, until: early })).toBe(false)
    expect(hasEnded({ until: early }, early)).toBe(true)
    expect(hasEnded({ until: late }, early)).toBe(false)
    expect(hasEnded({ from: late }, early)).toBe(false)
    expect(sameWindow({ from: early }, { from: early })).toBe(true)
    expect(sameWindow({ from: early }, { until: early })).toBe(false)
  })
})

describe('An envelope', () => {
  const cause = (more: Partial<Cause> = {}): Cause => ({
    actor: { type: 'Operator', id: named(ids.ActorId, 'olga') },
    occurredAt: named(Instant, '2025-03-01T12:00:00Z'),
    commandId: named(CommandId, 'a1'),
    commandHash: 'hash',
    correlationId: 'visit',
    ...more,
  })
  const said = { type: 'PoolHidden', data: {} }
  const idOf = (of: Cause, stream: string, subject: string, type = 'PoolHidden') =>
    envelop(of, stream, subject, 1, { type, data: {} }).id

  test('says who, when, why, and by which command', () => {
    expect(
      envelop(
        cause({ note: named(Note, 'As agreed'), traceparent: '00-1-2-01' }),
        'accessPool-north',
        '',
        2,
        said,
      ),
    ).toEqual({
      id: idOf(cause(), 'accessPool-north', ''),
      type: 'PoolHidden',
      data: {},
      metadata: {
        schemaVersion: 2,
        actor: { type: 'Operator', id: 'olga' },
        occurredAt: '2025-03-01T12:00:00.000Z',
        note: 'As agreed',
        commandHash: 'hash',
        $correlationId: 'visit',
        $causationId: 'a1',
        traceparent: '00-1-2-01',
      },
    })
  })

  test('has an id of what it says: the command, the stream, the type and the subject, and nothing else', () => {
    const id = idOf(cause(), 'accessPool-north', 'c1')
    expect(
      idOf(
        cause({ correlationId: 'other', occurredAt: named(Instant, '2025-04-01T12:00:00Z') }),
        'accessPool-north',
        'c1',
      ),
    ).toBe(id)
    const others = [
      idOf(cause({ commandId: named(CommandId, 'a2') }), 'accessPool-north', 'c1'),
      idOf(cause(), 'accessPool-south', 'c1'),
      idOf(cause(), 'accessPool-north', 'c2'),
      idOf(cause(), 'accessPool-north', 'c1', 'PoolShown'),
      idOf(cause({ commandId: named(ids.RecordedCommandId, 'a1/1') }), 'accessPool-north', 'c1'),
    ]
    expect(new Set([id, ...others]).size).toBe(6)
  })

  test('has an id that is a UUID of version 5, as RFC 9562 makes it', () => {
    const namespace = Buffer.from('6c1f0a54d9b04f0e8a0c5d2f3b7e9a11', 'hex')
    const digest = createHash('sha1')
      .update(Buffer.concat([namespace, Buffer.from('north/ü')]))
      .digest('hex')
    const id = uuidV5('north/ü').replaceAll('-', '')
    expect(id).toMatch(/^[0-9a-f]{12}5[0-9a-f]{3}[89ab][0-9a-f]{15}$/)
    expect([id.slice(0, 12), id.slice(13, 16), id.slice(17)]).toEqual([
      digest.slice(0, 12),
      digest.slice(13, 16),
      digest.slice(17, 32),
    ])
  })
})

describe('Streams', () => {
  test('are named after what they are of, and read back', () => {
    expect(ownerOf(poolStream(named(PoolId, 'a-b')))).toEqual({ kind: 'Pool', pool: 'a-b' })
    expect(ownerOf(chargerStream(named(ChargerId, 'c-1|2')))).toEqual({ kind: 'Charger', charger: 'c-1|2' })
    expect(ownerOf(identityStream(named(IdentityId, 'rfid:0-A')))).toEqual({
      kind: 'Identity',
      identity: 'rfid:0-A',
    })
    expect(['partners', 'skips', 'epoch'].map((name) => ownerOf(name)?.kind)).toEqual([
      'Partners',
      'Skips',
      'Epoch',
    ])
  })

  test('of others, and namesakes, are none of ours', () => {
    const namesakes = [
      '',
      '-',
      'accessPool',
      'accessPool-',
      'pool-north',
      'partners-1',
      'skip',
      'identity-ann',
      'chargers-c1',
    ]
    expect(namesakes.filter((name) => ownerOf(name) !== undefined)).toEqual([])
    expect(
      ['partners-1', 'accessPoolX-1', 'epoch-1', 'charger'].filter((name) => takes(OUR_STREAMS, name)),
    ).toEqual([])
    expect(
      ['accessPool-north', 'charger-c1', 'identity-user:ann', 'partners', 'skips', 'epoch'].every((name) =>
        takes(OUR_STREAMS, name),
      ),
    ).toBe(true)
  })
})

describe('The machine’s own runtime', () => {
  test('draws ids that pools and commands may have', () => {
    const drawn = [0, 1, 2].map(() => randomId(systemRuntime))
    expect(new Set(drawn).size).toBe(3)
    takesAll(PoolId, drawn)
    expect(randomId({ ...systemRuntime, random: () => 0 })).toBe('0'.repeat(32))
  })
})
