/** The grammar: where options stand, what is a mistake, what each way of ending answers to the shell. */
import { decodeCommand, isCommandName } from '@access-pools/core'
import { commandLine } from '../src/command-line'
import { commandFields } from '../src/commands/command-fields'
import { file } from './files'
import { shell, testTerminal } from './shell'

const POOL = { pool: 'p', organization: 'o', name: 'P' }

describe('Global options', () => {
  test('stand before or after the command', async () => {
    const s = shell()
    const data = JSON.stringify(POOL)
    for (const args of [
      ['--as', 'admin/x/a', '--json', 'run', 'CreatePool', data],
      ['run', 'CreatePool', data, '--as', 'admin/x/a', '--json'],
      ['--json', 'run', '--as=admin/x/a', 'CreatePool', data],
    ]) {
      const said = await s.call(...args)
      expect([said.code, said.doc.refusal]).toEqual([5, { type: 'NotPermitted', command: 'CreatePool' }])
    }
  })

  test('name a store, or the environment does', async () => {
    const environment = { ACCESS_POOLS_STORE: `sqlite:${file('environment.db')}` }
    const call = async (...args: readonly string[]) => {
      const terminal = testTerminal('', { environment })
      const code = await commandLine(args, terminal)
      return { code, out: terminal.output.text(), err: terminal.messages.text() }
    }
    expect((await call('run', 'CreatePool', JSON.stringify(POOL))).code).toBe(0)
    expect((await call('pools', '--json')).out).toContain('"id":"p"')
    expect((await call('pools', '--json', '--store', 'memory:')).out).toBe('[]\n')
    const failing = [
      ['esdb://127.0.0.1:1?tls=false', 1, /does not answer/],
      [`sqlite:${file('none')}/x.db`, 1, /no store at/],
      [`sqlite:${file('no.db', 'x'.repeat(5000))}`, 1, /not an SQLite database/],
      ['sqlite:', 2, /needs a file/],
      ['postgres://x', 2, /is no store/],
    ] as const
    for (const [store, code, message] of failing) {
      const said = await call('pools', '--json', '--store', store)
      expect([said.code, said.out]).toEqual([code, ''])
      expect(said.err).toMatch(message)
    }
  })
})

describe('A mistake', () => {
  const mistakes: readonly (readonly [RegExp, ...string[]])[] = [
    [/unknown command/, 'nonsense'],
    [/Usage/],
    [/unknown option/, 'pools', '--nonsense'],
    [/too many arguments/, 'pools', 'more'],
    [/is no actor/, 'pools', '--as', 'nobody'],
    [/argument missing/, 'pools', '--as'],
    [/There is no command "Nonsense"/, 'run', 'Nonsense', '{}'],
    [/needs its data/, 'run', 'CreatePool'],
    [/is no JSON/, 'run', 'CreatePool', '{'],
    [/the value: must be an object/, 'run', 'CreatePool', '[]'],
    [/pool: must be 1 to 64.*/, 'run', 'CreatePool', '{"pool":"../x","organization":"o","name":"x"}'],
    [/nmae: is not a field/, 'run', 'CreatePool', '{"organization":"o","name":"x","nmae":"y"}'],
    [/name: is missing/, 'run', 'CreatePool', '{"organization":"o"}'],
    [/--id: /, 'run', 'CreatePool', JSON.stringify(POOL), '--id', 'a/b'],
    [/--if-revision/, 'run', 'CreatePool', JSON.stringify(POOL), '--if-revision', '-1'],
    [/needs a charger/, 'decide', '--none'],
    [/exactly one of/, 'decide', 'c'],
    [/exactly one of/, 'decide', 'c', '--none', '--rfid', 'A'],
    [/exactly one of/, 'decide', 'c', '--pin', '--partner', 'ampup'],
    [/charger: /, 'decide', 'a/b', '--none'],
    [/rfid: /, 'decide', 'c', '--rfid', 'ü'],
    [/partner: /, 'decide', 'c', '--partner', 'X'],
    [/at: /, 'decide', 'c', '--none', '--at', 'noon'],
    [/at: /, 'decide', 'c', '--none', '--at', '2025-02-30T00:00:00Z'],
    [/known: /, 'decide', 'c', '--none', '--known', 'then'],
    [/--batch takes/, 'decide', 'c', '--batch', '-'],
    [/--batch takes/, 'decide', '--none', '--batch', '-'],
    [/--pool/, 'chargers', '--pool', 'a/b'],
    [/--host/, 'chargers', '--host', ''],
    [/needs --pool/, 'identities', '--available'],
    [/exactly one of/, 'history'],
    [/exactly one of/, 'history', '--pool', 'p', '--charger', 'c'],
    [/--identity/, 'history', '--identity', 'somebody'],
    [/missing required argument/, 'import', 'stations'],
    [/unknown command/, 'import', 'nonsense'],
    [/ID=visible/, 'import', 'stations', 'x', '--partner', 'ampup'],
    [/operator alone/, 'epoch', 'new', '--as', 'system/x'],
  ]
  test.each(mistakes.map(([message, ...args]) => ({ args, message })))(
    '$args answers 2 and says so',
    async ({ args, message }) => {
      const s = shell()
      const before = await s.events()
      const said = await s.call('--json', ...args)
      expect([said.code, said.out]).toEqual([2, ''])
      expect(said.err).toMatch(message)
      expect(said.err).not.toMatch(/\n\s+at /)
      expect(await s.events()).toBe(before)
    },
  )
})

describe('Help', () => {
  test.each([
    ['--help'],
    ['import', '--help'],
    ['import', 'stations', '--help'],
    ['decide', '-h'],
    ['help', 'run'],
    ['--version'],
  ])('is no mistake: %s %s %s', async (...args) => {
    const said = await shell().call(...args.filter((arg) => typeof arg === 'string'))
    expect([said.code, said.err]).toEqual([0, ''])
    expect(said.out).not.toBe('')
  })

  test('run alone, and run --help, list every command with its fields', async () => {
    const s = shell()
    const alone = await s.call('run')
    const help = await s.call('run', '--help')
    for (const [name, fields] of Object.entries(commandFields))
      for (const { out } of [alone, help])
        expect(out).toMatch(new RegExp(`^ +${name} +${fields.join(' ').replaceAll('?', '\\?')}$`, 'm'))
    expect(alone.code).toBe(0)
  })

  test.each(Object.entries(commandFields))('tells the fields of %s as its codec has them', (name, fields) => {
    expect(isCommandName(name)).toBe(true)
    const required = fields.filter((field) => !field.endsWith('?'))
    const missing = decodeCommand(name, {})
    expect(missing._tag === 'Left' ? missing.left : []).toEqual(
      required.map((field) => `${field}: is missing`),
    )
    const every = Object.fromEntries(fields.map((field) => [field.replace('?', ''), {}]))
    const wrong = decodeCommand(name, { ...every, note: 7, other: 1 })
    const unknown = (wrong._tag === 'Left' ? wrong.left : []).filter((error) =>
      error.endsWith('is not a field here'),
    )
    expect(unknown).toEqual(['other: is not a field here'])
  })
})
