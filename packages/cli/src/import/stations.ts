/** The stations of an AFDC station download as a network: a host a station, a charger a port, pools by network and access. */
import type { AccessLevel, OrganizationId, PoolId } from '@access-pools/core'
import { readRows, type Row } from './csv'
import {
  chargerId,
  hostId,
  labelOf,
  organizationId,
  type Partners,
  poolId,
  type Rejected,
  type Wanted,
  type WantedCharger,
  type WantedPool,
} from './wanted'

/** The kinds of ports, by the columns that count them. */
const PORTS = [
  ['EV Level1 EVSE Num', 'L1'],
  ['EV Level2 EVSE Num', 'L2'],
  ['EV DC Fast Count', 'DC'],
] as const

const COLUMNS = {
  needed: [
    'Fuel Type Code',
    'Status Code',
    'ID',
    'Station Name',
    'EV Network',
    'Access Code',
    'Restricted Access',
    'EV Pricing',
    ...PORTS.map(([column]) => column),
  ],
}

const isBlank = (text: string): boolean => text.trim() === ''

const NON_NETWORKED = 'Non-Networked'

/** A network's name as an organization's id. */
export const slugOf = (network: string): OrganizationId => {
  const slug = network
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase()
    .slice(0, 40)
  return organizationId(slug === '' ? 'non-networked' : slug)
}

const levelOf = (access: string, restricted: string): AccessLevel | 'BadAccessCode' | 'BadRestricted' => {
  if (access === 'private') return 'Private'
  if (access !== 'public') return 'BadAccessCode'
  if (restricted === 'true') return 'Restricted'
  return restricted === 'false' || isBlank(restricted) ? 'Public' : 'BadRestricted'
}

const portsOf = (text: string): number | undefined => {
  if (isBlank(text)) return 0
  return /^\d{1,3}$/.test(text) ? Number(text) : undefined
}

interface Station {
  readonly id: string
  readonly level: AccessLevel
  readonly ports: readonly { readonly kind: string; readonly count: number }[]
}

/** Judges a row that is an electric station in service; the reason is the first that holds. */
const stationIn = (row: Row, taken: ReadonlySet<string>): Station | string => {
  const id = row.at('ID')
  if (!/^[1-9]\d{0,17}$/.test(id)) return 'BadId'
  if (taken.has(id)) return 'DuplicateId'
  const level = levelOf(row.at('Access Code'), row.at('Restricted Access'))
  if (level === 'BadAccessCode' || level === 'BadRestricted') return level
  const ports: { kind: string; count: number }[] = []
  for (const [column, kind] of PORTS) {
    const count = portsOf(row.at(column))
    if (count === undefined) return 'BadPorts'
    ports.push({ kind, count })
  }
  return ports.every(({ count }) => count === 0) ? 'NoPorts' : { id, level, ports }
}

const poolOf = (row: Row, level: AccessLevel, partners: Partners): WantedPool => {
  const network = row.at('EV Network')
  const organization = slugOf(network)
  const free = row.at('EV Pricing').trim().toLowerCase() === 'free'
  return {
    pool: poolId(`${organization}-${level.toLowerCase()}${free ? '-free' : ''}`),
    organization,
    name: labelOf(network, ` ${level}${free ? ', free' : ''}`, NON_NETWORKED),
    level,
    freeVend: free && level === 'Public',
    membersFree: free && level !== 'Public',
    partners: level === 'Public' ? partners : new Map(),
  }
}

const chargersOf = (
  row: Row,
  { id, ports }: Station,
  { pool, organization }: WantedPool,
): WantedCharger[] => {
  const host = hostId(`afdc-${id}`)
  const name = row.at('Station Name')
  const hostLabel = labelOf(name, '', host)
  const chargers: WantedCharger[] = []
  for (const { kind, count } of ports)
    for (let n = 1; n <= count; n += 1)
      chargers.push({
        line: row.line,
        charger: chargerId(`${host}-${kind}-${n}`),
        host,
        organization,
        label: labelOf(name, ` ${kind} ${n}`, host),
        hostLabel,
        pool,
      })
  return chargers
}

/** Reads a station file. Partners are set on the Public pools. */
export const readStations = async (file: string, partners: Partners): Promise<Wanted> => {
  const pools = new Map<PoolId, WantedPool>()
  const chargers: WantedCharger[] = []
  const rejected: Rejected[] = []
  const skipped = new Map<string, number>()
  const taken = new Set<string>()
  const skip = (code: string): void => void skipped.set(code, (skipped.get(code) ?? 0) + 1)

  await readRows(file, COLUMNS, (row) => {
    const { line } = row
    if (!row.whole) {
      rejected.push({ line, id: row.at('ID'), reason: 'ColumnCount' })
      return
    }
    const fuel = row.at('Fuel Type Code')
    if (fuel !== 'ELEC') return skip(fuel)
    if (row.at('Status Code') === 'P') return skip('planned')
    const station = stationIn(row, taken)
    if (typeof station === 'string') {
      rejected.push({ line, id: row.at('ID'), reason: station })
      return
    }
    taken.add(station.id)
    const pool = poolOf(row, station.level, partners)
    if (!pools.has(pool.pool)) pools.set(pool.pool, pool)
    chargers.push(...chargersOf(row, station, pool))
  })
  return {
    stations: taken.size,
    organizations: new Set(chargers.map(({ organization }) => organization)).size,
    pools,
    chargers,
    members: [],
    register: new Set(),
    registersAnew: false,
    renews: false,
    rejected,
    skipped,
  }
}
