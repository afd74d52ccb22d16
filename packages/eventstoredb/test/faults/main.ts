/** `npm run -s faults -- eventstoredb`: what holds while the server fails, and what does not. */
import { systemRuntime } from '@access-pools/core'
import { HELP, type Options, readOptions } from './options'
import { type Outcome, run } from './run'
import { type Victim, victimAt } from './victim'

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

/** Errors that nobody caught: any of them ends a process that does not look out for them. */
let crashes = 0
const crashed = (thrown: unknown): void => {
  crashes += 1
  say(`CRASH: ${thrown instanceof Error ? thrown.stack : String(thrown)}`)
}
process.on('uncaughtException', crashed)
process.on('unhandledRejection', crashed)

const LIMIT = { first: 120_000, each: 20_000 }

/** Nothing where it did not come to an end in its time. */
const bounded = async (victim: Victim, options: Options): Promise<Outcome | undefined> => {
  const over = new AbortController()
  const limit = systemRuntime.sleep(LIMIT.first + options.restarts * LIMIT.each, over.signal)
  const outcome = await Promise.race([run(victim, options, say), limit.then(() => undefined)])
  over.abort()
  return outcome
}

const forPeople = (report: object): string =>
  Object.entries(report)
    .map(([name, value]) => `${name.padEnd(14)}${JSON.stringify(value)}\n`)
    .join('')

/** What is said of a run that did not come to its end. */
const HUNG = { lost: 0, twice: 0, resubscribed: 0, stuck: 1, contradicted: 0, gaps: 0, missed: 0, differs: 0 }

const carryOut = async (options: Options): Promise<number> => {
  const begun = systemRuntime.monotonic()
  const minutes = 5 + options.restarts
  const victim = await victimAt(options.url, minutes)
  const end = (): void => void victim.end().finally(() => process.exit(1))
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  if (!victim.steerable)
    say(
      `${options.url} is no protocol server that was started here: it is written to and read, and left in peace`,
    )
  say(`seed ${options.seed}`)
  try {
    const outcome = await bounded(victim, options)
    if (outcome === undefined) say('IT DID NOT COME TO AN END IN TIME')
    const { lost, twice, resubscribed, stuck, ...more } = outcome ?? HUNG
    const seconds = Math.round((systemRuntime.monotonic() - begun) / 100) / 10
    const { seed } = options
    const restarts = victim.steerable ? options.restarts : 0
    const report = { lost, twice, crashes, resubscribed, stuck, ...more, restarts, seed, seconds }
    process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : forPeople(report))
    const wrong = [lost, twice, crashes, stuck, more.contradicted, more.gaps, more.missed, more.differs]
    return wrong.every((count) => count === 0) ? 0 : 1
  } finally {
    await victim.end()
  }
}

const main = async (args: readonly string[]): Promise<number> => {
  let options: Options | undefined
  try {
    options = readOptions(args, () => Math.floor(systemRuntime.random() * 2 ** 32))
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    return 2
  }
  if (options === undefined) {
    process.stdout.write(HELP)
    return 0
  }
  return carryOut(options)
}

void main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exit(1)
  },
)
