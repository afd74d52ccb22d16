/** For the tests of those who build on Access Pools. */
export { type ContractCase, storeContract, type Subject } from './store-contract'
