/** `copy`: a history moves to another store, which then says the same. */
import { commandLine } from '../src/command-line'
import { file } from './files'
import { testTerminal } from './shell'

const called = async (...args: readonly string[]) => {
  const terminal = testTerminal()
  const code = await commandLine(args, terminal)
  return { code, out: terminal.output.text(), err: terminal.messages.text() }
}
const source = `sqlite:${file('source.db')}`
const target = `sqlite:${file('target.db')}`
const run = (store: string, command: string, data: object, as = 'operator/o') =>
  called('--store', store, '--as', as, '--json', 'run', command, JSON.stringify(data))

beforeAll(async () => {
  const commands = [
    ['CreatePool', { pool: 'p', organization: 'o', name: 'P', level: 'Restricted' }],
    ['AllocateCharger', { charger: 'c', host: 'h', organization: 'o' }],
    ['AddChargers', { pool: 'p', chargers: ['c'] }],
    ['RegisterIdentity', { identity: 'rfid:AA', organization: 'o' }],
    ['AddIdentities', { pool: 'p', identities: ['rfid:AA'] }],
  ] as const
  for (const [command, data] of commands) expect((await run(source, command, data)).code).toBe(0)
})

test('every pool, charger and decision is the same afterwards', async () => {
  const said = await called('--json', 'copy', '--from', source, '--to', target)
  expect(said).toMatchObject({ code: 0, err: '' })
  expect(JSON.parse(said.out)).toEqual({
    events: 6,
    streams: 3,
    pools: 1,
    chargers: 1,
    identities: 1,
    decisions: 1,
    different: [],
    equal: true,
  })
  const decided = await called('--store', target, '--json', 'decide', 'c', '--rfid', 'AA')
  expect(JSON.parse(decided.out)).toMatchObject({ decision: 'Granted', basis: 'Membership' })
})

test('a copy goes on where it stopped', async () => {
  await run(source, 'BlockIdentity', { identity: 'rfid:AA' }, 'system/s')
  expect((await called('copy', '--from', source, '--to', target)).code).toBe(0)
  const decided = await called('--store', target, '--json', 'decide', 'c', '--rfid', 'AA')
  expect(JSON.parse(decided.out)).toMatchObject({ reason: 'IdentityBlocked' })
})

test('a store that went on by itself is no copy, and what differs is named', async () => {
  await run(target, 'RenamePool', { pool: 'p', name: 'Other' })
  const said = await called('--json', 'copy', '--from', source, '--to', target)
  expect(said.code).toBe(7)
  expect(JSON.parse(said.out)).toMatchObject({ equal: false, different: ['pool p'] })
  await run(source, 'RenamePool', { pool: 'p', name: 'Third' })
  const refused = await called('--json', 'copy', '--from', source, '--to', target)
  expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('accessPool-p') })
})

test('both stores must be named, and an operator alone copies', async () => {
  expect((await called('copy', '--from', source)).code).toBe(2)
  expect((await called('copy', '--from', source, '--to', source)).code).toBe(2)
  expect((await called('--as', 'admin/o/a', 'copy', '--from', source, '--to', target)).code).toBe(2)
})
