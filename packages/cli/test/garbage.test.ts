/** Thousands of damaged files and senseless arguments: always a document or an error that says so, never half a change. */
import * as fc from 'fast-check'
import { Failure } from '../src/failure'
import { commandFields } from '../src/commands/command-fields'
import { readMembers } from '../src/import/members'
import { readSessionsNetwork } from '../src/import/sessions'
import { readStations } from '../src/import/stations'
import { COLUMNS, file, row, stations } from './files'
import { type Said, shell } from './shell'

/** Values from what a file may hold to what none should. */
const value = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '1',
    '7',
    '999',
    '1000',
    'ELEC',
    'LPG',
    'P',
    'E',
    'public',
    'private',
    'true',
    'false',
    'Free',
    '=1+1',
    '../x',
    "'; --",
    '"',
    '""',
    '\u0000',
    '_x000D_',
    '\u202Eabc',
    '💥',
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.integer().map(String),
)

const almostStation = fc
  .record(Object.fromEntries(COLUMNS.map((column) => [column, value])), { requiredKeys: [] })
  .map((station) => row(station))

/** A line that was damaged on its way. */
const damaged = fc
  .tuple(
    almostStation,
    fc.nat(),
    fc.constantFrom('cut', 'doubled', 'quote', 'blank', 'whole', 'tabs', 'joined'),
  )
  .map(([line, at, how]) => {
    const place = at % (line.length + 1)
    switch (how) {
      case 'cut':
        return line.slice(0, place)
      case 'doubled':
        return `${line}\n${line}`
      case 'quote':
        return `${line.slice(0, place)}"${line.slice(place)}`
      case 'blank':
        return ''
      case 'tabs':
        return line.replaceAll(',', '\t')
      case 'joined':
        return `${line},${line}`
      default:
        return line
    }
  })

const readAs = {
  stations: (path: string) => readStations(path, new Map()),
  sessions: readSessionsNetwork,
  members: async (path: string) => (await readMembers(path, true))(new Set(['p', 'q'])),
}

/** What a reader answers: rows, or a failure of ours. */
const answers = async (kind: keyof typeof readAs, content: string | Uint8Array): Promise<number> => {
  try {
    const wanted = await readAs[kind](file('garbage.csv', content))
    const lines = wanted.rejected.map(({ line }) => line)
    expect(lines).toEqual([...lines].sort((a, b) => a - b))
    for (const { label, hostLabel } of wanted.chargers) {
      expect(Array.from(label).length).toBeLessThanOrEqual(120)
      expect(hostLabel.trim()).not.toBe('')
    }
    return wanted.rejected.length + wanted.chargers.length
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    expect(error.code).toBe(1)
    return 0
  }
}

describe('Files', () => {
  test('of damaged stations: every row is taken, skipped or told', async () => {
    let told = 0
    await fc.assert(
      fc.asyncProperty(fc.array(damaged, { minLength: 1, maxLength: 12 }), async (lines) => {
        told += await answers('stations', stations(...lines))
      }),
      { numRuns: 500 },
    )
    expect(told).toBeGreaterThan(500)
  })

  test('of damaged sessions and members', async () => {
    const cells = fc.array(
      fc.oneof(
        value,
        fc.constantFrom('p', 'user:1', 'rfid:AA', '2025-01-01T00:00:00Z', '0014-11-18 15:40:26'),
      ),
      { minLength: 2, maxLength: 6 },
    )
    const rows = fc.array(
      cells.map((row) => row.join(',')),
      { maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(rows, async (lines) => {
        await answers('sessions', ['sessionId,created,userId,stationId,locationId', ...lines].join('\n'))
        await answers('members', ['identity,pool,from,until', ...lines].join('\r\n'))
      }),
      { numRuns: 300 },
    )
  })

  test('of any bytes at all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('stations', 'sessions', 'members'),
        async (bytes, kind) => {
          await answers(kind, bytes)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('of damaged stations import: the store holds what the document says, and a second import nothing new', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(damaged, { minLength: 1, maxLength: 6 }), async (lines) => {
        const s = shell()
        const small = lines.map((line) => line.replace(/\d{3,}/g, '2'))
        const path = file('damaged.csv', stations(...small))
        const done = await s.json('import', 'stations', path)
        expect(done.code).toBe(done.doc.rejected.length > 0 ? 6 : 0)
        expect((await s.json('chargers')).doc).toHaveLength(done.doc.chargers)
        expect((await s.json('import', 'stations', path)).doc.events).toBe(0)
      }),
      { numRuns: 60 },
    )
  })
})

describe('Arguments', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'run',
      'apply',
      'decide',
      'import',
      'stations',
      'pools',
      'chargers',
      'history',
      'requests',
      'identities',
      'epoch',
      'backtest',
      '-',
      '--',
      '--json',
      '--as',
      '--store',
      '--pool',
      '--rfid',
      '--user',
      '--pin',
      '--none',
      '--at',
      '--known',
      '--batch',
      '--partner',
      '--id',
      '--if-revision',
      'operator/x',
      'CreatePool',
      '{}',
      '{"pool":"p"}',
      'p',
      '-h',
    ),
    fc.constantFrom(...Object.keys(commandFields)),
    fc.string({ maxLength: 10 }),
    fc.json({ maxDepth: 1 }),
  )

  const sound = ({ code, out, err }: Said): void => {
    expect([0, 1, 2, 3, 4, 5, 6]).toContain(code)
    expect(`${out}${err}`).not.toMatch(/\n\s+at /)
    if (code !== 0 && out === '') expect(err).not.toBe('')
  }

  test('of any kind are answered, and only a command that is done changes anything', async () => {
    const s = shell()
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 7 }), async (args) => {
        // A worker goes on for ever, and a file that is named by chance is not to be made.
        if (args.includes('worker')) return
        const before = await s.events()
        const said = await s.call(...args)
        sound(said)
        if (said.code === 1 || said.code === 2) expect(await s.events()).toBe(before)
      }),
      { numRuns: 1500 },
    )
  })

  test('as data of commands are done, refused, or named as wrong', async () => {
    const s = shell()
    const field = fc.oneof(
      value,
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('p', 'o', 'user:1', 'rfid:AA', 'c', true),
    )
    const entry = fc.constantFrom(...Object.entries(commandFields)).chain(([name, fields]) =>
      fc.tuple(
        fc.constant(name),
        fc.record(Object.fromEntries([...fields, 'note'].map((of) => [of.replace('?', ''), field])), {
          requiredKeys: [],
        }),
      ),
    )
    await fc.assert(
      fc.asyncProperty(entry, async ([name, data]) => {
        const before = await s.events()
        const said = await s.run(name, data)
        sound(said)
        if (said.code === 2 || (said.code === 5 && said.doc.outcome === 'Refused'))
          expect(await s.events()).toBe(before)
      }),
      { numRuns: 1500 },
    )
  })

  test('as lines of apply and of batches are answered line by line', async () => {
    const s = shell()
    const line = fc.oneof(
      fc.json({ maxDepth: 2 }),
      fc.string({ maxLength: 30 }),
      fc
        .record(
          {
            command: fc.constantFrom('CreatePool', 'Nonsense', 7),
            data: fc.jsonValue({ maxDepth: 1 }),
            id: value,
            as: value,
          },
          { requiredKeys: [] },
        )
        .map((given) => JSON.stringify(given)),
      fc
        .record(
          { charger: value, user: value, none: fc.boolean(), at: value, known: value },
          { requiredKeys: [] },
        )
        .map((given) => JSON.stringify(given)),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 15 }), async (lines) => {
        const text = lines.map((each) => each.replace(/[\r\n]/g, ' ')).join('\n')
        const expected = text.split('\n').filter((each) => each.trim() !== '').length
        for (const args of [
          ['apply', '-'],
          ['decide', '--batch', '-'],
        ]) {
          const said = await s.fed(text, ...args, '--json')
          sound(said)
          expect(said.docs).toHaveLength(expected)
          expect(said.docs.every((doc) => typeof doc === 'object' && doc !== null)).toBe(true)
        }
      }),
      { numRuns: 150 },
    )
  })
})
