/** The public entry: names one by one. */
// Commands: what a portal issues.
export { type AccessPools, accessPools, type AccessPoolsOptions } from './commands/access-pools'
export { type By, by } from './commands/by'
export { type CommandError, describeCommandError } from './commands/writing/command-error'
export type { Done } from './commands/done'
export { AccessPoolsError, orThrow } from './commands/or-throw'
export { authorize, type CommandName, type Concerned } from './domain/authorization'
export { type Command, type CommandData, decodeCommand, isCommandName } from './domain/commands'
export type { Item, Value } from './domain/decision'
export { KNOWN_FROM_THE_START } from './domain/partner'
export { describeRefusal, type Refusal, type RefusalType } from './domain/refusals'
export { describeWarning, type Warning } from './domain/warning'

// Decisions and lists: what a gateway and a portal ask.
export {
  type ReadModel,
  type ReadModelOptions,
  startReadModel,
  type ToldChange,
} from './projection/read-model'
export type {
  ChargerFilter,
  ChargerListing,
  IdentityFilter,
  IdentityListing,
  MemberListing,
  PoolFilter,
  PoolListing,
} from './projection/directory'
export type { RunnerState } from './projection/runner'
export type { NotProcessed, Patience } from './projection/waiting'
export type { Parked } from './projection/parking'
export {
  type AccessChange,
  type AccessKey,
  type AccessRecord,
  parseAccessChange,
  writeAccessChange,
  writeAccessKey,
} from './decision/access-change'
export type { AccessIndex, AccessIndexView, AppliedChange } from './decision/access-index'
export type { Answer, Basis, Denied, DenialReason, Granted, Refer, WayIn } from './decision/answer'
export { byIdentity, type Credential, NO_CREDENTIAL } from './decision/credential'
export { decide } from './decision/decide'
export { emptyAccessIndex, importAccessIndex } from './decision/map-index'
export { type Staleness, WHOLLY_FRESH, WHOLLY_STALE } from './decision/staleness'
export {
  type WhereMayCharge,
  whereMayCharge,
  type WhoMayCharge,
  whoMayCharge,
} from './decision/who-may-charge'

// What the system does by itself, and what happened.
export { type Reaction, type Reactions, type ReactionsOptions, startReactions } from './reactions/reactions'
export { history, type HistoryEntry, type HistorySubject } from './audit/history'

// The language: ids, actors, levels, instants.
export { type Actor, parseActor, writeActor } from './domain/language/actor'
export { AccessLevel, capabilities } from './domain/capabilities'
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
} from './domain/language/ids'
export { randomId, type Runtime, systemRuntime } from './domain/runtime'
export { Instant, instantOf, millisecondsOf } from './domain/language/window'

// The port to the event store, and what an adapter builds on.
export {
  comparePositions,
  type Epoch,
  isEpoch,
  laterOf,
  parsePosition,
  type Position,
  writePosition,
} from './domain/event/position'
export type { EventToAppend, RecordedEvent } from './domain/event/recorded'
export {
  chargerStream,
  EPOCH_STREAM,
  identityStream,
  OUR_STREAMS,
  poolStream,
  type StreamFilter,
  takes,
} from './domain/event/streams'
export { nameFault, readBody, writeCheckpoint, type WrittenEvent, writeOut } from './store/append-limits'
export { type Copied, copyHistory, type CopyError } from './store/copy-history'
export { epochBegan, type EpochStream, openEpoch, placeIn } from './store/epoch'
export {
  type AllSlice,
  type AppendError,
  type AppendResult,
  type Checkpoint,
  type CheckpointSaved,
  type Delivery,
  describeStoreError,
  type EventStore,
  NO_STREAM,
  type NotUsableKind,
  type ReadAll,
  type StoreError,
  type StreamSlice,
  type Subscription,
  type UnknownOutcome,
} from './store/event-store'
export { type PulledSubscription, pullSubscription } from './store/pulled-subscription'
export { judgeAppend } from './store/verdict'
export { type MemoryStore, memoryStore } from './store/memory-store'
