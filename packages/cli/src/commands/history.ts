/** `history`: what happened to a pool, a charger or an identity, by whom, when, and why. */
import {
  ChargerId,
  history as historyOf,
  type HistoryEntry,
  type HistorySubject,
  IdentityId,
  parse,
  PoolId,
  writeActor,
  writePosition,
} from '@access-pools/core'
import { type Either, isLeft } from 'fp-ts/Either'
import { type Context, withStore } from '../context'
import { EXIT, type ExitCode } from '../exit-codes'
import { storeFailed, usage } from '../failure'
import { table } from '../output/tables'

export interface HistoryOptions {
  readonly pool?: string | undefined
  readonly charger?: string | undefined
  readonly identity?: string | undefined
}

const named = <A>(option: string, read: Either<string, A>): A => {
  if (isLeft(read)) throw usage(`--${option}: ${read.left}`)
  return read.right
}

const subjectOf = ({ pool, charger, identity }: HistoryOptions): HistorySubject => {
  if ([pool, charger, identity].filter((given) => given !== undefined).length !== 1)
    throw usage('history needs exactly one of --pool, --charger, --identity.')
  if (pool !== undefined) return { type: 'Pool', pool: named('pool', parse(PoolId, pool)) }
  if (charger !== undefined) return { type: 'Charger', charger: named('charger', parse(ChargerId, charger)) }
  return { type: 'Identity', identity: named('identity', parse(IdentityId, identity)) }
}

/** An entry as a document. */
export const entryDocument = (entry: HistoryEntry): object => ({
  position: writePosition(entry.position),
  stream: entry.stream,
  revision: entry.revision,
  type: entry.type,
  data: entry.data,
  actor: entry.actor === undefined ? null : writeActor(entry.actor),
  at: entry.at,
  ...(entry.note === undefined ? {} : { note: entry.note }),
})

/** An event's data in a line. */
export const briefly = (data: unknown): string => {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return JSON.stringify(data) ?? ''
  return Object.entries(data)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}

/** Tells the history of one of them, oldest first. */
export const history = (context: Context, options: HistoryOptions): Promise<ExitCode> => {
  const subject = subjectOf(options)
  return withStore(context, async (store) => {
    const read = await historyOf(store, subject, context.actor)()
    if (isLeft(read)) throw storeFailed(read.left)
    const entries = read.right
    const { output } = context.terminal
    if (context.json) await output.write(`${JSON.stringify(entries.map(entryDocument))}\n`)
    else if (entries.length === 0) await output.write('Nothing is known of it.\n')
    else
      await output.write(
        await table(
          ['when', 'who', 'event', 'what', 'why'],
          entries.map(({ at, actor, type, data, note }) => [
            at,
            actor === undefined ? '–' : writeActor(actor),
            type,
            briefly(data),
            note ?? '',
          ]),
        ),
      )
    return EXIT.done
  })
}
