/** The command line in this process: one store in memory for all calls, and a terminal that keeps what it is told. */
import {
  type EventStore,
  memoryStore,
  type MemoryStore,
  type Runtime,
  systemRuntime,
} from '@access-pools/core'
import { commandLine } from '../src/command-line'
import type { Output, Terminal } from '../src/terminal'

export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
  /** The one document of standard output; nothing where it is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- its shape is what tests assert
  readonly doc: any
  /** The documents of standard output, one a line. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- its shape is what tests assert
  readonly docs: any[]
}

export interface ShellOptions {
  readonly store?: EventStore & Partial<Pick<MemoryStore, 'reopen'>>
  readonly runtime?: Runtime
  readonly environment?: Readonly<Record<string, string>>
}

export interface Shell {
  readonly store: MemoryStore
  /** Calls with `--json`. */
  readonly json: (...args: readonly string[]) => Promise<Said>
  /** Calls as it stands. */
  readonly call: (...args: readonly string[]) => Promise<Said>
  /** Calls with a text on standard input. */
  readonly fed: (input: string | Uint8Array, ...args: readonly string[]) => Promise<Said>
  /** `run COMMAND JSON`. */
  readonly run: (command: string, data: object, ...args: readonly string[]) => Promise<Said>
  /** How many events there are. */
  readonly events: () => Promise<number>
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const keeping = (): Output & { readonly text: () => string } => {
  let text = ''
  return {
    write: async (more) => void (text += more),
    closed: () => false,
    isTerminal: false,
    columns: 100,
    text: () => text,
  }
}

async function* once(input: string | Uint8Array): AsyncIterable<Uint8Array> {
  yield typeof input === 'string' ? new TextEncoder().encode(input) : input
}

/** A terminal for one call. */
export const testTerminal = (
  input: string | Uint8Array = '',
  { runtime = systemRuntime, environment = {} }: ShellOptions = {},
): Terminal & {
  readonly output: ReturnType<typeof keeping>
  readonly messages: ReturnType<typeof keeping>
} => ({
  environment,
  input: () => once(input),
  output: keeping(),
  messages: keeping(),
  runtime,
  interrupted: new AbortController().signal,
})

export const shell = (options: ShellOptions = {}): Shell => {
  const store = memoryStore(options.runtime === undefined ? {} : { runtime: options.runtime })
  const fed: Shell['fed'] = async (input, ...args) => {
    const terminal = testTerminal(input, options)
    const code = await commandLine(args, terminal, async () => store.reopen())
    const out = terminal.output.text()
    const docs = out.split('\n').filter(Boolean).map(parsed)
    return { code, out, err: terminal.messages.text(), doc: parsed(out), docs }
  }
  const call: Shell['call'] = (...args) => fed('', ...args)
  const json: Shell['json'] = (...args) => fed('', '--json', ...args)
  return {
    store,
    call,
    json,
    fed,
    run: (command, data, ...args) => json('run', command, JSON.stringify(data), ...args),
    events: async () => {
      const read = await store.readAll({
        filter: { categories: ['accessPool', 'charger', 'identity'], names: ['partners', 'skips', 'epoch'] },
        most: 1_000_000,
      })()
      if (read._tag === 'Left') throw new Error(JSON.stringify(read.left))
      return read.right.events.length
    },
  }
}
