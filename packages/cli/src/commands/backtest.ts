/** `backtest`: would each session of a file be granted at its own instant, on what is known now. */
import { byIdentity, millisecondsOf } from '@access-pools/core'
import { type Context, withReadModel, withStore } from '../context'
import { EXIT, type ExitCode } from '../exit-codes'
import { readSessions, stationOf } from '../import/sessions'
import { table } from '../output/tables'

/** Decides every session of a file. */
export const backtest = async (context: Context, file: string): Promise<ExitCode> => {
  const { sessions, rejected } = await readSessions(file)
  const denied = new Map<string, number>()
  let granted = 0
  await withStore(context, (store) =>
    withReadModel(context, store, async (readModel) => {
      for (const session of sessions) {
        const at = millisecondsOf(session.created)
        const answer = readModel.decide(stationOf(session), byIdentity(session.identity), at)
        if (answer.decision === 'Granted') {
          granted += 1
          continue
        }
        const reason = answer.decision === 'Denied' ? answer.reason : 'Refer'
        denied.set(reason, (denied.get(reason) ?? 0) + 1)
      }
    }),
  )
  const { output, messages } = context.terminal
  if (rejected.length > 0)
    await messages.write(
      `${rejected.length} rows were left out:\n${rejected
        .slice(0, 20)
        .map(({ line, id, reason }) => `  line ${line} (${id}): ${reason}\n`)
        .join('')}`,
    )
  const document = { sessions: sessions.length, granted, denied: Object.fromEntries(denied) }
  if (context.json) await output.write(`${JSON.stringify(document)}\n`)
  else {
    const rows = [['granted', String(granted)], ...[...denied].map(([reason, n]) => [reason, String(n)])]
    await output.write(await table(['answer', `of ${sessions.length} sessions`], rows))
  }
  return rejected.length > 0 ? EXIT.partly : EXIT.done
}
