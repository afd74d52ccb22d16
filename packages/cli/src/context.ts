/** What every command is run in: its terminal, its global options, its store. */
import { type Actor, type EventStore, parseActor, type ReadModel, startReadModel } from '@access-pools/core'
import { isLeft } from 'fp-ts/Either'
import type { ExitCode } from './exit-codes'
import { failed, storeFailed, usage } from './failure'
import { type Missing, openStore, storeUrl } from './store-url'
import type { Terminal } from './terminal'

export interface GlobalOptions {
  readonly store?: string | undefined
  readonly as?: string | undefined
  readonly json?: boolean | undefined
}

export interface Context {
  readonly terminal: Terminal
  readonly json: boolean
  /** Who acts; the operator at the command line where nobody is named. */
  readonly actor: Actor
  /** Who acts: whoever is named, else the one of the command. */
  readonly actorOr: (standard: string) => Actor
  /** Opens the store; a file that is not there is made, where nothing else is said. */
  readonly open: (missing?: Missing) => Promise<EventStore>
}

/** For what only reads: a store in a file that is not there is not made, but told. */
export const toRead = (context: Context): Context => ({ ...context, open: () => context.open('Told') })

/** For what is only tried: a store in a file that is not there is not made, but taken for empty. */
export const toTry = (context: Context): Context => ({ ...context, open: () => context.open('Empty') })

/** A command: what it does, and how the process ends. */
export type Run = (context: Context) => Promise<ExitCode>

/** Opens a store; tests hand over one that they hold. */
export type OpenStore = (url: string) => Promise<EventStore>

/** Reads an actor as `--as` names it. */
export const actorNamed = (text: string): Actor => {
  const actor = parseActor(text)
  if (isLeft(actor)) throw usage(`--as: ${actor.left}`)
  return actor.right
}

/** Reads the global options. */
export const contextOf = (terminal: Terminal, options: GlobalOptions, open?: OpenStore): Context => {
  const url = storeUrl(options.store, terminal.environment)
  const actorOr = (standard: string): Actor => actorNamed(options.as ?? standard)
  return {
    terminal,
    json: options.json === true,
    actor: actorOr('operator/cli'),
    actorOr,
    open: (missing = 'Made') => (open === undefined ? openStore(url, terminal.runtime, missing) : open(url)),
  }
}

/** Runs with the store, and closes it however that ends. */
export const withStore = async <A>(context: Context, use: (store: EventStore) => Promise<A>): Promise<A> => {
  const store = await context.open()
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

/** How long a long history may take to be read. */
const PATIENCE = 600_000

/** Runs with a read model that has read everything the store held when it began. */
export const withReadModel = async <A>(
  { terminal }: Context,
  store: EventStore,
  use: (readModel: ReadModel) => Promise<A>,
): Promise<A> => {
  const started = await startReadModel({ store, runtime: terminal.runtime })()
  if (isLeft(started)) throw storeFailed(started.left)
  const readModel = started.right
  try {
    const caughtUp = await readModel.whenCaughtUp({ within: PATIENCE })
    if (isLeft(caughtUp)) throw failed(notCaughtUp(readModel))
    return await use(readModel)
  } finally {
    await readModel.stop()
  }
}

const notCaughtUp = (readModel: ReadModel): string => {
  const state = readModel.state()
  const failure = state.type === 'Reading' ? undefined : state.failure
  const reason = failure?.type === 'Store' ? storeFailed(failure.error).message : 'it does not answer.'
  return `The store could not be read to its end: ${reason}`
}
