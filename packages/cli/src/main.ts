/** The process: its arguments in, its exit code out, once everything is written. */
import { commandLine } from './command-line'
import { processTerminal } from './terminal'

void commandLine(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code
})
