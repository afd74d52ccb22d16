/**
 * Whether the file still is what was opened: in the same epoch, of a version that we know. While it is open here,
 * another process may begin an epoch in it (after a restore) or raise its version (after an upgrade). What is
 * answered from then on would be taken for what it is not.
 */
import { type Epoch, EPOCH_STREAM, isEpoch, readBody, type StoreError } from '@access-pools/core'
import type { Connection } from '../connection'
import { notUsable } from '../failure'
import { newerVersion, SCHEMA_VERSION } from './schema'

export interface SameLife {
  /**
   * Why nothing may be answered from the file as it is now. Asked after a read it speaks for that read too: there is
   * no way back to an epoch, nor to a version.
   */
  readonly ended: () => StoreError | undefined
  /** Looks again, whether or not another connection has written. */
  readonly lookAgain: () => void
}

/** `epoch` answers nothing as long as it is not known. */
export const openSameLife = (
  file: string,
  { prepare }: Connection,
  epoch: () => Epoch | undefined,
): SameLife => {
  const changes = prepare('PRAGMA data_version')
  const version = prepare('PRAGMA user_version')
  const began = prepare('SELECT data FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1')
  let seen: number | undefined

  const look = (): StoreError | undefined => {
    const raised = version.number() ?? SCHEMA_VERSION
    if (raised > SCHEMA_VERSION) return newerVersion(file, raised)
    const opened = epoch()
    if (opened === undefined) return undefined
    const now = epochIn(began.rows(EPOCH_STREAM)[0]?.[0])
    if (now === opened) return undefined
    return now === undefined
      ? notUsable('Damaged', `${file} is damaged: its epoch cannot be read any more`)
      : { type: 'WrongEpoch', expected: now, actual: opened }
  }

  return {
    ended: () => {
      // Before the look: what is written in between is seen by the next one.
      const now = changes.number()
      if (now !== undefined && now === seen) return undefined
      const end = look()
      if (end === undefined) seen = now
      return end
    },
    lookAgain: () => {
      seen = undefined
    },
  }
}

const epochIn = (text: unknown): Epoch | undefined => {
  const data = typeof text === 'string' ? readBody(text) : undefined
  const epoch = typeof data === 'object' && data !== null && 'epoch' in data ? data.epoch : undefined
  return typeof epoch === 'string' && isEpoch(epoch) ? epoch : undefined
}
