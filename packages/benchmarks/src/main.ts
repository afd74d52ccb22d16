/** `npm run bench -- NAME [--json]`: runs a benchmark, and prints what it compared with what. */
import type { Comparison } from './comparison'
import { asTable } from './comparison'
import { benchSqlite } from './sqlite'

const BENCHMARKS: ReadonlyMap<string, (progress: (line: string) => void) => Promise<readonly Comparison[]>> =
  new Map([['sqlite', benchSqlite]])

const main = async ([name, ...options]: readonly string[]): Promise<number> => {
  const bench = BENCHMARKS.get(name ?? '')
  if (bench === undefined || options.some((option) => option !== '--json')) {
    process.stderr.write(
      `npm run bench -- NAME [--json], where NAME is one of: ${[...BENCHMARKS.keys()].join(', ')}\n`,
    )
    return name === undefined ? 0 : 2
  }
  const comparisons = await bench((line) => process.stderr.write(`${line}\n`))
  const text = options.includes('--json') ? JSON.stringify(comparisons, undefined, 2) : asTable(comparisons)
  process.stdout.write(`${text}\n`)
  return 0
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
