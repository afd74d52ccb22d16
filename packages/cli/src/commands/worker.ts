/** `worker`: the process that does by itself what commands leave to the system, until it is asked to end. */
import { describeCommandError, type Reaction, startReactions } from '@access-pools/core'
import { type Context, withReadModel, withStore } from '../context'
import { EXIT, type ExitCode } from '../exit-codes'
import { failed } from '../failure'

export interface WorkerOptions {
  /** Does what is due now, whatever its age, and ends. */
  readonly once?: boolean | undefined
}

/** How often it is looked whether the store is still followed. */
const LOOK_EVERY = 1_000

/** Reacts until it is interrupted; its log goes to the messages. */
export const worker = (context: Context, { once }: WorkerOptions): Promise<ExitCode> =>
  withStore(context, (store) =>
    withReadModel(context, store, async (readModel) => {
      const { output, messages, runtime, interrupted } = context.terminal
      const { pino } = await import('pino')
      const log = pino(
        { base: null, timestamp: () => `,"time":"${new Date(runtime.now()).toISOString()}"` },
        { write: (line: string) => void messages.write(line) },
      )
      const told = ({ due, failed: error }: Reaction): void => {
        const { type, trigger: _, ...what } = due
        if (error === undefined) log.info({ ...what, reaction: type }, 'done')
        else log.warn({ ...what, reaction: type, reason: describeCommandError(error) }, 'will be tried again')
      }
      const reactions = startReactions({ store, readModel, runtime, told })
      try {
        if (once === true) {
          const count = await reactions.settle()
          await output.write(
            context.json ? `${JSON.stringify({ reactions: count })}\n` : `${count} things were due.\n`,
          )
          return EXIT.done
        }
        log.info({}, 'working')
        while (!interrupted.aborted) {
          if (readModel.state().type === 'Stopped') throw failed('The store cannot be followed any more.')
          await runtime.sleep(LOOK_EVERY, interrupted)
        }
        log.info({}, 'ended')
        return EXIT.done
      } finally {
        await reactions.stop()
      }
    }),
  )
