/** A list of members, `identity,pool,from,until`, as what is wanted of pools that there are. */
import { IdentityId, type Instant, parse, PoolId } from '@access-pools/core'
import { isLeft } from 'fp-ts/Either'
import { parseInstant } from '../instants'
import { readRows, readText, type Row } from './csv'
import { recordsOf } from './csv-records'
import type { Rejected, Wanted, WantedMember } from './wanted'

const COLUMNS = { needed: ['identity', 'pool'] }

const boundIn = (row: Row, column: string): Instant | 'open' | 'BadInstant' => {
  const text = row.at(column).trim()
  if (text === '') return 'open'
  const instant = parseInstant(text)
  return isLeft(instant) ? 'BadInstant' : instant.right
}

/** The lines of rows that end before columns of which none is needed. */
const shortRowsIn = (text: string): ReadonlySet<number> => {
  const [header, ...records] = recordsOf(text)
  const names = header?.values ?? []
  const ends = records.filter(({ values, torn }) => {
    const absent = names.slice(values.length)
    return !torn && absent.length > 0 && !COLUMNS.needed.some((name) => absent.includes(name))
  })
  return new Set(ends.map(({ line }) => line))
}

/** By what a row is judged: the pools that there are, the rows that may be short, and those taken before it. */
interface Judged {
  readonly pools: ReadonlySet<string>
  readonly short: ReadonlySet<number>
  readonly taken: ReadonlySet<string>
}

/** Judges a row; the reason is the first that holds. */
const memberIn = (row: Row, { pools, short, taken }: Judged): WantedMember | string => {
  if (!row.whole && !short.has(row.line)) return 'ColumnCount'
  const identity = parse(IdentityId, row.at('identity').trim())
  if (isLeft(identity)) return 'BadIdentity'
  const pool = parse(PoolId, row.at('pool').trim())
  if (isLeft(pool) || !pools.has(pool.right)) return 'UnknownPool'
  const from = boundIn(row, 'from')
  const until = boundIn(row, 'until')
  if (from === 'BadInstant' || until === 'BadInstant') return 'BadInstant'
  if (from !== 'open' && until !== 'open' && from >= until) return 'InvalidWindow'
  if (taken.has(`${pool.right}/${identity.right}`)) return 'DuplicateRow'
  return {
    line: row.line,
    pool: pool.right,
    identity: identity.right,
    ...(from === 'open' ? {} : { from }),
    ...(until === 'open' ? {} : { until }),
  }
}

/** Reads a list of members; it is judged by the pools that there are. */
export const readMembers = async (
  file: string,
  registers: boolean,
): Promise<(pools: ReadonlySet<string>) => Wanted> => {
  const rows: Row[] = []
  await readRows(file, COLUMNS, (row) => void rows.push(row))
  const short = shortRowsIn(await readText(file))
  return (pools) => judgeMembers(rows, { pools, short }, registers)
}

const judgeMembers = (
  rows: readonly Row[],
  { pools, short }: Omit<Judged, 'taken'>,
  registers: boolean,
): Wanted => {
  const members: WantedMember[] = []
  const rejected: Rejected[] = []
  const taken = new Set<string>()
  for (const row of rows) {
    const member = memberIn(row, { pools, short, taken })
    if (typeof member === 'string') {
      rejected.push({ line: row.line, id: row.at('identity').trim(), reason: member })
      continue
    }
    taken.add(`${member.pool}/${member.identity}`)
    members.push(member)
  }
  return {
    stations: 0,
    organizations: 0,
    pools: new Map(),
    chargers: [],
    members,
    register: new Set(registers ? members.map(({ identity }) => identity) : []),
    registersAnew: true,
    renews: true,
    rejected,
    skipped: new Map(),
  }
}
