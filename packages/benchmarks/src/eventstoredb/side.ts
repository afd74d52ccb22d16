/** What each side of the comparison can do, and how it is asked: over the channel of its process. */
import { fork } from 'node:child_process'
import { join } from 'node:path'

export type SideName = 'ours' | 'raw'

/** Work on streams that only this side writes; each is told in milliseconds. */
export interface Side {
  /** Appends or commands, one after the other. */
  readonly oneByOne: (count: number) => Promise<number>
  /** So many lanes at once, each on a pool of its own. */
  readonly inLanes: (lanes: number, each: number) => Promise<number>
  /** All at once on one pool. */
  readonly onOne: (count: number) => Promise<number>
  /** Everything of ours from the beginning to the end that it has at the call. */
  readonly catchUp: () => Promise<number>
  /** From the call of each append until its reader knows. */
  readonly delays: (count: number) => Promise<readonly number[]>
  readonly end: () => Promise<void>
}

export type Ask =
  | { readonly job: 'oneByOne' | 'onOne' | 'delays'; readonly count: number }
  | { readonly job: 'inLanes'; readonly count: number; readonly each: number }
  | { readonly job: 'catchUp' | 'end' }

/** What a side answers: milliseconds, one figure or many. */
export type Told = { readonly figures: readonly number[] } | { readonly failed: string }

export interface Asked {
  readonly ask: (ask: Ask) => Promise<readonly number[]>
  readonly end: () => Promise<void>
}

const isTold = (message: unknown): message is Told =>
  typeof message === 'object' && message !== null && ('figures' in message || 'failed' in message)

/** A side in a process of its own: clients in one process would share what they keep of their appends. */
export const startSide = (name: SideName, url: string): Asked => {
  const child = fork(join(__dirname, 'process.js'), [name, url], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const ask = (question: Ask): Promise<readonly number[]> =>
    new Promise((resolve, reject) => {
      const gone = (): void => reject(new Error(`the process of ${name} ended`))
      child.once('exit', gone)
      child.once('message', (message: unknown) => {
        child.off('exit', gone)
        if (!isTold(message)) reject(new Error('no answer was understood'))
        else if ('failed' in message) reject(new Error(`${name}: ${message.failed}`))
        else resolve(message.figures)
      })
      child.send(question)
    })
  return {
    ask,
    end: async () => {
      if (child.exitCode === null && child.connected) child.disconnect()
      await ended
    },
  }
}
