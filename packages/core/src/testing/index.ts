/** For the tests of those who build on Access Pools. */
export { type ContractCase, storeContract, type Subject } from './store-contract'
export {
  type Answered,
  type CommandJson,
  given,
  type Given,
  type Happened,
  inPool,
  ofCharger,
  ofIdentity,
  ofPartners,
  type RefusalJson,
  type SaidJson,
  type When,
  type With,
} from './given'
export { furnishedWorld, play, type Step, type Stepped, type Walk, walks } from './generators'
export { World } from './world/world'
export { type Answer } from './world/state'
export { inMemoryAccessPools, type InMemoryAccessPools } from './in-memory-access-pools'
export {
  type Exploration,
  explore,
  type ExploreOptions,
  type Model,
  type StateView,
  type Violation,
} from './explore'
export {
  type Act,
  type Choice,
  type ProcessView,
  type Program,
  type Said,
  Schedule,
  stillRuntime,
} from './scheduler'
export { type TestRuntime, testRuntime, type TestRuntimeOptions } from './test-runtime'
export {
  DECISION_CHARGER,
  DECISION_NOON,
  type DecisionRow,
  decisionSetting,
  decisionTable,
} from './decision-table'
