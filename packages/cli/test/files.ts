/** Files that last as long as a test file, and station files made of rows. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let folder: string | undefined

/** Writes a file, or names one that is not there. */
export const file = (name: string, content?: string | Uint8Array): string => {
  folder ??= mkdtempSync(join(tmpdir(), 'access-pools-cli-'))
  const path = join(folder, name)
  if (content !== undefined) writeFileSync(path, content)
  return path
}

afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
})

export const COLUMNS = [
  'Fuel Type Code',
  'Station Name',
  'Status Code',
  'EV Level1 EVSE Num',
  'EV Level2 EVSE Num',
  'EV DC Fast Count',
  'EV Network',
  'ID',
  'Access Code',
  'EV Pricing',
  'Restricted Access',
] as const

export type Station = Partial<Record<(typeof COLUMNS)[number], string>>

const quoted = (value: string): string =>
  /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value

/** A row as it is written, with what is usual where nothing is said. */
export const row = (station: Station, columns: readonly (keyof Station)[] = COLUMNS): string => {
  const usual: Station = {
    'Fuel Type Code': 'ELEC',
    'Station Name': 'Garage',
    'Status Code': 'E',
    'EV Level2 EVSE Num': '2',
    'EV Network': 'Network One',
    ID: '7',
    'Access Code': 'public',
  }
  return columns.map((column) => quoted(station[column] ?? usual[column] ?? '')).join(',')
}

/** A station file of rows. */
export const stations = (...rows: readonly (Station | string)[]): string =>
  [COLUMNS.join(','), ...rows.map((given) => (typeof given === 'string' ? given : row(given)))]
    .map((line) => `${line}\n`)
    .join('')
