/** Appends one event after the other to one stream of `file`, each until it is written; tells what it is answered. */
import { writeSync } from 'node:fs'
import { systemRuntime } from '@access-pools/core'
import { openSqliteStore } from '../../src'
import { uuidOf } from './ids'
import { say } from './say'

const [file = ''] = process.argv.slice(2)
const ending = new AbortController()
process.once('SIGTERM', () => ending.abort())

const main = async (): Promise<void> => {
  const store = await openSqliteStore({ file })()
  if (store._tag === 'Left') throw new Error(JSON.stringify(store.left))
  for (let n = 0; !ending.signal.aborted;) {
    const event = { id: uuidOf(`${n}`), type: 'T', data: { n, fill: 'x'.repeat(20_000) }, metadata: {} }
    const answer = await store.right.append('accessPool-1', n - 1, [event])()
    const said = answer._tag === 'Left' ? answer.left : { type: answer.right.type, n }
    say(JSON.stringify(said))
    if (answer._tag === 'Left') await systemRuntime.sleep(20, ending.signal)
    else n += 1
  }
  await store.right.close()
}

void main().catch((error: unknown) => {
  writeSync(2, `${String(error)}\n`)
  process.exitCode = 1
})
