/** The command line as a process of its own, from the sources: for what only a process can show. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(__dirname, '..', '..', '..')

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

/** Starts a script of the package's sources. */
export const startScript = (script: string, args: readonly string[]): Running => {
  const child = spawn(
    process.execPath,
    ['-r', join(ROOT, '.ci', 'typescript.cjs'), join(__dirname, '..', 'src', script), ...args],
    { stdio: ['pipe', 'pipe', 'pipe'], cwd: ROOT, env: { ...process.env, NO_COLOR: '1' } },
  )
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, out, err })),
  )
  return { child, ended }
}

/** Starts the command line. */
export const start = (...args: readonly string[]): Running => startScript('main.ts', args)

/** Runs the command line to its end. */
export const runToEnd = (...args: readonly string[]): Promise<Ended> => start(...args).ended
