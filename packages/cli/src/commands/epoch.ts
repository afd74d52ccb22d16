/** `epoch new`: after a restore, so that positions from before it are told apart from those that come. */
import { epochBegan, EPOCH_STREAM, NO_STREAM, parse } from '@access-pools/core'
import { isLeft } from 'fp-ts/Either'
import * as t from 'io-ts'
import { type Context, withStore } from '../context'
import { EXIT, type ExitCode } from '../exit-codes'
import { failed, storeFailed, usage } from '../failure'

const Epoch = t.type({ epoch: t.string }, 'Epoch')

/** Begins a new epoch. Who has a file open notices; who is on a server goes on in the old one: end them first. */
export const newEpoch = (context: Context): Promise<ExitCode> => {
  if (context.actor.type !== 'Operator') throw usage('--as: an operator alone begins an epoch.')
  return withStore(context, async (store) => {
    const last = await store.readBackward(EPOCH_STREAM, 1)()
    if (isLeft(last)) throw storeFailed(last.left)
    const event = epochBegan(context.terminal.runtime)
    const expected = last.right.events[0]?.revision ?? NO_STREAM
    const appended = await store.append(EPOCH_STREAM, expected, [event])()
    if (isLeft(appended))
      throw appended.left.type === 'UnknownOutcome'
        ? failed(
            'It is not known whether the epoch began: look at the positions, and begin another one if need be.',
          )
        : storeFailed(appended.left)
    if (appended.right.type === 'Conflict')
      throw failed('Another epoch began at the same time: that one holds.')
    const began = parse(Epoch, event.data)
    if (isLeft(began)) throw failed('The epoch that began has no name.')
    const { epoch } = began.right
    await context.terminal.output.write(
      context.json
        ? `${JSON.stringify({ epoch, before: store.epoch })}\n`
        : `Epoch ${epoch} began after ${store.epoch}.\n`,
    )
    return EXIT.done
  })
}
