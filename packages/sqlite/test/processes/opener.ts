/** Opens a store and says what came of it: `file`. In a process of its own, which may have fewer rights. */
import { openSqliteStore } from '../../src'

const main = async (): Promise<void> => {
  const store = await openSqliteStore({ file: process.argv[2] ?? '' })()
  process.stdout.write(JSON.stringify(store._tag === 'Left' ? store.left : { type: 'Opened' }))
  if (store._tag === 'Right') await store.right.close()
}

void main()
