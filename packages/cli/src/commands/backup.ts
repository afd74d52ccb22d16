/** `backup`: a copy of the store's file, while others write to it. */
import { type EventStore, writePosition } from '@access-pools/core'
import type { SqliteStore } from '@access-pools/sqlite'
import { isLeft } from 'fp-ts/Either'
import { type Context, withStore } from '../context'
import { EXIT, type ExitCode } from '../exit-codes'
import { failed, storeFailed, usage } from '../failure'

const isFile = (store: EventStore): store is SqliteStore => 'backup' in store

/** Copies the store to a file that does not exist yet. The copy is a store of its own, in the same epoch. */
export const backup = (context: Context, file: string): Promise<ExitCode> => {
  if (context.actor.type !== 'Operator') throw usage('--as: an operator alone copies a store.')
  return withStore(context, async (store) => {
    if (!isFile(store))
      throw failed(
        'Only a store in a file (sqlite:FILE) is backed up by this: use the means of the server, or `copy`.',
      )
    const made = await store.backup(file)()
    if (isLeft(made)) throw storeFailed(made.left)
    const { events } = made.right
    const position = writePosition(made.right.position)
    await context.terminal.output.write(
      context.json
        ? `${JSON.stringify({ file, events, position })}\n`
        : `${file}: ${events} events, up to position ${position}.\n`,
    )
    return EXIT.done
  })
}
