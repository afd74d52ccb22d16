/** What stands in the file: its marks, its tables, and the version that they are of. */

import type { StoreError } from '@access-pools/core'
import { notUsable } from '../failure'

/** "AcPo", by which a file is known for ours. */
export const APPLICATION_ID = 0x4163506f

/** The version of the tables. One that reads a newer one than it knows might break it: it refuses. */
export const SCHEMA_VERSION = 1

/**
 * `position` is the place in the order of all events: SQLite has one writer at a time, so that it is the order of
 * commits. `category` stands for what comes before the first dash of the stream's name (see `categories.ts`), so
 * that a reader of some kinds of streams passes over the others.
 */
export const SCHEMA = `
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    category INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    id BLOB NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_of_stream ON events (stream, revision);
  CREATE INDEX events_of_category ON events (category);
  CREATE TABLE categories (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE checkpoints (
    name TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    data TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`

/** A file of tables that we do not know. */
export const newerVersion = (file: string, version: number): StoreError =>
  notUsable(
    'NewerVersion',
    `${file} was written by a newer version of Access Pools (its tables are of version ${version}, ` +
      `this one knows ${SCHEMA_VERSION})`,
  )
