/** The server that both sides meet: the one that is named, or a protocol server in a process of its own. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'

export interface Server {
  readonly url: string
  readonly end: () => Promise<void>
}

const ROOT = join(__dirname, '..', '..', '..', '..')

const protocolServer = (...args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const cli = join(ROOT, 'packages', 'eventstoredb', 'test', 'protocol-server', 'cli.ts')
    const command = ['-r', join(ROOT, '.ci', 'typescript.cjs'), cli, ...args]
    execFile(process.execPath, command, (error, out) =>
      error === null ? resolve(out.trim()) : reject(new Error(error.message)),
    )
  })

export const serverAt = async (url: string | undefined): Promise<Server> => {
  if (url !== undefined) return { url, end: () => Promise.resolve() }
  const started = await protocolServer('start', '--lifetime', '60')
  return { url: started, end: () => protocolServer('stop', started).then(() => undefined) }
}
