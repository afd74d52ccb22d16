import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { EventStore } from '@access-pools/core'
import { errorOf, event, events, fresh, got, only, written } from './events'
import { open } from './subject'
import { eventually } from './waiting'

const ROOT = join(__dirname, '..', '..', '..')

/** Runs TypeScript in a process of its own; answers what it printed and how it ended. */
const run = (...args: string[]): Promise<{ readonly printed: string; readonly code: number | null }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['-r', join(ROOT, '.ci', 'typescript.cjs'), ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let printed = ''
    child.stdout.on('data', (chunk) => (printed += String(chunk)))
    child.once('close', (code) => resolve({ printed: printed.trim(), code }))
  })

const command = async (...args: string[]): Promise<string> => {
  const { printed, code } = await run(join(__dirname, 'protocol-server', 'cli.ts'), ...args)
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`)
  return printed
}

describe('The command that steers protocol servers', () => {
  const urls: string[] = []
  const stores: EventStore[] = []
  const started = async (): Promise<string> => {
    const url = await command('start', '--lifetime', '10')
    urls.push(url)
    return url
  }
  afterAll(async () => {
    for (const store of stores) await store.close()
    for (const url of urls) await command('stop', url).catch(() => undefined)
  })

  test('start, stop-answering, answer, drop, kill, restart, stop', async () => {
    const [url, other] = [await started(), await started()]
    expect(url).toMatch(/^esdb:\/\/127\.0\.0\.1:\d+\?tls=false$/)
    expect(other).not.toBe(url)
    expect((await command('list')).split('\n')).toEqual(expect.arrayContaining([url, other]))
    const store = await open({ url, appendTimeout: 500, readTimeout: 1_000 })
    stores.push(store)
    const stream = `${fresh()}-1`
    const [first, second] = [event(), event()]
    await written(store, stream, -1, [first])
    const subscription = await got(store.subscribe({ filter: only(fresh()), most: 1 }))

    await command('stop-answering', url)
    expect((await errorOf(store.append(stream, 0, [second]))).type).toBe('UnknownOutcome')
    await command('answer', url)
    await eventually(async () => (await store.append(stream, 0, [second])())._tag === 'Right')

    expect(await command('drop', url)).toBe('1')
    await eventually(async () => (await subscription.next())._tag === 'Left')

    await command('kill', url)
    expect((await errorOf(store.readStream(stream, 0, 5))).type).toBe('Unavailable')
    expect(await command('restart', url)).toBe(url)
    await eventually(async () => (await store.readStream(stream, 0, 5)())._tag === 'Right')
    expect((await got(store.readStream(stream, 0, 5))).events).toHaveLength(2)

    await command('stop', url)
    expect(await command('list')).not.toContain(url)
    await expect(command('kill', url)).rejects.toThrow('ended with 1')
    const still = await open({ url: other })
    stores.push(still)
    await written(still, stream, -1, events(1))
  }, 60_000)

  test('a process that closes its store ends by itself', async () => {
    const url = await started()
    const ended = await run(join(__dirname, 'processes', 'open-and-close.ts'), url)
    expect(ended).toEqual({ printed: 'closed', code: 0 })
  })
})
