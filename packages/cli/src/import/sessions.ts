/**
 * The workplace charging sessions as a network: a Private pool a site, whose members are those who charged there,
 * each from its first session on. The file is not in the order of time, so all of it is read before anything is done.
 */
import { HostId, IdentityId, type Instant, parse, type PoolId } from '@access-pools/core'
import { isLeft } from 'fp-ts/Either'
import { parseInstant } from '../instants'
import { readRows, type Row } from './csv'
import {
  chargerId,
  hostId,
  labelOf,
  organizationId,
  poolId,
  type Rejected,
  type Wanted,
  type WantedCharger,
  type WantedMember,
  type WantedPool,
} from './wanted'

const COLUMNS = { needed: ['sessionId', 'created', 'userId', 'stationId', 'locationId'] }

export interface Session {
  readonly line: number
  readonly id: string
  readonly station: string
  readonly site: string
  readonly identity: IdentityId
  readonly created: Instant
}

/** `00YY` is `20YY`; the times are UTC. */
const instantIn = (text: string): Instant | undefined => {
  const [, year = '', rest = ''] = /^(\d{4})(-\d\d-\d\d \d\d:\d\d:\d\d)$/.exec(text) ?? []
  const parsed = parseInstant(`${year.replace(/^00/, '20')}${rest.replace(' ', 'T')}Z`)
  return isLeft(parsed) ? undefined : parsed.right
}

/** A number of the file that can stand in an id. */
const isNumber = (text: string): boolean => !isLeft(parse(HostId, `site-${text}`)) && /^\w+$/.test(text)

const sessionIn = (row: Row, taken: ReadonlySet<string>): Session | string => {
  if (!row.whole) return 'ColumnCount'
  const id = row.at('sessionId')
  const station = row.at('stationId')
  const site = row.at('locationId')
  if (!isNumber(id)) return 'BadId'
  if (taken.has(id)) return 'DuplicateId'
  if (!isNumber(station) || station.length > 50) return 'BadStation'
  if (!isNumber(site)) return 'BadSite'
  const identity = parse(IdentityId, `user:${row.at('userId')}`)
  if (isLeft(identity)) return 'BadIdentity'
  const created = instantIn(row.at('created'))
  if (created === undefined) return 'BadInstant'
  return { line: row.line, id, station, site, identity: identity.right, created }
}

/** Reads the sessions of a file. */
export const readSessions = async (
  file: string,
): Promise<{ readonly sessions: readonly Session[]; readonly rejected: readonly Rejected[] }> => {
  const sessions: Session[] = []
  const rejected: Rejected[] = []
  const taken = new Set<string>()
  const siteOf = new Map<string, string>()
  await readRows(file, COLUMNS, (row) => {
    const session = sessionIn(row, taken)
    const reason =
      typeof session === 'string'
        ? session
        : (siteOf.get(session.station) ?? session.site) === session.site
          ? undefined
          : 'StationElsewhere'
    if (typeof session === 'string' || reason !== undefined) {
      rejected.push({ line: row.line, id: row.at('sessionId'), reason: reason ?? 'BadStation' })
      return
    }
    taken.add(session.id)
    siteOf.set(session.station, session.site)
    sessions.push(session)
  })
  return { sessions, rejected }
}

export const stationOf = ({ station }: Session): WantedCharger['charger'] => chargerId(`station-${station}`)

const WORKPLACE = organizationId('workplace')

const sitePool = (site: string): WantedPool => ({
  pool: poolId(`site-${site}`),
  organization: WORKPLACE,
  name: labelOf(`Site ${site}`),
  level: 'Private',
  freeVend: false,
  membersFree: false,
  partners: new Map(),
})

const earliest = (
  known: WantedMember | undefined,
  { line, identity, site, created }: Session,
): WantedMember =>
  known?.from !== undefined && known.from <= created
    ? known
    : { line, identity, pool: poolId(`site-${site}`), from: created }

/** What the sessions say of the network. */
export const readSessionsNetwork = async (file: string): Promise<Wanted> => {
  const { sessions, rejected } = await readSessions(file)
  const pools = new Map<PoolId, WantedPool>()
  const chargers = new Map<string, WantedCharger>()
  const members = new Map<string, WantedMember>()
  for (const session of sessions) {
    const { line, station, site, identity } = session
    const pool = sitePool(site)
    pools.set(pool.pool, pool)
    const charger = stationOf(session)
    if (!chargers.has(charger))
      chargers.set(charger, {
        line,
        charger,
        host: hostId(`site-${site}`),
        organization: WORKPLACE,
        label: labelOf(`Station ${station}`),
        hostLabel: pool.name,
        pool: pool.pool,
      })
    const key = `${site}/${identity}`
    members.set(key, earliest(members.get(key), session))
  }
  return {
    stations: chargers.size,
    organizations: pools.size > 0 ? 1 : 0,
    pools,
    chargers: [...chargers.values()],
    members: [...members.values()],
    register: new Set(sessions.map(({ identity }) => identity)),
    registersAnew: false,
    renews: false,
    rejected,
    skipped: new Map(),
  }
}
