/** `backup FILE`: a copy that is a store, or a reason. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandLine } from '../src/command-line'
import { shell, testTerminal } from './shell'

const folder = mkdtempSync(join(tmpdir(), 'access-pools-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)

const called = async (store: string, ...args: readonly string[]) => {
  const terminal = testTerminal()
  const code = await commandLine(['--store', `sqlite:${at(store)}`, ...args], terminal)
  return { code, out: terminal.output.text(), err: terminal.messages.text() }
}

test('a store is copied, and its copy answers as it does', async () => {
  await called('store.db', 'run', 'RegisterPartner', '{"partner":"p"}')
  const said = await called('store.db', '--json', 'backup', at('copy.db'))
  expect({ ...said, out: JSON.parse(said.out) }).toEqual({
    code: 0,
    out: { file: at('copy.db'), events: 2, position: expect.stringMatching(/:2/) },
    err: '',
  })
  const again = await called('copy.db', '--json', 'run', 'RegisterPartner', '{"partner":"p"}')
  expect(JSON.parse(again.out)).toMatchObject({ outcome: 'Done', events: [] })
  expect((await called('store.db', 'backup', at('second.db'))).out).toContain('2 events')
})

test('what exists is not overwritten, and only an operator copies', async () => {
  const refused = await called('store.db', '--json', 'backup', at('copy.db'))
  expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('exists already') })
  const foreign = await called('store.db', '--as', 'admin/o/x', 'backup', at('foreign.db'))
  expect(foreign.code).toBe(2)
  expect(existsSync(at('foreign.db'))).toBe(false)
})

test('a store that is no file has no backup', async () => {
  const said = await shell().json('backup', at('memory.db'))
  expect([said.code, said.out]).toEqual([1, ''])
  expect(said.err).toContain('sqlite:FILE')
  expect(existsSync(at('memory.db'))).toBe(false)
})
