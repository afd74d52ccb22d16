/** `decide`: may a session start at this charger, for whoever shows this. */
import {
  type Answer,
  type EventStore,
  millisecondsOf,
  type Position,
  type ReadModel,
} from '@access-pools/core'
import { isLeft } from 'fp-ts/Either'
import { type Context, withReadModel, withStore } from '../context'
import { decisionDocument, decisionExit, describeDecision } from '../documents/decision'
import { linesOf } from '../documents/lines'
import { EXIT, type ExitCode } from '../exit-codes'
import { failed, usage } from '../failure'
import { storeAsOf } from './as-of'
import { type Known, type Question, questionIn, questionOf } from './question'

export interface DecideOptions {
  readonly rfid?: string | undefined
  readonly user?: string | undefined
  readonly pin?: boolean | undefined
  readonly partner?: string | undefined
  readonly none?: boolean | undefined
  readonly at?: string | undefined
  readonly known?: string | undefined
  readonly batch?: string | undefined
  readonly plain?: boolean | undefined
}

interface Decided {
  readonly answer: Answer
  readonly position: Position | undefined
}

/** What was known then judges windows then, unless another instant is named. */
const instantOf = ({ at, known }: Question, readModel: ReadModel): number | undefined => {
  if (at !== undefined) return millisecondsOf(at)
  if (known === undefined) return undefined
  return known.type === 'Instant' ? millisecondsOf(known.instant) : readModel.storedAt()
}

const decideOn = (readModel: ReadModel, question: Question): Decided => {
  const { charger, credential } = question
  return {
    answer: readModel.decide(charger, credential, instantOf(question, readModel)),
    position: readModel.position(),
  }
}

const decideAsOf = async (
  context: Context,
  store: EventStore,
  known: Known,
  question: Question,
): Promise<Decided> => {
  const then = await storeAsOf(store, known)
  return withReadModel(context, then, async (readModel) => decideOn(readModel, question))
}

const decideOne = async (
  context: Context,
  charger: string | undefined,
  { plain, batch: _, ...options }: DecideOptions,
): Promise<ExitCode> => {
  const question = questionOf(new Map<string, unknown>(Object.entries({ charger, ...options })))
  if (isLeft(question)) throw usage(question.left.join('; '))
  const { known } = question.right
  const { answer, position } = await withStore(context, (store) =>
    known === undefined
      ? withReadModel(context, store, async (readModel) => decideOn(readModel, question.right))
      : decideAsOf(context, store, known, question.right),
  )
  await context.terminal.output.write(
    context.json
      ? `${JSON.stringify(decisionDocument(answer, { position, plain: plain === true }))}\n`
      : `${describeDecision(answer)}\n`,
  )
  return decisionExit(answer)
}

/** Decides line by line: each answer is printed before the next question is read. */
const decideMany = (context: Context, file: string, plain: boolean): Promise<ExitCode> =>
  withStore(context, (store) =>
    withReadModel(context, store, async (readModel) => {
      const { output, interrupted } = context.terminal
      const counts = { decided: 0, invalid: 0 }
      for await (const { number, text } of linesOf(context.terminal, file)) {
        if (interrupted.aborted) throw failed(`Interrupted before line ${number}.`)
        if (output.closed()) break
        const question = questionIn(text)
        if (isLeft(question)) {
          counts.invalid += 1
          const document = { outcome: 'Invalid', errors: question.left }
          await output.write(
            context.json
              ? `${JSON.stringify(document)}\n`
              : `line ${number}: invalid. ${question.left.join('; ')}\n`,
          )
          continue
        }
        counts.decided += 1
        const { known } = question.right
        const { answer, position } =
          known === undefined
            ? decideOn(readModel, question.right)
            : await decideAsOf(context, store, known, question.right)
        await output.write(
          context.json
            ? `${JSON.stringify(decisionDocument(answer, { position, plain }))}\n`
            : `line ${number}: ${describeDecision(answer)}\n`,
        )
      }
      if (counts.invalid === 0) return EXIT.done
      return counts.decided > 0 ? EXIT.partly : EXIT.usage
    }),
  )

/** Decides one question, or many. */
export const decide = (
  context: Context,
  charger: string | undefined,
  options: DecideOptions,
): Promise<ExitCode> => {
  const { batch, plain } = options
  if (batch === undefined) {
    if (charger === undefined) throw usage('decide needs a charger, or --batch with a file of questions.')
    return decideOne(context, charger, options)
  }
  const others = Object.keys(options).filter((name) => name !== 'batch' && name !== 'plain')
  if (charger !== undefined || others.length > 0)
    throw usage('--batch takes its questions from the file: no charger and no other option goes with it.')
  return decideMany(context, batch, plain === true)
}
