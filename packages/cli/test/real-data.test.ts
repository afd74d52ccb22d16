/** The two public data files, where ACCESS_POOLS_DATA names their folder. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shell } from './shell'

const folder = process.env['ACCESS_POOLS_DATA']
const stationsFile = join(folder ?? '', 'afdc-washington-stations.csv')
const sessionsFile = join(folder ?? '', 'workplace-charging-sessions.csv')

describe('Real data', () => {
  if (folder === undefined) {
    test('is left out: ACCESS_POOLS_DATA names no folder', () => {
      process.stderr.write('Left out: the imports of the two data files (ACCESS_POOLS_DATA is not set).\n')
    })
    return
  }

  test('the stations of a state import whole, and again without an event', async () => {
    const s = shell()
    const done = await s.json('import', 'stations', stationsFile)
    expect([done.code, done.doc]).toEqual([
      0,
      {
        stations: 2473,
        chargers: 6653,
        organizations: 32,
        pools: 40,
        members: 0,
        events: 20_004,
        rejected: [],
        skipped: { LPG: 51, RD: 20, E85: 6, CNG: 4, BD: 3, LNG: 1 },
        differs: [],
      },
    ])
    expect((await s.json('import', 'stations', stationsFile)).doc.events).toBe(0)
    const pools: { level: string; freeVend: boolean; memberRate: string }[] = (await s.json('pools')).doc
    const count = (level: string, free: boolean) =>
      pools.filter((pool) => pool.level === level && (pool.freeVend || pool.memberRate === 'Free') === free)
        .length
    expect([count('Public', false), count('Public', true)]).toEqual([30, 3])
    expect([count('Restricted', false), count('Restricted', true)]).toEqual([5, 2])
    const kinds = (await s.json('chargers')).doc.map(({ id }: { id: string }) => id.split('-')[2])
    const ofKind = (kind: string) => kinds.filter((of: string) => of === kind).length
    expect([ofKind('L1'), ofKind('L2'), ofKind('DC')]).toEqual([3, 5143, 1507])
  })

  test('a year of sessions is granted, but for those after a membership that was ended', async () => {
    const s = shell()
    const done = await s.json('import', 'sessions', sessionsFile)
    expect(done.doc).toMatchObject({ pools: 25, chargers: 105, members: 156, rejected: [] })
    expect((await s.json('identities')).doc).toHaveLength(85)
    expect((await s.json('backtest', sessionsFile)).doc).toEqual({
      sessions: 3395,
      granted: 3395,
      denied: {},
    })
    const change = { pool: 'site-493904', identity: 'user:81375624', until: '2015-07-01T00:00:00Z' }
    expect((await s.run('ChangeMembership', change)).code).toBe(0)
    const ended = { sessions: 3395, granted: 3328, denied: { OutsideValidity: 67 } }
    expect((await s.json('backtest', sessionsFile)).doc).toEqual(ended)
    expect((await s.json('import', 'sessions', sessionsFile)).doc.events).toBe(0)
    expect((await s.json('backtest', sessionsFile)).doc).toEqual(ended)
  })

  test('the station file has rows that span lines, quotes and a byte-order mark', () => {
    const text = readFileSync(stationsFile, 'utf8')
    expect(text.startsWith('\uFEFF')).toBe(true)
  })
})
