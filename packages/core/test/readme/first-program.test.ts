/** The first program of the README: its lines are the lines below, and they run. */
import { readFileSync } from 'node:fs'
import { by, byIdentity, ChargerId, decodeCommand, IdentityId, instantOf } from '@access-pools/core'
import { orThrow, parse, parseActor } from '@access-pools/core'
import { inMemoryAccessPools } from '@access-pools/core/testing'
import { fenced, programIn } from './documents'

describe('The first program of the README', () => {
  const [program, printed] = fenced('README.md', '## A first program')

  test('stands there as it stands here', () => {
    expect(program).toBe(programIn(readFileSync(__filename, 'utf8')))
  })

  test('prints what the README says', async () => {
    const lines: string[] = []
    const console = { log: (line: string): number => lines.push(line) }
    // README begins
    const { pools, decide, stop } = await inMemoryAccessPools({ now: instantOf(Date.UTC(2025, 2, 1)) })
    const operator = by(orThrow(parseActor('operator/ops')))
    const charger = orThrow(parse(ChargerId, 'gate-1'))
    const card = orThrow(parse(IdentityId, 'rfid:04A1B2C3'))
    const run = async (type: string, data: object) =>
      orThrow(await pools.execute(orThrow(decodeCommand(type, data)), operator)())

    await run('CreatePool', { pool: 'yard', organization: 'acme', name: 'The yard', level: 'Private' })
    await run('AllocateCharger', { charger, host: 'depot', organization: 'acme' })
    await run('AddChargers', { pool: 'yard', chargers: [charger] })
    await run('RegisterIdentity', { identity: card, organization: 'acme' })
    console.log(decide(charger, byIdentity(card)).decision)
    await run('AddIdentities', { pool: 'yard', identities: [card] })
    console.log(decide(charger, byIdentity(card)).decision)
    await stop()
    // README ends
    expect(`${lines.join('\n')}\n`).toBe(printed)
  })
})
