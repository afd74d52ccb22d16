/** The event store of Access Pools on EventStoreDB. */
export type { Credentials } from './connection-string'
export { type EventStoreDbOptions, openEventStoreDb } from './eventstoredb-store'
