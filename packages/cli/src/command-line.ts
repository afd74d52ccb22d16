/** The command line as a function: from arguments to an exit code. Nothing is thrown, nothing ends the process. */
import { CommanderError } from '@commander-js/extra-typings'
import { contextOf, type OpenStore } from './context'
import { EXIT, type ExitCode } from './exit-codes'
import { Failure, messageOf } from './failure'
import { programOf } from './program/program'
import type { Terminal } from './terminal'

/** Runs a command line. `open` hands over the store that is meant instead of opening one. */
export const commandLine = async (
  args: readonly string[],
  terminal: Terminal,
  open?: OpenStore,
): Promise<ExitCode> => {
  const { output, messages } = terminal
  let code: ExitCode = EXIT.done
  const writes: Promise<void>[] = []
  const program = programOf(
    async (options, run) => {
      code = await run(contextOf(terminal, options, open))
    },
    {
      out: (text) => void writes.push(output.write(text)),
      err: (text) => void writes.push(messages.write(text)),
      columns: output.columns,
    },
  )
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    code = error instanceof CommanderError ? codeOfParsing(error) : await told(error, terminal)
  }
  await Promise.all(writes)
  return code
}

/** Help that was asked for is no mistake; everything else that the parser says is one. */
const codeOfParsing = ({ exitCode }: CommanderError): ExitCode => (exitCode === 0 ? EXIT.done : EXIT.usage)

/** Tells what went wrong, in a line, without a stack. */
const told = async (error: unknown, { messages }: Terminal): Promise<ExitCode> => {
  await messages.write(`access-pools: ${error instanceof Failure ? error.message : messageOf(error)}\n`)
  return error instanceof Failure ? error.code : EXIT.failed
}
