/** Files whose quotes are torn: each costs its own record, told by its line, and nothing of what follows. */
import { recordsOf } from '../src/import/csv-records'
import { COLUMNS, file, row, stations } from './files'
import { shell } from './shell'

const imported = async (text: string) =>
  (await shell().json('import', 'stations', file('torn.csv', text))).doc

/** A row with a tear in its name. */
const torn = (id: string, name: string): string =>
  COLUMNS.map((column) => (column === 'Station Name' ? name : column === 'ID' ? id : 'x')).join(',')

const told = (text: string): (number | readonly string[])[] =>
  [...recordsOf(text)].map(({ line, values, torn: isTorn }) => (isTorn ? line : values))

describe.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
])('A torn quote, lines ending in %s', (_, end) => {
  const ended = (text: string): string => text.replaceAll('\n', end)

  test('in the middle costs its record, and spanning rows before and after stand', async () => {
    const text = stations(
      { ID: '1', 'Station Name': 'two\nlines' },
      torn('2', '"The "Old" Mill"'),
      { ID: '3', 'Station Name': 'three\n\nlines, "quoted"' },
      torn('4', '"North" Lot'),
      'cut',
      { ID: '5' },
    )
    expect(await imported(ended(text))).toMatchObject({
      stations: 3,
      rejected: [
        { line: 4, reason: 'ColumnCount' },
        { line: 8, reason: 'ColumnCount' },
        { line: 9, reason: 'ColumnCount' },
      ],
    })
  })

  test('that is never closed costs its record, and the good rows behind it are taken', async () => {
    const text = stations({ ID: '1' }, torn('2', '"open'), { ID: '3' }, { ID: '4', 'Station Name': 'a\nb' })
    const rejected = [{ line: 3, id: '', reason: 'ColumnCount' }]
    expect(await imported(ended(text))).toMatchObject({ stations: 3, rejected })
    expect(await imported(ended(`${stations({ ID: '1' })}ELEC,"torn\n${row({ ID: '2' })}\n`))).toMatchObject({
      stations: 2,
      rejected,
    })
    expect(await imported(ended(`${stations({ ID: '1' })}ELEC,"torn`))).toMatchObject({
      stations: 1,
      rejected,
    })
  })

  test('in the header leaves the file without columns', async () => {
    const said = await shell().call('import', 'stations', file('header.csv', ended('"ID" x,"y\n1,2\n')))
    expect([said.code, said.err]).toEqual([1, expect.stringContaining('no column')])
  })
})

test('A quote in a value that is not quoted is one of its characters', () => {
  expect(told('a 5" pipe,b"c"\n"d ""e""",\n"",f""\n')).toEqual([
    ['a 5" pipe', 'b"c"'],
    ['d "e"', ''],
    ['', 'f""'],
  ])
  expect(told('')).toEqual([])
  expect(told('\n\r\na\r,"b\r\nc"\r\n,')).toEqual([[''], [''], ['a\r', 'b\r\nc'], ['', '']])
})

describe('Thousands of torn rows', () => {
  // Each but the first is met within quotes and left within quotes: what is torn is known at the end of the file only.
  test.each([
    ['each by itself', 'x,"to"rn'],
    ['each by the next', 'x,"torn'],
    ['all by the end of the file', 'a",b,"'],
  ])('%s, are read in time', (_, line) => {
    const rows = 200_000
    const text = `${`${line}\n`.repeat(rows)}good,row`
    const begun = performance.now()
    const records = [...recordsOf(text)]
    expect(performance.now() - begun).toBeLessThan(5_000)
    expect(records).toHaveLength(rows + 1)
    expect(records.filter(({ torn: isTorn }) => isTorn)).toHaveLength(rows)
    expect(records.at(-1)).toEqual({ values: ['good', 'row'], line: rows + 1, torn: false })
  })

  test('among good ones are rejected, and the good ones taken', async () => {
    const lines = Array.from({ length: 2_000 }, (_, n) => [
      torn(String(n), n % 2 === 0 ? '"open' : '"o"pen'),
      row({ ID: String(n + 1), 'Fuel Type Code': 'LPG' }),
    ]).flat()
    const done = await imported(stations(...lines))
    expect(done.rejected).toHaveLength(2_000)
    expect(done.skipped).toEqual({ LPG: 2_000 })
  })
})
