import { storeContract } from '@access-pools/core/testing'
import { subject } from './store-folder'

describe('The store in a file keeps the contract', () => {
  for (const { name, run } of storeContract({ open: subject })) test(name, run)
})
