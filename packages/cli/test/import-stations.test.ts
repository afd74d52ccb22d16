/** A station file as a network: the mapping, what is rejected, and what a second import does. */
import { COLUMNS, file, row, type Station, stations } from './files'
import { type Said, type Shell, shell } from './shell'

const imported = (s: Shell, text: string | Uint8Array, ...options: readonly string[]): Promise<Said> =>
  s.json('import', 'stations', file('stations.csv', text), ...options)

describe('A station becomes', () => {
  test('a host, and a charger a port, with labels and numbers within its kind', async () => {
    const s = shell()
    const text = stations({
      ID: '42',
      'Station Name': 'Pier "3", north',
      'EV Level1 EVSE Num': '1',
      'EV Level2 EVSE Num': '2',
      'EV DC Fast Count': '1',
    })
    expect((await imported(s, text)).doc).toEqual({
      stations: 1,
      chargers: 4,
      organizations: 1,
      pools: 1,
      members: 0,
      events: 13,
      rejected: [],
      skipped: {},
      differs: [],
    })
    const of = (id: string, label: string) => ({
      id,
      label,
      host: 'afdc-42',
      organization: 'network-one',
      pool: 'network-one-public',
    })
    expect((await s.json('chargers')).doc).toEqual([
      of('afdc-42-DC-1', 'Pier "3", north DC 1'),
      of('afdc-42-L1-1', 'Pier "3", north L1 1'),
      of('afdc-42-L2-1', 'Pier "3", north L2 1'),
      of('afdc-42-L2-2', 'Pier "3", north L2 2'),
    ])
  })

  const places: readonly [Station, string, string, object][] = [
    [{}, 'network-one-public', 'Network One Public', { level: 'Public', freeVend: false }],
    [{ 'Restricted Access': 'false' }, 'network-one-public', 'Network One Public', { level: 'Public' }],
    [{ 'EV Pricing': ' FREE ' }, 'network-one-public-free', 'Network One Public, free', { freeVend: true }],
    [{ 'EV Pricing': 'Free; paid lot' }, 'network-one-public', 'Network One Public', { freeVend: false }],
    [
      { 'Restricted Access': 'true' },
      'network-one-restricted',
      'Network One Restricted',
      { level: 'Restricted', memberRate: 'Standard' },
    ],
    [
      { 'Restricted Access': 'true', 'EV Pricing': 'free' },
      'network-one-restricted-free',
      'Network One Restricted, free',
      { level: 'Restricted', freeVend: false, memberRate: 'Free' },
    ],
    [
      { 'Access Code': 'private' },
      'network-one-private',
      'Network One Private',
      { level: 'Private', memberRate: 'Standard' },
    ],
    [
      { 'Access Code': 'private', 'EV Pricing': 'Free' },
      'network-one-private-free',
      'Network One Private, free',
      { level: 'Private', freeVend: false, memberRate: 'Free' },
    ],
    [{ 'EV Network': '' }, 'non-networked-public', 'Non-Networked Public', { organization: 'non-networked' }],
    [
      { 'EV Network': ' Évolution & Co. (№ 2) ' },
      'e-volution-co-no-2-public',
      ' Évolution & Co. (№ 2)  Public',
      { organization: 'e-volution-co-no-2' },
    ],
    [{ 'EV Network': 'A'.repeat(60) }, `${'a'.repeat(40)}-public`, `${'A'.repeat(60)} Public`, {}],
  ]
  test.each(places)('of a pool: %j', async (station, pool, name, settings) => {
    const s = shell()
    expect((await imported(s, stations(station))).code).toBe(0)
    expect((await s.json('pools')).doc).toEqual([
      expect.objectContaining({ id: pool, name, ...settings, chargers: 2 }),
    ])
  })

  const labels: readonly [string, string][] = [
    ['Tab\there_x000D_', 'Tabhere L2 1'],
    ['', 'afdc-7 L2 1'],
    [' \u0007', 'afdc-7 L2 1'],
    ['Cafe\u0301', 'Café L2 1'],
    ['⚡'.repeat(200), `${'⚡'.repeat(115)} L2 1`],
  ]
  test.each(labels)('of chargers that are called as it: %j', async (name, label) => {
    const s = shell()
    await imported(s, stations({ 'Station Name': name }))
    expect((await s.json('chargers')).doc[0].label).toBe(label)
  })

  test('nothing where it is not electric, or planned: skipped by code', async () => {
    const s = shell()
    const text = stations(
      { 'Fuel Type Code': 'LPG', ID: 'x' },
      { 'Fuel Type Code': 'LPG' },
      { 'Status Code': 'P' },
      {},
    )
    expect((await imported(s, text)).doc).toMatchObject({
      stations: 1,
      skipped: { LPG: 2, planned: 1 },
      rejected: [],
    })
  })

  test('visible to partners, or controlled by them, where its pool is Public', async () => {
    const s = shell()
    const text = stations({}, { ID: '8', 'Restricted Access': 'true' })
    const done = await imported(s, text, '--partner', 'chargehub=visible', '--partner', 'ampup=control')
    expect(done.doc).toMatchObject({ events: 16 })
    const [open, restricted] = (await s.json('pools')).doc
    expect(open.partners).toEqual({
      chargehub: { visible: true, control: false },
      ampup: { visible: true, control: true },
    })
    expect(restricted.partners).toEqual({})
    expect((await imported(s, text, '--partner', 'ampup=control')).doc.events).toBe(0)
    expect((await imported(s, text, '--partner', 'nobody=control')).code).toBe(2)
    expect((await imported(s, text, '--partner', 'ampup=both')).code).toBe(2)
  })
})

describe('A row is rejected, the others are taken', () => {
  const whole = row({ ID: '1' })
  const reasons: readonly [string, string, Station | string, string][] = [
    ['ColumnCount', 'a blank row', '', ''],
    ['ColumnCount', 'a cut row', whole.slice(0, 30), ''],
    ['ColumnCount', 'a value too many', `${whole},more`, '1'],
    ['ColumnCount', 'before the fuel is looked at', 'LPG', ''],
    ['BadId', 'no number', { ID: 'x1' }, 'x1'],
    ['BadId', 'nothing', { ID: '' }, ''],
    ['BadId', 'a leading zero', { ID: '07' }, '07'],
    ['BadId', 'too many digits', { ID: '1234567890123456789' }, '1234567890123456789'],
    ['BadId', 'before the rest', { ID: '-1', 'Access Code': 'x', 'EV Level2 EVSE Num': 'x' }, '-1'],
    ['DuplicateId', 'of a row that was taken', { ID: '100' }, '100'],
    ['DuplicateId', 'before the rest', { ID: '100', 'Access Code': 'x' }, '100'],
    ['BadAccessCode', 'another word', { 'Access Code': 'Public' }, '7'],
    ['BadAccessCode', 'nothing, before the rest', { 'Access Code': '', 'Restricted Access': 'x' }, '7'],
    [
      'BadRestricted',
      'another word, before the rest',
      { 'Restricted Access': 'TRUE', 'EV Level2 EVSE Num': 'x' },
      '7',
    ],
    ['BadPorts', 'no number', { 'EV Level2 EVSE Num': '2.5' }, '7'],
    ['BadPorts', 'too many digits', { 'EV DC Fast Count': '1000' }, '7'],
    ['BadPorts', 'below zero', { 'EV Level1 EVSE Num': '-1', 'EV Level2 EVSE Num': '0' }, '7'],
    ['NoPorts', 'none at all', { 'EV Level2 EVSE Num': '' }, '7'],
    ['NoPorts', 'zero of each', { 'EV Level2 EVSE Num': '0', 'EV DC Fast Count': '000' }, '7'],
  ]
  test.each(reasons)('%s: %s', async (reason, _, station, id) => {
    const s = shell()
    const text = stations({ ID: '100' }, station, { ID: '200' })
    const done = await imported(s, text)
    expect(done.code).toBe(6)
    expect(done.doc.rejected).toEqual([{ line: 3, id, reason }])
    expect(done.doc.stations).toBe(2)
    expect((await s.json('chargers')).doc).toHaveLength(4)
  })

  test('a row whose double was rejected is taken', async () => {
    const done = await imported(shell(), stations({ 'EV Level2 EVSE Num': 'x' }, {}))
    expect(done.doc).toMatchObject({ stations: 1, rejected: [{ line: 2, id: '7', reason: 'BadPorts' }] })
  })

  test('lines are those that records start on, whatever they span and however they end', async () => {
    const text = stations(
      { ID: '1', 'Station Name': 'two\nlines' },
      'cut',
      { ID: '2', 'Station Name': 'a\r\n\r\nb' },
      'cut',
      '',
    )
    for (const ends of [text, text.replace(/\r?\n/g, '\r\n')])
      expect((await imported(shell(), ends)).doc).toMatchObject({
        stations: 2,
        rejected: [
          { line: 4, reason: 'ColumnCount' },
          { line: 8, reason: 'ColumnCount' },
          { line: 9, reason: 'ColumnCount' },
        ],
      })
  })
})

describe('A file', () => {
  test('may have a byte-order mark, other columns, and any order of them', async () => {
    const columns = [...COLUMNS].reverse()
    const text = `\uFEFF${columns.join(',')},Extra\r\n${row({}, columns)},x\r\n`
    expect((await imported(shell(), text)).doc).toMatchObject({ stations: 1, rejected: [] })
  })

  test('may lack the last end of line, and may be empty but for its header', async () => {
    expect((await imported(shell(), stations({}).trimEnd())).doc.stations).toBe(1)
    expect((await imported(shell(), stations())).doc).toMatchObject({ stations: 0, events: 0 })
  })

  const refused: readonly [string, string | Uint8Array, RegExp][] = [
    ['that is empty', '', /no column "Fuel Type Code"/],
    ['without a needed column', stations({}).replace('Access Code', 'Access'), /no column "Access Code"/],
    ['that is not UTF-8', Buffer.from(stations({ 'Station Name': 'Café' }), 'latin1'), /not UTF-8/],
    ['that is UTF-16', Buffer.from(`\uFEFF${stations({})}`, 'utf16le'), /not UTF-8/],
  ]
  test.each(refused)('%s is refused as a whole', async (_, text, message) => {
    const s = shell()
    const before = await s.events()
    const done = await imported(s, text)
    expect([done.code, done.out]).toEqual([1, ''])
    expect(done.err).toMatch(message)
    expect(await s.events()).toBe(before)
  })

  test('that is not there, or a folder, is told', async () => {
    const s = shell()
    for (const path of [file('missing.csv'), '/']) {
      const done = await s.json('import', 'stations', path)
      expect([done.code, done.out]).toEqual([1, ''])
    }
  })
})

describe('Importing again', () => {
  const text = stations(
    { ID: '1', 'EV Pricing': 'Free' },
    { ID: '2', 'Restricted Access': 'true', 'EV Pricing': 'Free' },
  )

  test('writes nothing', async () => {
    const s = shell()
    expect((await imported(s, text)).doc.events).toBe(16)
    const before = await s.events()
    expect((await imported(s, text)).doc).toMatchObject({ events: 0, differs: [] })
    expect(await s.events()).toBe(before)
  })

  test('only says what it would do, where that is asked: as many events as are written then', async () => {
    const s = shell()
    const before = await s.events()
    const dry = await imported(s, text, '--dry-run')
    expect(await s.events()).toBe(before)
    expect((await imported(s, text)).doc).toEqual(dry.doc)
    expect((await imported(s, text, '--dry-run')).doc.events).toBe(0)
  })

  test('brings what is new, relabels, and leaves what is gone', async () => {
    const s = shell()
    await imported(s, stations({ ID: '1' }, { ID: '2' }))
    const again = await imported(s, stations({ ID: '2', 'Station Name': 'New', 'EV Level2 EVSE Num': '3' }))
    expect(again.doc).toMatchObject({ events: 5, differs: [] })
    expect((await s.json('chargers')).doc.map(({ label }: { label: string }) => label)).toEqual([
      'Garage L2 1',
      'Garage L2 2',
      'New L2 1',
      'New L2 2',
      'New L2 3',
    ])
  })

  test('finishes what was begun: a pool without its settings, a charger that was only allocated, one only claimed', async () => {
    const whole = shell()
    await imported(whole, text)
    const read = await whole.store.readAll({
      filter: { categories: ['accessPool', 'charger'], names: [] },
      most: 1000,
    })()
    if (read._tag === 'Left') throw new Error('the memory store does not answer')
    for (let kept = 0; kept <= read.right.events.length; kept += 1) {
      const s = shell()
      const revisions = new Map<string, number>()
      for (const event of read.right.events.slice(0, kept)) {
        const revision = revisions.get(event.stream) ?? -1
        const { stream, id, type } = event
        await s.store.append(stream, revision, [
          {
            id,
            type,
            data: event.data as object as Record<string, unknown>,
            metadata: event.metadata as Record<string, unknown>,
          },
        ])()
        revisions.set(stream, revision + 1)
      }
      expect((await imported(s, text)).doc).toMatchObject({ events: 16 - kept, differs: [] })
      expect((await s.json('chargers')).doc).toEqual((await whole.json('chargers')).doc)
      expect((await imported(s, text)).doc.events).toBe(0)
    }
  })

  test('leaves what somebody changed since, tells it, and changes it back where that is asked', async () => {
    const s = shell()
    const first = stations(
      { ID: '1', 'EV Level2 EVSE Num': '3' },
      { ID: '2' },
      { ID: '3', 'EV Pricing': 'Free' },
    )
    await imported(s, first)
    const pool = 'network-one-public'
    await s.run('RemoveChargers', { pool, chargers: ['afdc-1-L2-1', 'afdc-1-L2-2'] })
    await s.run('CreatePool', { pool: 'second', organization: 'network-one', name: 'Second' })
    await s.run('AddChargers', { pool: 'second', chargers: ['afdc-1-L2-2'] })
    await s.run('DeallocateCharger', { charger: 'afdc-1-L2-3' })
    await s.run('AllocateCharger', { charger: 'afdc-2-L2-1', host: 'elsewhere', organization: 'network-one' })
    await s.run('SetFreeVend', { pool: `${pool}-free`, freeVend: false })
    const before = await s.events()
    const again = await imported(s, first)
    const told = again.doc.differs.map(({ id, reason }: { id: string; reason: string }) => [id, reason])
    expect(told).toEqual([
      [`${pool}-free`, 'FreeVend'],
      ['afdc-1-L2-1', 'TakenOut'],
      ['afdc-1-L2-2', 'Pool'],
      ['afdc-1-L2-3', 'Deallocated'],
      ['afdc-2-L2-1', 'Allocation'],
    ])
    expect([again.code, again.doc.events, await s.events()]).toEqual([0, 0, before])
    expect((await imported(s, first, '--update')).doc.differs).toHaveLength(5)
    expect((await imported(s, first)).doc).toMatchObject({ events: 0, differs: [] })
    expect((await s.json('chargers', '--pool', pool)).doc).toHaveLength(5)
    expect((await s.json('decide', 'afdc-3-L2-1', '--none')).doc.basis).toBe('FreeVend')
  })

  test('leaves a pool that was given another level, and one that was archived', async () => {
    const s = shell()
    await imported(s, text)
    await s.run('ChangeAccessLevel', { pool: 'network-one-public-free', level: 'Private' })
    await s.run('ArchivePool', { pool: 'network-one-restricted-free', force: true })
    const again = await imported(s, text)
    expect(again.doc).toMatchObject({ events: 0 })
    expect(again.doc.differs.map(({ reason }: { reason: string }) => reason)).toEqual([
      'Level',
      'PoolArchived',
      'PoolArchived',
    ])
  })
})
