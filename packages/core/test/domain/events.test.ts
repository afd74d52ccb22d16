/**
 * Events as they were ever written: a file for each version of each type, which must decode as long as there is a
 * store that may hold it; and what becomes of those that cannot be read.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { left, right } from 'fp-ts/Either'
import * as t from 'io-ts'
import { chargerAggregate, chargerEvents } from '../../src/domain/charger'
import { decoderOf, type EventCodecs, newestVersion } from '../../src/domain/event/decoding'
import { identityEvents } from '../../src/domain/identity'
import { partnerEvents } from '../../src/domain/partner'
import { poolEvents, subjectOf } from '../../src/domain/pool/events'
import { poolAggregate } from '../../src/domain/pool/evolve'
import type { RecordedEvent } from '../../src/domain/event/recorded'
import { skipEvents } from '../../src/domain/event/skip'
import { struct } from '../../src/domain/language/struct'
import { upcastFields } from '../../src/domain/event/upcasting'
import { foldOf, metadata, placed, recorded, type Told, toldIn } from './recorded'

const FOLDER = join(__dirname, '..', 'fixtures', 'events')

/** The tables of what each kind of stream may say. */
const TABLES: Readonly<Record<string, EventCodecs>> = {
  accessPool: poolEvents,
  charger: chargerEvents,
  identity: identityEvents,
  partners: partnerEvents,
  skips: skipEvents,
}

const fixture = (file: string): RecordedEvent => {
  const { position, ...event } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Omit<
    RecordedEvent,
    'position'
  > & {
    position: string
  }
  return { ...event, position: placed(position) }
}

const files = readdirSync(FOLDER).sort()
const tableOf = (stream: string): EventCodecs => TABLES[stream.split('-')[0] ?? ''] ?? {}

describe('Events that were ever written', () => {
  test.each(files)('%s still decodes, as what it said', (file) => {
    const event = fixture(file)
    const result = decoderOf(tableOf(event.stream))(event)
    expect(result).toMatchObject({
      type: 'Decoded',
      decoded: { event: { type: event.type }, metadata: event.metadata },
    })
  })

  test.each(files)(
    '%s is named after its type and version, and has the shape of a written envelope',
    (file) => {
      const event = fixture(file)
      const version = (event.metadata as { schemaVersion: number }).schemaVersion
      expect(file).toBe(`${event.type}.v${version}.json`)
      expect(event.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    },
  )

  test('each version of each type has a file, and no file is of a type that is unknown', () => {
    const wanted = Object.values(TABLES).flatMap((table) =>
      Object.keys(table).flatMap((type) =>
        Array.from({ length: newestVersion(table, type) }, (_, n) => `${type}.v${n + 1}.json`),
      ),
    )
    expect(files).toEqual([...new Set(wanted)].sort())
  })

  test('the source versions of chargers are written as those of identities', () => {
    const event = { ...fixture('SourceVersionSeen.v1.json'), stream: 'identity-user:ann' }
    expect(decoderOf(identityEvents)(event).type).toBe('Decoded')
  })

  test('what an event is about is part of its id: a charger, identity, request or partner, else the pool', () => {
    const subjects = Object.keys(poolEvents).map((type) => {
      const result = decoderOf(poolEvents)(fixture(`${type}.v1.json`))
      return [type, result.type === 'Decoded' ? subjectOf(result.decoded.event) : undefined]
    })
    const of = (prefix: RegExp, subject: string) =>
      subjects.filter(([type]) => prefix.test(String(type))).every(([, s]) => s === subject)
    expect(of(/^Charger/, 'c1')).toBe(true)
    expect(of(/^(Identity|Membership)/, 'user:ann')).toBe(true)
    expect(of(/^(AccessRequested|Request(?!s))/, 'r1')).toBe(true)
    expect(of(/^PartnerAccess/, 'chargehub')).toBe(true)
    expect(of(/^(Pool|AccessLevel|FreeVend|MemberRate|RequestsC)/, '')).toBe(true)
  })
})

describe('Old versions', () => {
  /** A made-up type in its third version: `{name}`, then `{title}`, then `{title, length}`. */
  const codecs = {
    SongSung: {
      data: struct('SongSung', { title: t.string, length: t.number }),
      upcasts: [
        upcastFields(({ name, ...rest }) => ({ ...rest, title: name })),
        (data: unknown) =>
          typeof data === 'object' && data !== null && 'title' in data && typeof data.title === 'string'
            ? right({ ...data, length: data.title.length })
            : left('title: is missing'),
      ],
    },
  }
  const read = (schemaVersion: number, data: unknown) =>
    decoderOf(codecs)(recorded('SongSung', data, { meta: metadata({ schemaVersion }) }))
  const sung = {
    type: 'Decoded',
    decoded: { event: { type: 'SongSung', data: { title: 'Yesterday', length: 9 } } },
  }

  test('become the newest, a step at a time', () => {
    expect(read(1, { name: 'Yesterday' })).toMatchObject(sung)
    expect(read(2, { title: 'Yesterday' })).toMatchObject(sung)
    expect(read(3, { title: 'Yesterday', length: 9 })).toMatchObject(sung)
  })

  test('that a step cannot take are malformed, and say why', () => {
    expect(read(1, 'Yesterday')).toEqual({ type: 'Malformed', reason: 'the value: must be an object' })
    expect(read(2, { name: 'Yesterday' })).toEqual({ type: 'Malformed', reason: 'title: is missing' })
    expect(read(3, { title: 'Yesterday' })).toEqual({ type: 'Malformed', reason: 'length: is missing' })
  })

  test('are not taken for the newest because they look like it', () => {
    expect(read(1, { title: 'Yesterday', length: 9 }).type).toBe('Malformed')
  })

  test('newer than the newest are unknown', () => {
    expect(read(4, { title: 'Yesterday', length: 9 })).toEqual({
      type: 'UnknownVersion',
      reason: 'SongSung of version 4 is newer than 3, the newest known',
    })
  })

  test('the version that is written is one more than there are steps', () => {
    expect([newestVersion(codecs, 'SongSung'), newestVersion(poolEvents, 'PoolCreated')]).toEqual([3, 1])
    expect(newestVersion(codecs, 'constructor')).toBe(1)
  })
})

describe('An event that cannot be read', () => {
  const read = decoderOf(poolEvents)
  const created = { organization: 'acme', name: 'North', level: 'Public' }

  test.each(['PoolPainted', 'constructor', '__proto__', 'toString', 'ChargerAllocated'])(
    'of type %s is unknown',
    (type) => {
      expect(read(recorded(type, {}))).toMatchObject({ type: 'UnknownType' })
    },
  )

  test('of an unknown type that its writer marked as optional is passed over; a known one never is', () => {
    const meta = metadata({ optional: true })
    expect(read(recorded('PoolPainted', {}, { meta }))).toEqual({ type: 'Optional' })
    expect(read(recorded('PoolCreated', created, { meta })).type).toBe('Decoded')
    expect(read(recorded('PoolCreated', {}, { meta })).type).toBe('Malformed')
    expect(read(recorded('PoolPainted', {}, { meta: { optional: 'yes' } })).type).toBe('UnknownType')
  })

  test.each([
    ['no object', 'North', 'the value: must be an object'],
    ['a list', [created], 'the value: must be an object'],
    ['a field missing', { organization: 'acme', name: 'North' }, 'level: is missing'],
    ['a field of a wrong type', { ...created, name: 7 }, 'name: must be a string'],
    ['an unknown level', { ...created, level: 'Open' }, 'level: must be one of Public, Private, Restricted'],
  ])('with %s is malformed, and says what was wrong', (_, data, reason) => {
    expect(read(recorded('PoolCreated', data))).toEqual({ type: 'Malformed', reason })
  })

  test.each([
    ['none', null, 'metadata: the value: must be an object'],
    ['no actor', { ...metadata(), actor: undefined }, 'metadata: actor: is missing'],
    [
      'an unknown actor',
      metadata({ actor: { type: 'Ghost' } }),
      'metadata: actor: must be an Administrator, Operator, Driver or System',
    ],
    [
      'no version',
      { ...metadata(), schemaVersion: '1' },
      'metadata: schemaVersion: must be a whole number from 1 to 1000',
    ],
  ])('with metadata that is %s is malformed', (_, meta, reason) => {
    expect(read(recorded('PoolCreated', created, { meta }))).toEqual({ type: 'Malformed', reason })
  })

  test('with fields that a newer writer added is read all the same, and what is remembered holds none of them', () => {
    const extra = { colour: 'green', '': 1 }
    const told = (...events: Told): Told => events.map(([type, data]) => [type, { ...data, ...extra }])
    const pool = foldOf(
      poolAggregate,
      toldIn(
        'accessPool-north',
        told(
          ['PoolCreated', { ...created, level: 'Restricted' }],
          ['RequestsConfigured', { enabled: true, notify: [], expiresAfterDays: 1, waitAfterDenialHours: 1 }],
          ['ChargerAdded', { charger: 'c1', claim: 1 }],
          ['IdentityAdded', { identity: 'user:ann', generation: 1 }],
          ['MembershipChanged', { identity: 'user:ann', generation: 1 }],
        ),
        metadata(extra),
      ),
    )
    const charger = foldOf(
      chargerAggregate,
      toldIn(
        'charger-c1',
        told(
          ['ChargerAllocated', { host: 'h1', organization: 'acme', label: 'Bay' }],
          ['ChargerClaimed', { pool: 'north', claim: 1 }],
        ),
        metadata(extra),
      ),
    )
    expect([pool.suspended, charger.suspended]).toEqual([undefined, undefined])
    expect(inspect([pool.state, charger.state], { depth: 9 })).not.toContain('green')
  })
})
