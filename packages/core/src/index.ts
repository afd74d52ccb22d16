/** The public entry: names one by one. */
export { history, type HistoryEntry, type HistorySubject } from './audit/history'
export { type AccessPools, accessPools, type AccessPoolsOptions } from './commands/access-pools'
export { type By, by } from './commands/by'
export { type CommandError, describeCommandError } from './commands/command-error'
export type { Done } from './commands/done'
export { type Actor, parseActor, writeActor } from './domain/actor'
export { AccessLevel, capabilities } from './domain/capabilities'
export { type Command, type CommandData, decodeCommand, isCommandName } from './domain/commands'
export type { CommandName } from './domain/authorization'
export type { Item, Value } from './domain/decision'
export {
  ChargerId,
  CommandId,
  HostId,
  IdentityId,
  kindOf,
  Label,
  OrganizationId,
  parse,
  PartnerId,
  PoolId,
  RateName,
  RequestId,
} from './domain/ids'
export { type Epoch, comparePositions, parsePosition, type Position, writePosition } from './domain/position'
export type { EventToAppend, RecordedEvent } from './domain/recorded'
export { describeRefusal, type Refusal, type RefusalType } from './domain/refusals'
export { randomId, type Runtime, systemRuntime } from './domain/runtime'
export { chargerStream, identityStream, OUR_STREAMS, poolStream, type StreamFilter } from './domain/streams'
export { describeWarning, type Warning } from './domain/warning'
export { Instant, instantOf, millisecondsOf } from './domain/window'
export {
  type AppendError,
  type AppendResult,
  type Checkpoint,
  type CheckpointSaved,
  type Delivery,
  describeStoreError,
  type EventStore,
  NO_STREAM,
  type ReadAll,
  type StoreError,
  type Subscription,
} from './store/event-store'
export { memoryStore } from './store/memory-store'
