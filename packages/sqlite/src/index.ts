/** The event store of Access Pools in one SQLite file. */
export { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from './sqlite-store'
export type { Backup } from './backup'
