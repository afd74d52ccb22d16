/** The grammar of what only reads: decisions, lists, history, backtest. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { backtest } from '../commands/backtest'
import { decide } from '../commands/decide'
import { history } from '../commands/history'
import { chargers, identities, pools, requests } from '../commands/lists'
import { toRead } from '../context'
import type { Act } from './act'

/** Adds the queries: none of them makes a store. */
export const addQueries = (program: CommandUnknownOpts, start: Act): void => {
  const act: Act = (run) => start((context, ...given) => run(toRead(context), ...given))
  addDecide(program, act)
  addLists(program, act)
  program
    .command('history')
    .description('what happened, by whom, when and why, oldest first')
    .option('--pool <id>', 'to a pool')
    .option('--charger <id>', 'to a charger')
    .option('--identity <id>', 'to an identity: user:ID or rfid:UID')
    .action(act((context, options) => history(context, options)))
  program
    .command('backtest')
    .description('decide every session of a file at its own instant')
    .argument('<file>', 'the sessions, as for import sessions')
    .action(act((context, file) => backtest(context, file)))
}

const addDecide = (program: CommandUnknownOpts, act: Act): void => {
  program
    .command('decide')
    .description('may a session start here, for whoever shows this')
    .argument('[charger]', 'the charger')
    .option('--rfid <uid>', 'a card')
    .option('--user <id>', 'a mobile user; with --pin: who types it')
    .option('--pin', 'digits typed at the charger; they are judged where they are redeemed')
    .option('--partner <id>', "a partner's user")
    .option('--none', 'nobody: plugs in and shows nothing')
    .option('--at <instant>', 'judge windows at this instant, on what is known now')
    .option('--known <instant|position>', 'on what was known then')
    .option('--batch <file>', 'lines of JSON with the same questions; - reads standard input')
    .option('--plain', 'leave the position out of the answers')
    .action(act((context, charger, options) => decide(context, charger, options)))
}

const addLists = (program: CommandUnknownOpts, act: Act): void => {
  program
    .command('pools')
    .description('the pools, archived ones too')
    .action(act((context) => pools(context)))
  program
    .command('chargers')
    .description('the chargers that are allocated')
    .option('--available', 'in no pool: they can be added')
    .option('--pool <id>', 'in this pool')
    .option('--host <id>', 'of this host')
    .option('--text <text>', 'with this in an id or a label')
    .option('--shown-in-app', 'in a pool that is not hidden')
    .action(act((context, options) => chargers(context, options)))
  program
    .command('identities')
    .description('the identities that are registered')
    .option('--available', 'not in the pool: they can be added')
    .option('--pool <id>', 'in this pool')
    .action(act((context, options) => identities(context, options)))
  program
    .command('requests')
    .description('the requests for access that are pending')
    .option('--all', 'those that were decided or have expired too')
    .action(act((context, options) => requests(context, options)))
}
