/** What is asked of a benchmark on its command line. */
import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** A server that runs already; one of the benchmark's own where it is absent. */
  readonly url?: string
  /** How many events are read from the beginning. */
  readonly events?: number
}

export interface Asked extends BenchOptions {
  readonly name: string | undefined
  readonly json: boolean
}

/** Throws a sentence where it is no such command. */
export const readOptions = (args: readonly string[]): Asked => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      events: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const [name, ...others] = positionals
  if (others.length > 0) throw new Error('one benchmark at a time')
  const { url, events, json } = values
  if (events !== undefined && !/^[1-9]\d{2,6}$/.test(events))
    throw new Error('--events is a whole number from 100 on')
  return {
    name,
    json,
    ...(url === undefined ? {} : { url }),
    ...(events === undefined ? {} : { events: Number(events) }),
  }
}
