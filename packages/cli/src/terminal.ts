/** Where the command reads from and writes to: the process's own streams, or a test's. */
import { type Runtime, systemRuntime } from '@access-pools/core'
import { codeOf } from './failure'

export interface Output {
  /** Resolves when the text is handed over, or when nobody reads any more (`closed`). */
  readonly write: (text: string) => Promise<void>
  readonly closed: () => boolean
  readonly isTerminal: boolean
  readonly columns: number
}

export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly input: () => AsyncIterable<Uint8Array>
  readonly output: Output
  /** Messages, progress, errors. */
  readonly messages: Output
  readonly runtime: Runtime
  /** Aborts when the command is asked to end. */
  readonly interrupted: AbortSignal
}

const PLAIN_WIDTH = 110

const outputOn = (stream: NodeJS.WriteStream): Output => {
  let closed = false
  stream.on('error', (error) => {
    // `| head` has seen enough. Anything else that ends a pipe is the same to us: nobody reads what comes.
    closed = true
    if (codeOf(error) !== 'EPIPE') process.exitCode = 1
  })
  return {
    write: (text) =>
      new Promise((resolve) => {
        if (closed || text === '') resolve()
        else stream.write(text, () => resolve())
      }),
    closed: () => closed,
    isTerminal: stream.isTTY,
    columns: stream.columns ?? PLAIN_WIDTH,
  }
}

/** The terminal of this process. A first interruption ends the command in order, a second one at once. */
export const processTerminal = (): Terminal => {
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort())
  return {
    environment: process.env,
    input: () => process.stdin,
    output: outputOn(process.stdout),
    messages: outputOn(process.stderr),
    runtime: systemRuntime,
    interrupted: interruption.signal,
  }
}
