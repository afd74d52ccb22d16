/** `copy`: moves a whole history from one store to another, and compares what both say afterwards. */
import {
  type Copied,
  copyHistory,
  type CopyError,
  describeStoreError,
  type EventStore,
} from '@access-pools/core'
import { isLeft } from 'fp-ts/Either'
import { type Context, withReadModel } from '../context'
import { EXIT, type ExitCode } from '../exit-codes'
import { failed, type Failure, sentence, usage } from '../failure'
import { openStore } from '../store-url'
import { type Comparison, compareStores } from './compare-stores'

export interface CopyOptions {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

const copyFailed = (error: CopyError): Failure => {
  switch (error.type) {
    case 'Source':
      return failed(sentence(`--from: ${describeStoreError(error.error)}`))
    case 'Target':
      return failed(sentence(`--to: ${describeStoreError(error.error)}`))
    case 'Differs':
      return failed(
        `--to holds something else at event ${error.revision} of stream ${error.stream}: it is no copy of this store. Copy into an empty one.`,
      )
  }
}

const compare = (context: Context, from: EventStore, to: EventStore): Promise<Comparison> =>
  withReadModel(context, from, (source) =>
    withReadModel(context, to, (target) =>
      Promise.resolve(compareStores(source, target, context.actor, context.terminal.runtime.now())),
    ),
  )

const told = ({ events, streams }: Copied, { pools, chargers, identities, different }: Comparison): string =>
  different.length === 0
    ? `Copied ${events} events of ${streams} streams. ${pools} pools, ${chargers} chargers, ${identities} identities and all decisions are the same.\n`
    : `Copied ${events} events of ${streams} streams, but these differ:\n${different.map((one) => `  ${one}\n`).join('')}`

/** Copies, goes on with a copy that was interrupted, and says whether both stores decide the same. */
export const copy = async (context: Context, { from, to }: CopyOptions): Promise<ExitCode> => {
  if (from === undefined || to === undefined) throw usage('copy: name both stores: --from URL --to URL.')
  if (from === to) throw usage('copy: --from and --to are the same store.')
  if (context.actor.type !== 'Operator') throw usage('--as: an operator alone copies a store.')
  const { terminal, json } = context
  const source = await openStore(from, terminal.runtime, 'Told')
  try {
    const target = await openStore(to, terminal.runtime, 'Made')
    try {
      const progressed = ({ events }: Copied): void => {
        if (!json && terminal.messages.isTerminal) void terminal.messages.write(`\r${events} events copied`)
      }
      const copied = await copyHistory(source, target, progressed)()
      if (isLeft(copied)) throw copyFailed(copied.left)
      const comparison = await compare(context, source, target)
      const equal = comparison.different.length === 0
      const document = { ...copied.right, ...comparison, equal }
      await terminal.output.write(json ? `${JSON.stringify(document)}\n` : told(copied.right, comparison))
      return equal ? EXIT.done : EXIT.differs
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}
