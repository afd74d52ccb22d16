/**
 * A CSV file as its rows: UTF-8 throughout or not at all, RFC 4180, columns by the names of the header. A row is told
 * by the line that it starts on.
 */
import { readFile } from 'node:fs/promises'
import { codeOf, failed, messageOf } from '../failure'
import { recordsOf } from './csv-records'

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

const judgeHeader = (file: string, needed: readonly string[], found: ReadonlyMap<string, number>): void => {
  const missing = needed.filter((name) => !found.has(name))
  if (missing.length > 0)
    throw failed(`${file} has no column ${missing.map((name) => JSON.stringify(name)).join(', ')}.`)
}

/** Reads the rows of a file, in order. A file without a needed column is refused as a whole. */
export const readRows = async (
  file: string,
  { needed }: Columns,
  take: (row: Row) => void,
): Promise<void> => {
  const records = recordsOf(await readText(file))
  const indexOf = new Map<string, number>()
  let columns: number | undefined
  for (const { values, line, torn } of records) {
    if (columns !== undefined) {
      const at = (column: string): string => values[indexOf.get(column) ?? -1] ?? ''
      take({ line, at, whole: !torn && values.length === columns })
      continue
    }
    columns = values.length
    for (const [index, name] of values.entries()) if (!indexOf.has(name)) indexOf.set(name, index)
    judgeHeader(file, needed, indexOf)
  }
  if (columns === undefined) judgeHeader(file, needed, indexOf)
}
