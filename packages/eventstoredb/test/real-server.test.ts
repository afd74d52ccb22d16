/** The contract on a real server, where one is named. */
import { storeContract } from '@access-pools/core/testing'
import { subject } from './subject'

const url = process.env['EVENTSTOREDB_URL']
const required = (process.env['ACCESS_POOLS_REQUIRE'] ?? '').split(',').includes('eventstoredb')

describe('The store on a real EventStoreDB keeps the contract', () => {
  if (url !== undefined) {
    for (const { name, run } of storeContract({ open: () => subject(url) })) test(name, run)
  } else if (required) {
    test('EVENTSTOREDB_URL names a server', () => {
      throw new Error('ACCESS_POOLS_REQUIRE asks for eventstoredb, and EVENTSTOREDB_URL names no server')
    })
  } else {
    process.stderr.write(
      'Left out: the contract on a real EventStoreDB, since EVENTSTOREDB_URL names none.\n',
    )
    test.skip('EVENTSTOREDB_URL names no server', () => undefined)
  }
})
