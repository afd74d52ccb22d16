/** The command line's grammar. Heavy libraries are loaded by the commands that need them, when they do. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { backup } from '../commands/backup'
import { describeCommands } from '../commands/command-fields'
import { copy } from '../commands/copy'
import { newEpoch } from '../commands/epoch'
import { apply, run } from '../commands/run'
import { worker } from '../commands/worker'
import { toRead } from '../context'
import type { Act, Start } from './act'
import { addImports } from './imports'
import { addQueries } from './queries'

export interface Spoken {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly columns: number
}

/** Of the package, as it was installed. */
const version = (): string => {
  const manifest = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')
  return /"version": "([^"]+)"/.exec(manifest)?.[1] ?? 'unknown'
}

const EXIT_CODES = `
Exit codes: 0 done, granted · 1 failed · 2 usage · 3 denied · 4 refer · 5 refused · 6 done, some rows or items rejected · 7 differs`

/** The program over a way to start what it parses. */
export const programOf = (start: Start, { out, err, columns }: Spoken): CommandUnknownOpts => {
  const program = new Command('access-pools')
    .description('Who may charge where: pools of chargers, their members, and the decisions they give.')
    .option(
      '--store <url>',
      'sqlite:FILE, memory: or esdb://… (default: $ACCESS_POOLS_STORE, else sqlite:./access-pools.db)',
    )
    .option(
      '--as <actor>',
      'admin/ORG/ID, driver/user:ID, operator/ID or system/NAME (default: operator/cli)',
    )
    .option('--json', 'one JSON document on standard output, and nothing else there')
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: out,
      writeErr: err,
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
    })
    .addHelpText('after', EXIT_CODES)
  const act: Act =
    (run) =>
    (...given) =>
      start(program.opts(), (context) => run(context, ...given))

  addImports(program, act)
  addCommands(program, act)
  addQueries(program, act)
  return program
}

const addCommands = (program: CommandUnknownOpts, act: Act): void => {
  program
    .command('run')
    .description('carry out one command; without arguments: list them')
    .argument('[command]', 'its name')
    .argument('[json]', 'its data; - reads it from standard input')
    .option('--id <command-id>', 'makes a repeat recognisable: the same id is done once')
    .option('--if-revision <n>', 'refuse where the pool changed after this revision')
    .addHelpText('after', () => `\n${describeCommands()}`)
    .action(act((context, name, json, options) => run(context, name, json, options)))
  program
    .command('apply')
    .description('carry out many commands, a line of JSON each: {"command", "data", "id"?, "as"?}')
    .argument('<file>', 'the file; - reads standard input')
    .action(act((context, file) => apply(context, file)))
  program
    .command('worker')
    .description('do by itself what commands leave to the system, until interrupted')
    .option('--once', 'do what is due now, and end')
    .action(act((context, options) => worker(context, options)))
  program
    .command('backup')
    .description('copy a store in a file, while others write to it')
    .argument('<file>', 'where to; it must not exist yet')
    .action(act((context, file) => backup(toRead(context), file)))
  program
    .command('copy')
    .description('copy a whole history to another store, and compare what both say; goes on where it stopped')
    .option('--from <url>', 'the store that is read')
    .option('--to <url>', 'the store that is written: an empty one, or an earlier copy')
    .action(act((context, options) => copy(context, options)))
  program
    .command('epoch')
    .description('the life of the store that positions belong to')
    .command('new')
    .description('begin a new one, after a restore from a backup')
    .action(act((context) => newEpoch(context)))
}
