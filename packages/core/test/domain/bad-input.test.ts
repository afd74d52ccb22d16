/**
 * Whatever comes in at an edge: a valid value in its canonical form, or an error that says what was wrong. Never a
 * throw, and never something between.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { isLeft, isRight, right } from 'fp-ts/Either'
import type * as t from 'io-ts'
import { Actor, parseActor, writeActor } from '../../src/domain/language/actor'
import { AccessLevel, Capability } from '../../src/domain/capabilities'
import { chargerAggregate } from '../../src/domain/charger'
import { commands, decodeCommand, isCommandName } from '../../src/domain/commands'
import { hashOf, Metadata } from '../../src/domain/event/envelope'
import { foldNext, nothingFolded } from '../../src/domain/event/fold'
import { identityAggregate } from '../../src/domain/identity'
import * as ids from '../../src/domain/language/ids'
import { partnersAggregate } from '../../src/domain/partner'
import { poolAggregate } from '../../src/domain/pool/evolve'
import { PoolStateCodec } from '../../src/domain/pool/state-codec'
import { parsePosition, writePosition } from '../../src/domain/event/position'
import type { RecordedEvent } from '../../src/domain/event/recorded'
import { Refusal } from '../../src/domain/refusals'
import { decodeSkip, NO_SKIPS } from '../../src/domain/event/skip'
import { ChargerStateCodec, IdentityStateCodec, PartnersStateCodec } from '../../src/domain/state-codec'
import { ownerOf, OUR_STREAMS, takes } from '../../src/domain/event/streams'
import { explainErrors } from '../../src/domain/language/struct'
import { Instant } from '../../src/domain/language/window'
import { furnishedWorld, play, walks } from '../../src/testing'
import { badly } from './bad-input'
import { placed } from './recorded'
import { COMMANDS } from './samples'

/** As much of a codec as is tried here. */
interface Tried {
  readonly name: string
  readonly is: (u: unknown) => boolean
  readonly decode: (u: unknown) => t.Validation<unknown>
  readonly encode: (a: never) => unknown
}

const LONGEST_ERROR = 1_000
const counts = { given: 0, valid: 0, refused: 0 }

const same = (what: string, actual: unknown, wanted: unknown): void => {
  if (!isDeepStrictEqual(actual, wanted)) {
    expect({ [what]: actual }).toStrictEqual({ [what]: wanted })
    throw new Error(`${what} differs`)
  }
}

/** What every codec keeps, whatever it is given. */
const keepsItsWord = (codec: Tried, input: unknown): void => {
  counts.given += 1
  const decoded = codec.decode(input)
  if (isLeft(decoded)) {
    const errors = explainErrors(decoded.left)
    counts.refused += 1
    if (codec.is(input)) throw new Error(`${codec.name} is what it does not read`)
    if (errors.length === 0 || errors.some((error) => error.length < 5 || error.length > LONGEST_ERROR))
      throw new Error(`${codec.name} does not say what was wrong: ${errors.join('; ').slice(0, 2_000)}`)
    return
  }
  counts.valid += 1
  if (!codec.is(decoded.right)) throw new Error(`${codec.name} reads what it is not`)
  const written: unknown = JSON.parse(JSON.stringify(codec.encode(decoded.right as never)))
  same(`${codec.name}, read again`, codec.decode(written), right(decoded.right))
}

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const simple = [
  ids.PoolId,
  ids.HostId,
  ids.OrganizationId,
  ids.RequestId,
  ids.ActorId,
  ids.CommandId,
  ids.RecordedCommandId,
  ids.ChargerId,
  ids.PartnerId,
  ids.TokenType,
  ids.RateName,
  ids.EmailAddress,
  ids.IdentityId,
  ids.Label,
  ids.Note,
  Instant,
  AccessLevel,
  Capability,
] as const

const FOLDER = join(__dirname, '..', 'fixtures', 'events')
const fixtures = readdirSync(FOLDER).map((file) => {
  const { position, ...event } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Omit<
    RecordedEvent,
    'position'
  > & { position: string }
  return { ...event, position: placed(position) }
})

describe('Bad input', () => {
  test('of commands: 8,000', () => {
    const samples = Object.entries(COMMANDS)
    const world = furnishedWorld()
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        badly(samples.map(([, data]) => data)),
        fc.boolean(),
        ([name, own], other, mine) => {
          const data = mine ? own : other
          if (!isCommandName(name)) throw new Error(name)
          for (const input of [data, other]) {
            keepsItsWord(commands[name], input)
            const command = decodeCommand(name, input)
            if (isLeft(command)) continue
            if (commands[name].is(input)) same(`${name}, canonical`, command.right.data, input)
            // What decodes is decided: to events or a refusal, never a throw.
            hashOf(command.right)
            world.issue(command.right, { type: 'Operator', id: ids.named(ids.ActorId, 'olga') })
          }
        },
      ),
      { numRuns: 4_000 },
    )
  })

  test('of each command, near its own form: 6,000', () => {
    const near = Object.entries(COMMANDS).map(([name, data]) =>
      badly([data]).map((input) => ({ name, input })),
    )
    fc.assert(
      fc.property(fc.oneof(...near), ({ name, input }) => {
        if (isCommandName(name)) keepsItsWord(commands[name], input)
      }),
      { numRuns: 6_000 },
    )
  })

  test('of ids, labels, addresses, levels and instants: 18 of 500', () => {
    const texts = badly([
      'north',
      'user:ann',
      'rfid:04A2B3C4',
      'desk@acme.example',
      '2025-03-01T12:00:00Z',
      'Nördliche Garage',
      'Public',
    ])
    fc.assert(
      fc.property(texts, (input) => {
        for (const codec of simple) {
          keepsItsWord(codec, input)
          const parsed = ids.parse<unknown>(codec, input)
          if (isLeft(parsed) && parsed.left.length > LONGEST_ERROR)
            throw new Error(parsed.left.slice(0, 2_000))
        }
      }),
      { numRuns: 500 },
    )
  })

  test('of actors, refusals, metadata: 3 of 700', () => {
    const samples = [
      { type: 'Administrator', id: 'ada', organization: 'acme' },
      { type: 'Driver', identity: 'user:ann' },
      { type: 'LevelForbids', pool: 'north', capability: 'freeVend' },
      { type: 'PoolNotEmpty', pool: 'north', chargers: 1, members: 0 },
      ...fixtures.map(({ metadata }) => metadata),
    ]
    fc.assert(
      fc.property(badly(samples), (input) => {
        for (const codec of [Actor, Refusal, Metadata]) keepsItsWord(codec, input)
      }),
      { numRuns: 700 },
    )
  })

  test('of states: 4 of 400', () => {
    const codecs = [PoolStateCodec, ChargerStateCodec, IdentityStateCodec, PartnersStateCodec]
    const [walk] = fc.sample(walks(fc), { numRuns: 1, seed: 7 })
    const world = walk === undefined ? furnishedWorld() : play({ ...walk, furnished: true })
    const samples = [
      ...[...world.pools.values()].flatMap(({ state }) => (state ? [PoolStateCodec.encode(state)] : [])),
      ...[...world.chargers.values()].flatMap(({ state }) =>
        state ? [ChargerStateCodec.encode(state)] : [],
      ),
      ...[...world.identities.values()].flatMap(({ state }) =>
        state ? [IdentityStateCodec.encode(state)] : [],
      ),
      { registered: ['newcomer'] },
    ].map(json)
    fc.assert(
      fc.property(badly(samples), (input) => {
        for (const codec of codecs) keepsItsWord(codec, input)
      }),
      { numRuns: 400 },
    )
  })

  test('of recorded events: 4,000, decoded and folded by each kind of stream', () => {
    const decoders = [
      poolAggregate.decode,
      chargerAggregate.decode,
      identityAggregate.decode,
      partnersAggregate.decode,
      decodeSkip,
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...fixtures),
        badly(fixtures.map(({ data, metadata }) => ({ data, metadata }))),
        fc.boolean(),
        (of, bad, whole) => {
          const body = typeof bad === 'object' && bad !== null ? (bad as Partial<RecordedEvent>) : {}
          const event: RecordedEvent = whole
            ? { ...of, data: bad }
            : { ...of, data: body.data, metadata: body.metadata }
          for (const decode of decoders) {
            counts.given += 1
            const result = decode(event)
            if (result.type === 'Decoded') {
              counts.valid += 1
              if (result.decoded.event.type !== event.type) throw new Error('another type')
            } else if (result.type !== 'Optional') {
              counts.refused += 1
              if (result.reason.length < 5 || result.reason.length > 2 * LONGEST_ERROR)
                throw new Error(`it does not say what was wrong: ${result.reason.slice(0, 3_000)}`)
            }
          }
          const at = { ...event, revision: 0 }
          for (const aggregate of [poolAggregate, chargerAggregate, identityAggregate, partnersAggregate]) {
            const folded = nothingFolded<never>()
            foldNext(aggregate as never, folded, at, NO_SKIPS)
            if (folded.suspended === undefined && folded.revision !== 0)
              throw new Error('neither taken nor suspended')
          }
        },
      ),
      { numRuns: 800 },
    )
  })

  test('of words: actors, positions, streams', () => {
    const words = badly([
      'admin/acme/ada',
      'driver/user:ann',
      'world:12-13',
      'accessPool-north',
      'charger-c1',
      'identity-rfid:0A',
    ])
    fc.assert(
      fc.property(words, (input) => {
        const word =
          typeof input === 'string'
            ? input
            : String(
                typeof input === 'symbol'
                  ? 'symbol'
                  : JSON.stringify(input === undefined || typeof input === 'bigint' ? 1 : 'x'),
              )
        counts.given += 1
        const actor = parseActor(word)
        if (isRight(actor)) same('actor', parseActor(writeActor(actor.right)), actor)
        const position = parsePosition(word)
        if (isRight(position)) same('position', parsePosition(writePosition(position.right)), position)
        if (ownerOf(word) !== undefined && !takes(OUR_STREAMS, word))
          throw new Error(`${word} is ours, and not taken`)
      }),
      { numRuns: 1_000 },
    )
  })

  test('was more than 10,000, and of every sort', () => {
    process.stdout.write(
      `Bad input: ${counts.given} given, ${counts.refused} refused with an error, ${counts.valid} valid and canonical\n`,
    )
    expect(counts.given).toBeGreaterThan(10_000)
    expect(counts.valid).toBeGreaterThan(1_000)
    expect(counts.refused).toBeGreaterThan(5_000)
  })
})
