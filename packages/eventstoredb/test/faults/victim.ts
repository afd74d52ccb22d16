/** The server that suffers: one of the harness's own, or one that somebody else started. */
import { systemRuntime } from '@access-pools/core'
import {
  answerAgain,
  counts,
  drop,
  find,
  kill,
  restart,
  type Running,
  start,
  stop,
  stopAnswering,
  tell,
  urlOf,
} from '../protocol-server/control'
import type { Faults } from '../protocol-server/faults'

export interface Victim {
  readonly url: string
  /** False for a server that is not one of the protocol servers here: nothing can be done to it. */
  readonly steerable: boolean
  readonly kill: () => Promise<void>
  /** The same address over the same file. */
  readonly restart: () => Promise<void>
  readonly stopAnswering: () => void
  readonly answerAgain: () => void
  readonly drop: () => Promise<void>
  readonly tell: (faults: Partial<Faults>) => Promise<void>
  /** Whether it died by itself within so many milliseconds. */
  readonly died: (within: number) => Promise<boolean>
  /** Leaves one of somebody else's running and well; ends one of its own. */
  readonly end: () => Promise<void>
}

const WELL: Faults = {
  dieBeforeWriting: false,
  dieAfterWriting: false,
  answerLate: 0,
  answerTwice: false,
  silent: false,
}

const answers = (one: Running): Promise<boolean> =>
  counts(one).then(
    () => true,
    () => false,
  )

const steered = (begun: Running, ours: boolean): Victim => {
  let one = begun
  const isUp = (): Promise<boolean> => answers(one)
  return {
    url: urlOf(one),
    steerable: true,
    kill: () => kill(one),
    restart: async () => {
      one = await restart(one, ours)
    },
    stopAnswering: () => stopAnswering(one),
    answerAgain: () => answerAgain(one),
    drop: async () => void (await drop(one)),
    tell: (faults) => tell(one, faults),
    died: async (within) => {
      const until = systemRuntime.monotonic() + within
      while (systemRuntime.monotonic() < until) {
        if (!(await isUp())) return true
        await systemRuntime.sleep(10)
      }
      return false
    },
    end: async () => {
      answerAgain(one)
      if (ours) return stop(one)
      if (!(await isUp())) one = await restart(one)
      await tell(one, WELL)
    },
  }
}

const nothing = (): Promise<void> => Promise.resolve()

const untouched = (url: string): Victim => ({
  url,
  steerable: false,
  kill: nothing,
  restart: nothing,
  stopAnswering: () => undefined,
  answerAgain: () => undefined,
  drop: nothing,
  tell: nothing,
  died: () => Promise.resolve(false),
  end: nothing,
})

const found = (url: string): Running | undefined => {
  try {
    return find(url)
  } catch {
    return undefined
  }
}

/** A new one that ends with this process, or the one at an address. */
export const victimAt = async (url: string | undefined, minutes: number): Promise<Victim> => {
  if (url === undefined) return steered(await start({ tied: true, minutes }), true)
  const running = found(url)
  return running === undefined ? untouched(url) : steered(running, false)
}
