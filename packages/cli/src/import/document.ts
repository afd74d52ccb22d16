/** What an import answers, as a document and for people. */
import type { Context } from '../context'
import { table } from '../output/tables'
import type { Differs } from './planning'
import type { Rejected } from './wanted'

export interface ImportDocument {
  /** What the file says, of what was taken of it. */
  readonly stations: number
  readonly chargers: number
  readonly organizations: number
  readonly pools: number
  readonly members: number
  /** How many events were written. */
  readonly events: number
  readonly rejected: readonly Rejected[]
  readonly skipped: Readonly<Record<string, number>>
  readonly differs: readonly Differs[]
}

/** People are shown so many rows of a list; the document has all. */
const SHOWN = 20

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** Prints the document, or says the same for people. */
export const tellImport = async (
  context: Context,
  document: ImportDocument,
  dryRun: boolean,
): Promise<void> => {
  const { output } = context.terminal
  if (context.json) {
    await output.write(`${JSON.stringify(document)}\n`)
    return
  }
  const { stations, chargers, organizations, pools, members, events, rejected, skipped, differs } = document
  const found = [
    [stations, 'station'] as const,
    [chargers, 'charger'] as const,
    [organizations, 'organization'] as const,
    [pools, 'pool'] as const,
    [members, 'membership'] as const,
  ].flatMap(([count, what]) => (count === 0 ? [] : [counted(count, what)]))
  const left = Object.entries(skipped).map(([code, count]) => `${count} ${code === '' ? '(blank)' : code}`)
  const lines = [
    `The file holds ${found.length === 0 ? 'nothing to import' : found.join(', ')}.`,
    events === 0
      ? 'Nothing was written: what could be done stands already.'
      : `${counted(events, 'event')} ${dryRun ? 'would be' : events === 1 ? 'was' : 'were'} written.`,
    ...(left.length > 0 ? [`Skipped: ${left.join(', ')}.`] : []),
  ]
  await output.write(`${lines.join('\n')}\n`)
  if (rejected.length > 0) {
    await output.write(`\n${counted(rejected.length, 'row')} rejected:\n`)
    await output.write(
      await table(
        ['line', 'id', 'reason'],
        rejected.slice(0, SHOWN).map(({ line, id, reason }) => [String(line), id, reason]),
      ),
    )
    await output.write(more(rejected.length))
  }
  if (differs.length > 0) {
    await output.write(`\n${counted(differs.length, 'thing')} changed since; --update brings them back:\n`)
    await output.write(
      await table(
        ['id', 'reason', 'is', 'wanted'],
        differs.slice(0, SHOWN).map(({ id, reason, is, wanted }) => [id, reason, is ?? '–', wanted ?? '–']),
      ),
    )
    await output.write(more(differs.length))
  }
}

const more = (count: number): string => (count > SHOWN ? `… and ${count - SHOWN} more: see --json.\n` : '')
