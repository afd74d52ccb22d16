/** What only a process shows: exit codes, output that is whole, a reader that goes away, kills, rivals. */
import { openSqliteStore } from '@access-pools/sqlite'
import { file, row, stations } from './files'
import { runToEnd, start, startScript } from './processes'

/** Processes start slowly where many do. */
jest.setTimeout(240_000)

const STATIONS = 300
const CHARGERS = STATIONS * 4

const many = (): string =>
  file(
    'many.csv',
    stations(
      ...Array.from({ length: STATIONS }, (_, n) =>
        row({ ID: String(n + 1), 'EV Level2 EVSE Num': '4', 'EV Network': `Network ${n % 5}` }),
      ),
    ),
  )

const chargersIn = async (url: string): Promise<{ id: string; pool: string | null }[]> =>
  JSON.parse((await runToEnd('--store', url, '--json', 'chargers')).out)

const wholeNetwork = async (url: string): Promise<void> => {
  const chargers = await chargersIn(url)
  expect(new Set(chargers.map(({ id }) => id)).size).toBe(CHARGERS)
  expect(chargers.filter(({ pool }) => pool === null)).toEqual([])
}

/** Resolves as soon as the store in a file holds so many events. */
const holding = async (path: string, events: number): Promise<void> => {
  for (;;) {
    const opened = await openSqliteStore({ file: path })()
    if (opened._tag === 'Left') throw new Error(JSON.stringify(opened.left))
    const subscription = await opened.right.subscribe({
      filter: { categories: ['charger'], names: [] },
      most: 100,
    })()
    if (subscription._tag === 'Left') throw new Error(JSON.stringify(subscription.left))
    for (let seen = 0; seen < events;) {
      const delivery = await subscription.right.next()
      if (delivery._tag === 'Left') throw new Error(JSON.stringify(delivery.left))
      seen += delivery.right.events.length
    }
    await opened.right.close()
    return
  }
}

describe('The process', () => {
  test('ends with the code of what it did, and prints all of a long document', async () => {
    const url = `sqlite:${file('codes.db')}`
    const imported = await runToEnd('--store', url, '--json', 'import', 'stations', many())
    expect([imported.code, imported.err]).toEqual([0, ''])
    expect(JSON.parse(imported.out)).toMatchObject({ chargers: CHARGERS, events: CHARGERS * 3 + 5 })
    await wholeNetwork(url)
    expect((await runToEnd('--store', url, 'decide', 'afdc-1-L2-1', '--none')).code).toBe(3)
    expect((await runToEnd('nonsense')).code).toBe(2)
  })

  test('says what is wrong without a stack', async () => {
    const ended = await runToEnd('--store', `sqlite:${file('foreign.db', 'x'.repeat(5000))}`, 'pools')
    expect([ended.code, ended.out]).toEqual([1, ''])
    expect(ended.err.trim().split('\n')).toHaveLength(1)
  })

  test('survives a reader that goes away', async () => {
    const url = `sqlite:${file('pipe.db')}`
    await runToEnd('--store', url, 'import', 'stations', many())
    const { child, ended } = start('--store', url, '--json', 'chargers')
    child.stdout?.once('data', () => child.stdout?.destroy())
    const { code, err } = await ended
    expect([code, err]).toEqual([0, ''])
  })

  test('ends in order when it is interrupted', async () => {
    const { child, ended } = start('--store', `sqlite:${file('worker.db')}`, 'worker')
    // Once: a second interruption would end it at once.
    child.stderr?.once('data', () => child.kill('SIGINT'))
    const { code, signal, err } = await ended
    expect([code, signal]).toEqual([0, null])
    expect(err).toContain('ended')
  })
})

describe('An import', () => {
  test.each([[1], [200], [CHARGERS + 100]])(
    'that is killed after %d events of chargers is finished by the next one',
    async (events) => {
      const path = file(`killed-${events}.db`)
      await runToEnd('--store', `sqlite:${path}`, 'apply', file('nothing.jsonl', ''))
      const { child, ended } = start('--store', `sqlite:${path}`, 'import', 'stations', many())
      await holding(path, events)
      child.kill('SIGKILL')
      await ended
      const again = await runToEnd('--store', `sqlite:${path}`, '--json', 'import', 'stations', many())
      expect([again.code, JSON.parse(again.out).differs]).toEqual([0, []])
      await wholeNetwork(`sqlite:${path}`)
      const third = await runToEnd('--store', `sqlite:${path}`, '--json', 'import', 'stations', many())
      expect(JSON.parse(third.out).events).toBe(0)
    },
  )

  test('agrees with another one at the same time', async () => {
    const url = `sqlite:${file('rivals.db')}`
    const both = await Promise.all(
      [1, 2].map(() => runToEnd('--store', url, '--json', 'import', 'stations', many())),
    )
    expect(both.map(({ code, err }) => [code, err])).toEqual([
      [0, ''],
      [0, ''],
    ])
    for (const { out } of both) expect(JSON.parse(out)).toMatchObject({ rejected: [], differs: [] })
    await wholeNetwork(url)
    const again = await runToEnd('--store', url, '--json', 'import', 'stations', many())
    expect(JSON.parse(again.out)).toMatchObject({ events: 0, differs: [] })
  })
})

describe('The quickstart', () => {
  test('tells its story, and what it says to try next works', async () => {
    const { out, err, code } = await startScript('quickstart/main.ts', []).ended
    expect([code, err]).toEqual([0, ''])
    for (const chapter of ['1. ', '2. ', '3. ', '4. ', '5. ']) expect(out).toContain(`\n${chapter}`)
    expect(out).toContain('Granted by pool')
    expect(out).toContain('IdentityBlocked')
    const pasted = [...out.matchAll(/^ +npx access-pools (.*)$/gm)].map(([, words = '']) =>
      [...words.replace(/ +#.*/, '').matchAll(/'([^']*)'|(\S+)/g)].map(
        ([, quoted, word]) => quoted ?? word ?? '',
      ),
    )
    expect(pasted.length).toBeGreaterThan(5)
    for (const args of pasted) {
      const ended = await runToEnd(...args)
      expect(ended.err).toBe('')
      // The card is still blocked when it is asked about.
      expect(ended.code).toBe(args.includes('decide') ? 3 : 0)
    }
  })

  test('takes a downloaded file, and says what it takes', async () => {
    const given = await startScript('quickstart/main.ts', ['--stations', many()]).ended
    expect(given.code).toBe(0)
    expect(given.out).toContain('1,200 chargers')
    expect(given.out).toContain('A Restricted pool is created')
    expect((await startScript('quickstart/main.ts', ['--help']).ended).code).toBe(0)
    expect((await startScript('quickstart/main.ts', ['--nonsense']).ended).code).toBe(2)
    expect((await startScript('quickstart/main.ts', ['--stations', file('missing.csv')]).ended).code).toBe(1)
  })
})
