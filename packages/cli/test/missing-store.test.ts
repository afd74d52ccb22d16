/** A store in a file that is not there: made by what writes, and by nothing else. */
import { existsSync } from 'node:fs'
import { commandLine } from '../src/command-line'
import { file, stations } from './files'
import { testTerminal } from './shell'

const called = async (store: string, ...args: readonly string[]) => {
  const terminal = testTerminal()
  const code = await commandLine(['--store', `sqlite:${store}`, '--json', ...args], terminal)
  return { code, out: terminal.output.text(), err: terminal.messages.text() }
}

const SESSIONS = 'sessionId,created,userId,stationId,locationId\n'

test.each([
  [['pools']],
  [['chargers', '--available']],
  [['identities']],
  [['requests']],
  [['decide', 'c', '--none']],
  [['decide', 'c', '--none', '--known', '2025-01-01T00:00:00Z']],
  [['decide', '--batch', file('questions.jsonl', '{"charger":"c","none":true}\n')]],
  [['history', '--pool', 'p']],
  [['backtest', file('sessions.csv', SESSIONS)]],
  [['backup', file('backup.db')]],
])('%j tells that there is none, and makes none', async (args) => {
  const store = file('read.db')
  const said = await called(store, ...args)
  expect([said.code, said.out]).toEqual([1, ''])
  expect(said.err).toContain(`There is no store at ${store}`)
  expect(existsSync(store)).toBe(false)
})

test('a copy of it is none', async () => {
  const [from, to] = [file('from.db'), file('to.db')]
  const said = await called('unused', 'copy', '--from', `sqlite:${from}`, '--to', `sqlite:${to}`)
  expect([said.code, said.err]).toEqual([1, expect.stringContaining(`There is no store at ${from}`)])
  expect([existsSync(from), existsSync(to)]).toEqual([false, false])
})

test('an import that is only tried finds it empty, and leaves it away', async () => {
  const store = file('tried.db')
  const text = file('stations.csv', stations({}))
  const tried = await called(store, 'import', 'stations', text, '--dry-run')
  expect([tried.code, existsSync(store)]).toEqual([0, false])
  const done = await called(store, 'import', 'stations', text)
  expect([done.code, existsSync(store)]).toEqual([0, true])
  expect(JSON.parse(tried.out)).toEqual(JSON.parse(done.out))
  const again = await called(store, 'import', 'stations', text, '--dry-run')
  expect(JSON.parse(again.out)).toMatchObject({ stations: 1, events: 0 })
})

test.each([
  [['run', 'RegisterPartner', '{"partner":"p"}']],
  [['apply', file('none.jsonl', '')]],
  [['worker', '--once']],
  [['epoch', 'new']],
])('%j makes it', async (args) => {
  const store = file(`${args[0]}.db`)
  const said = await called(store, ...args)
  expect([said.code, existsSync(store)]).toEqual([0, true])
  expect((await called(store, 'pools')).out).toBe('[]\n')
})
