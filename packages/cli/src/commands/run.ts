/** `run COMMAND JSON` and `apply FILE`: every command of the library, one or many. */
import {
  type AccessPools,
  accessPools,
  by,
  type Command,
  CommandId,
  type CommandName,
  decodeCommand,
  isCommandName,
  parse,
  parseActor,
} from '@access-pools/core'
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import { type Context, withStore } from '../context'
import { fieldsOf, parseJson } from '../documents/json'
import { type Line, linesOf, readInput } from '../documents/lines'
import { describeOutcome, outcomeDocument, outcomeExit } from '../documents/outcome'
import { EXIT, type ExitCode } from '../exit-codes'
import { failed, usage } from '../failure'
import { describeCommands, ofNoPool } from './command-fields'

export interface RunOptions {
  readonly id?: string | undefined
  readonly ifRevision?: string | undefined
}

const commandIn = async (context: Context, name: string, json: string | undefined): Promise<Command> => {
  if (!isCommandName(name))
    throw usage(`There is no command ${JSON.stringify(name)}: see access-pools run --help.`)
  if (json === undefined) throw usage(`${name} needs its data as JSON, or - to read it from standard input.`)
  const data = parseJson(json === '-' ? await readInput(context.terminal) : json)
  if (isLeft(data)) throw usage(`The data of ${name} ${data.left}`)
  const command = decodeCommand(name, data.right)
  if (isLeft(command)) throw usage(`${name}: ${command.left.join('; ')}`)
  return command.right
}

const commandIdIn = (id: string): Either<string, CommandId> => parse(CommandId, id)

const revisionIn = (name: CommandName, text: string): number => {
  if (ofNoPool.has(name)) throw usage(`--if-revision: ${name} is about no pool that could have changed`)
  if (!/^\d{1,15}$/.test(text)) throw usage('--if-revision: must be a whole number, 0 or more')
  return Number(text)
}

/** Runs one command. */
export const run = async (
  context: Context,
  name: string | undefined,
  json: string | undefined,
  options: RunOptions,
): Promise<ExitCode> => {
  const { output } = context.terminal
  if (name === undefined) {
    await output.write(describeCommands())
    return EXIT.done
  }
  const command = await commandIn(context, name, json)
  const id = options.id === undefined ? undefined : commandIdIn(options.id)
  if (id !== undefined && isLeft(id)) throw usage(`--id: ${id.left}`)
  const ifRevision =
    options.ifRevision === undefined ? {} : { ifRevision: revisionIn(command.type, options.ifRevision) }
  return withStore(context, async (store) => {
    const pools = accessPools({ store, runtime: context.terminal.runtime })
    const answer = await pools.execute(command, by(context.actor, id?.right, ifRevision))()
    await output.write(
      context.json ? `${JSON.stringify(outcomeDocument(answer))}\n` : `${describeOutcome(answer)}\n`,
    )
    return outcomeExit(answer)
  })
}

interface Given {
  readonly command: Command
  readonly by: Parameters<AccessPools['execute']>[1]
}

const FIELDS = ['command', 'data', 'id', 'as']

/** Reads a line: `{"command", "data", "id"?, "as"?}`. */
const givenIn = (context: Context, text: Line['text']): Either<readonly string[], Given> => {
  const json = isLeft(text) ? text : parseJson(text.right)
  if (isLeft(json)) return left([`the line: ${json.left}`])
  const read = fieldsOf(json.right, FIELDS)
  if (isLeft(read)) return read
  const name = read.right.get('command')
  if (typeof name !== 'string') return left(['command: must be the name of a command'])
  const id = read.right.get('id')
  const commandId = id === undefined ? right(undefined) : parse(CommandId, id)
  if (isLeft(commandId)) return left([`id: ${commandId.left}`])
  const as = read.right.get('as')
  if (as !== undefined && typeof as !== 'string') return left(['as: must be an actor'])
  const actor = as === undefined ? right(context.actor) : parseActor(as)
  if (isLeft(actor)) return left([`as: ${actor.left}`])
  if (!isCommandName(name)) return left([`command: there is no command ${JSON.stringify(name)}`])
  if (!read.right.has('data')) return left(['data: is missing'])
  const command = decodeCommand(name, read.right.get('data'))
  if (isLeft(command)) return left(command.left.map((error) => `data: ${error}`))
  return right({ command: command.right, by: by(actor.right, commandId.right) })
}

/** How a run over many lines ends. */
class Tally {
  readonly counts = { done: 0, refused: 0, invalid: 0, failed: 0 }

  exit(): ExitCode {
    const { done, refused, invalid, failed: failures } = this.counts
    if (failures > 0) return EXIT.failed
    if (refused + invalid === 0) return EXIT.done
    if (done > 0) return EXIT.partly
    return refused > 0 ? EXIT.refused : EXIT.usage
  }

  count(exit: ExitCode): void {
    if (exit === EXIT.done || exit === EXIT.partly) this.counts.done += 1
    else if (exit === EXIT.refused) this.counts.refused += 1
    else this.counts.failed += 1
    if (exit === EXIT.partly) this.counts.refused += 1
  }
}

/** Runs the commands of a file, one after the other, and answers each with a line. */
export const apply = (context: Context, file: string): Promise<ExitCode> =>
  withStore(context, async (store) => {
    const { output, messages, interrupted, runtime } = context.terminal
    const pools = accessPools({ store, runtime })
    const tally = new Tally()
    const tell = (number: number, document: object, said: string): Promise<void> =>
      output.write(context.json ? `${JSON.stringify(document)}\n` : `line ${number}: ${said}\n`)
    for await (const { number, text } of linesOf(context.terminal, file)) {
      if (interrupted.aborted) throw failed(`Interrupted before line ${number}.`)
      if (output.closed()) throw failed(`Nobody reads the answers: stopped before line ${number}.`)
      const given = givenIn(context, text)
      if (isLeft(given)) {
        tally.counts.invalid += 1
        await tell(number, { outcome: 'Invalid', errors: given.left }, `invalid. ${given.left.join('; ')}`)
        continue
      }
      const answer = await pools.execute(given.right.command, given.right.by)()
      tally.count(outcomeExit(answer))
      await tell(number, outcomeDocument(answer), describeOutcome(answer))
    }
    const { done, refused, invalid } = tally.counts
    if (!context.json) await messages.write(`${done} done, ${refused} refused, ${invalid} invalid.\n`)
    return tally.exit()
  })
