/** `npm run bench -- NAME [--url URL] [--events N] [--json]`: runs a benchmark, prints what it compared with what. */
import type { Comparison } from './comparison'
import { asTable } from './comparison'
import { benchEventStoreDb } from './eventstoredb'
import { type Asked, type BenchOptions, readOptions } from './options'
import { benchSqlite } from './sqlite'

type Bench = (progress: (line: string) => void, options: BenchOptions) => Promise<readonly Comparison[]>

const BENCHMARKS: ReadonlyMap<string, Bench> = new Map([
  ['eventstoredb', benchEventStoreDb],
  ['sqlite', benchSqlite],
])

const USAGE = `npm run bench -- NAME [--json], where NAME is one of: ${[...BENCHMARKS.keys()].join(', ')}
npm run bench -- eventstoredb [--url URL] [--events N] [--json]
`

const asked = (args: readonly string[]): Asked | undefined => {
  try {
    return readOptions(args)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return undefined
  }
}

const main = async (args: readonly string[]): Promise<number> => {
  const options = asked(args)
  const bench = BENCHMARKS.get(options?.name ?? '')
  if (options === undefined || bench === undefined) {
    process.stderr.write(USAGE)
    return args.length === 0 ? 0 : 2
  }
  const comparisons = await bench((line) => process.stderr.write(`${line}\n`), options)
  process.stdout.write(`${options.json ? JSON.stringify(comparisons, undefined, 2) : asTable(comparisons)}\n`)
  return 0
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
