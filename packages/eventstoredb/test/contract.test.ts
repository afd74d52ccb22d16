import { storeContract } from '@access-pools/core/testing'
import { serverForTests, subject } from './subject'

describe('The store on the protocol server keeps the contract', () => {
  const server = serverForTests()
  for (const { name, run } of storeContract({ open: () => subject(server.url()) })) test(name, run)
})
