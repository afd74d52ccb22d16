/** The process of `npm run quickstart`. */
import { processTerminal } from '../terminal'
import { quickstart } from './quickstart'

void quickstart(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code
})
