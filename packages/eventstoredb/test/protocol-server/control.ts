/**
 * Starts and steers protocol servers from outside. What runs is written down in a folder of the system's for
 * temporary files, so that any process can steer it by its address.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Faults } from './faults'
import type { Counts } from './reading'

export interface Running {
  readonly pid: number
  readonly port: number
  readonly control: number
  readonly file: string
  readonly minutes: number
  /** It belongs to a process, and ends with it. */
  readonly tied: boolean
}

export interface StartOptions {
  readonly port?: number
  readonly file?: string
  /** It ends by itself after so long. */
  readonly minutes?: number
  /** It ends with the process that started it. */
  readonly tied?: boolean
}

const STATE = join(tmpdir(), 'access-pools-protocol-servers')
const ROOT = join(__dirname, '..', '..', '..', '..')
const PREFIX = 'access-pools-esdb-'

export const urlOf = ({ port }: Pick<Running, 'port'>): string => `esdb://127.0.0.1:${port}?tls=false`

const stateFile = (port: number): string => join(STATE, `${port}.json`)

const remember = (running: Running): void => {
  mkdirSync(STATE, { recursive: true })
  writeFileSync(stateFile(running.port), JSON.stringify(running))
}

/** Those of tied servers stay with their process: it is kept from being collected, and ends with us. */
const children = new Set<ChildProcess>()

export const start = async (options: StartOptions = {}): Promise<Running> => {
  const { port = 0, minutes = 120, tied = false } = options
  const file = options.file ?? join(mkdtempSync(join(tmpdir(), PREFIX)), 'log.db')
  const log = `${file}.out`
  const main = join(__dirname, 'main.ts')
  const args = ['-r', join(ROOT, '.ci', 'typescript.cjs'), main, file, `${port}`, `${minutes}`]
  const output = openSync(log, 'w')
  const child = spawn(process.execPath, tied ? [...args, 'tied'] : args, {
    stdio: [tied ? 'pipe' : 'ignore', output, output],
    detached: !tied,
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  child.unref()
  const started = await lineOf(log, child)
  const running = { ...(JSON.parse(started) as Omit<Running, 'minutes' | 'tied'>), minutes, tied }
  remember(running)
  return running
}

/** The first line that the server prints, which says that it answers. */
const lineOf = async (log: string, child: ChildProcess): Promise<string> => {
  const until = Date.now() + 30_000
  while (Date.now() < until && child.exitCode === null) {
    const [line, rest] = readFileSync(log, 'utf8').split('\n')
    if (rest !== undefined && line?.startsWith('{') === true) return line
    await passing(10)
  }
  throw new Error(`the protocol server did not start: ${readFileSync(log, 'utf8')}`)
}

const passing = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

export const running = (): Running[] =>
  existsSync(STATE)
    ? readdirSync(STATE).map((name) => JSON.parse(readFileSync(join(STATE, name), 'utf8')) as Running)
    : []

export const find = (url: string): Running => {
  const port = /:(\d+)/.exec(url.replace(/^\w+:\/\//, ''))?.[1]
  const found = running().find((one) => String(one.port) === port)
  if (found === undefined) throw new Error(`no protocol server was started at ${url}`)
  return found
}

/** Whether the process is there, and is (where the system tells) one of ours and no later one of the same number. */
const isAlive = ({ pid, file }: Running): boolean => {
  try {
    process.kill(pid, 0)
    const commandLine = `/proc/${pid}/cmdline`
    return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes(file)
  } catch {
    return false
  }
}

const signal = (one: Running, name: NodeJS.Signals): void => {
  if (isAlive(one)) process.kill(one.pid, name)
}

const gone = async (one: Running): Promise<void> => {
  while (isAlive(one)) await passing(5)
}

/** Half open: connections stay, and nothing is answered. */
export const stopAnswering = (one: Running): void => signal(one, 'SIGSTOP')

export const answerAgain = (one: Running): void => signal(one, 'SIGCONT')

export const kill = async (one: Running): Promise<void> => {
  signal(one, 'SIGKILL')
  await gone(one)
}

/** The same address over the same file, after it was killed (or instead of what runs). */
export const restart = async (one: Running, tied = false): Promise<Running> => {
  await kill(one)
  return start({ port: one.port, file: one.file, minutes: one.minutes, tied })
}

/** Ends it, and removes what it wrote. */
export const stop = async (one: Running): Promise<void> => {
  await kill(one)
  rmSync(stateFile(one.port), { force: true })
  const folder = dirname(one.file)
  if (folder.startsWith(join(tmpdir(), PREFIX))) rmSync(folder, { recursive: true, force: true })
}

/** Ends all that belong to nobody, and clears away what others left behind. */
export const stopAll = async (): Promise<void> => {
  for (const one of running()) if (!one.tied || !isAlive(one)) await stop(one)
}

const ask = async ({ control }: Running, path: string, body?: object): Promise<unknown> => {
  const response = await fetch(`http://127.0.0.1:${control}${path}`, {
    method: 'POST',
    body: JSON.stringify(body ?? {}),
  })
  return response.json()
}

/** Ends all subscriptions as a server does that goes away; answers how many. */
export const drop = async (one: Running): Promise<number> =>
  ((await ask(one, '/drop')) as { dropped: number }).dropped

export const tell = async (one: Running, faults: Partial<Faults>): Promise<void> => {
  await ask(one, '/faults', faults)
}

/** What is open there now, and how many events it has sent. */
export const counts = async (one: Running): Promise<Counts> => (await ask(one, '/counts')) as Counts
