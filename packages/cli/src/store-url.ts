/** Which store a URL names, and how it is opened. */
import { existsSync } from 'node:fs'
import { type EventStore, memoryStore, type Runtime } from '@access-pools/core'
import { openSqliteStore } from '@access-pools/sqlite'
import { isLeft } from 'fp-ts/Either'
import { failed, storeFailed, usage } from './failure'

const DEFAULT_STORE = 'sqlite:./access-pools.db'

/** The store that is meant: the one given, else the environment's, else a file in this folder. */
export const storeUrl = (
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string => {
  const named = environment['ACCESS_POOLS_STORE']
  return given ?? (named === undefined || named === '' ? DEFAULT_STORE : named)
}

/** What becomes of a file that is not there: it is made, it is told, or an empty store in memory stands for it. */
export type Missing = 'Made' | 'Told' | 'Empty'

/** Opens the store that a URL names. */
export const openStore = async (url: string, runtime: Runtime, missing: Missing): Promise<EventStore> => {
  if (url === 'memory:') return memoryStore({ runtime })
  if (url.startsWith('sqlite:')) return openFile(url.slice('sqlite:'.length), runtime, missing)
  if (/^esdb(\+discover)?:/.test(url)) return openServer(url, runtime)
  throw usage(`--store: ${JSON.stringify(url)} is no store: sqlite:FILE, memory: or esdb://…`)
}

const openFile = async (file: string, runtime: Runtime, missing: Missing): Promise<EventStore> => {
  if (file === '') throw usage('--store: sqlite: needs a file, as in sqlite:./access-pools.db')
  if (missing !== 'Made' && !existsSync(file)) {
    if (missing === 'Told')
      throw failed(`There is no store at ${file}: import, run or apply something, and it is made.`)
    return memoryStore({ runtime })
  }
  const opened = await openSqliteStore({ file, runtime })()
  if (isLeft(opened)) throw storeFailed(opened.left)
  return opened.right
}

/** Loaded when it is needed: the client of a server is most of what there is to load. */
const openServer = async (url: string, runtime: Runtime): Promise<EventStore> => {
  const { openEventStoreDb } = await import('@access-pools/eventstoredb')
  const opened = await openEventStoreDb({ url, runtime })()
  if (isLeft(opened)) throw storeFailed(opened.left)
  return opened.right
}
