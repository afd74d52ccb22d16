/**
 * A CSV file as its rows: UTF-8 throughout or not at all, RFC 4180, columns by the names of the header. A row is told
 * by the line that it starts on.
 */
import { readFile } from 'node:fs/promises'
import { codeOf, failed, messageOf } from '../failure'

export interface Row {
  readonly line: number
  /** The value in a column; empty where the column is optional and absent. */
  readonly at: (column: string) => string
  /** It has as many values as the header has columns. */
  readonly whole: boolean
}

/** What a file must have in its header, and what it may have. */
export interface Columns {
  readonly needed: readonly string[]
}

/** Reads a text file that must be UTF-8; a byte-order mark is passed over. */
export const readText = async (file: string): Promise<string> => {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    throw failed(
      codeOf(error) === 'ENOENT'
        ? `There is no file ${file}.`
        : `${file} cannot be read: ${messageOf(error)}.`,
    )
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw failed(`${file} is not UTF-8: nothing of it was taken.`)
  }
}

const newlinesIn = (record: readonly string[]): number => {
  let newlines = 0
  for (const value of record)
    for (let at = value.indexOf('\n'); at >= 0; at = value.indexOf('\n', at + 1)) newlines += 1
  return newlines
}

/** Calls for each record with the line it starts on; a quote that is never closed leaves the rest one torn record. */
const eachRecord = async (
  text: string,
  take: (record: readonly string[], line: number, torn: boolean) => void,
): Promise<void> => {
  const { parse } = await import('csv-parse/sync')
  let line = 1
  try {
    parse(text, {
      relax_column_count: true,
      relax_quotes: true,
      record_delimiter: ['\r\n', '\n'],
      on_record: (record: string[]) => {
        take(record, line, false)
        // Not the parser's own count: within quotes it takes CR LF for two lines.
        line += 1 + newlinesIn(record)
        return null
      },
    })
  } catch (error) {
    if (codeOf(error) !== 'CSV_QUOTE_NOT_CLOSED') throw failed(`The file is no CSV: ${messageOf(error)}.`)
    take([], line, true)
  }
}

/** Reads the rows of a file, in order. A file without a needed column is refused as a whole. */
export const readRows = async (
  file: string,
  { needed }: Columns,
  take: (row: Row) => void,
): Promise<void> => {
  const text = await readText(file)
  const indexOf = new Map<string, number>()
  let columns = -1
  const header = (names: readonly string[]): void => {
    columns = names.length
    for (const [index, name] of names.entries()) if (!indexOf.has(name)) indexOf.set(name, index)
    const missing = needed.filter((name) => !indexOf.has(name))
    if (missing.length > 0)
      throw failed(`${file} has no column ${missing.map((name) => JSON.stringify(name)).join(', ')}.`)
  }
  const rows: (() => void)[] = []
  await eachRecord(text, (record, line, torn) => {
    if (columns < 0) {
      // The parser takes what is thrown in it for its own: the header is judged outside.
      columns = record.length
      rows.push(() => header(torn ? [] : record))
      return
    }
    const at = (column: string): string => record[indexOf.get(column) ?? -1] ?? ''
    rows.push(() => take({ line, at, whole: !torn && record.length === columns }))
  })
  if (columns < 0) rows.push(() => header([]))
  for (const row of rows) row()
}
