/** The harness in a process of its own, so that what would end it is counted. `npm run faults` does more on demand. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(__dirname, '..', '..', '..')
const RESTARTS = 5

const harass = (...more: readonly string[]): Promise<{ code: number; out: string; progress: string }> =>
  new Promise((resolve) => {
    const main = join(__dirname, 'faults', 'main.ts')
    const args = ['-r', join(ROOT, '.ci', 'typescript.cjs'), main, ...more]
    const child = execFile(process.execPath, args, { timeout: 150_000 }, (_, out, progress) =>
      resolve({ code: child.exitCode ?? -1, out, progress }),
    )
  })

test(`through ${RESTARTS} restarts and what goes with them nothing is lost, twice, missed or stuck`, async () => {
  const { code, out, progress } = await harass('eventstoredb', '--restarts', `${RESTARTS}`, '--json')
  const report: unknown = code === -1 || out === '' ? progress : JSON.parse(out)
  expect(report).toMatchObject({
    ...{ lost: 0, twice: 0, crashes: 0, stuck: 0 },
    ...{ contradicted: 0, gaps: 0, missed: 0, differs: 0 },
    restarts: RESTARTS,
  })
  const counted: unknown = expect.objectContaining({ resubscribed: expect.any(Number) })
  expect(report).toEqual(counted)
  expect(Number(/"resubscribed": (\d+)/.exec(out)?.[1])).toBeGreaterThanOrEqual(2 * RESTARTS)
  expect(code).toBe(0)
}, 180_000)

test('what it is not asked for is an error of the command line', async () => {
  const { code, progress } = await harass('sqlite')
  expect([code, progress]).toEqual([2, expect.stringContaining('eventstoredb')])
  expect((await harass('--help')).code).toBe(0)
})
