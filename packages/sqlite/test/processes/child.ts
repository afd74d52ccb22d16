/** Starts one of the scripts beside this file, and hears what it says. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

export interface Child {
  readonly process: ChildProcess
  /** The lines it has written so far. */
  readonly lines: string[]
  readonly errors: () => string
  /** Resolves with its first line: it is at work. */
  readonly spoke: Promise<void>
  /** Resolves when it has ended and all that it wrote was read. */
  readonly ended: Promise<number | null>
}

const ROOT = join(__dirname, '../../../..')

export const startChild = (
  script: string,
  args: readonly string[],
  heard: (line: string) => void = () => undefined,
  user?: number,
): Child => {
  const child = spawn(
    process.execPath,
    ['-r', join(ROOT, '.ci/typescript.cjs'), join(__dirname, `${script}.ts`), ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], ...(user === undefined ? {} : { uid: user, gid: user }) },
  )
  const lines: string[] = []
  let spoken = (): void => undefined
  const spoke = new Promise<void>((resolve) => (spoken = resolve))
  let rest = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      lines.push(line)
      heard(line)
      spoken()
    }
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      if (rest !== '') lines.push(rest)
      resolve(code)
    }),
  )
  return { process: child, lines, errors: () => errors, spoke, ended }
}
