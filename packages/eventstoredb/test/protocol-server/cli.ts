/** `npm run -s protocol-server -- COMMAND`: protocol servers for trying things out, each a process of its own. */
import {
  answerAgain,
  drop,
  find,
  kill,
  restart,
  running,
  start,
  stop,
  stopAll,
  stopAnswering,
  tell,
  urlOf,
} from './control'

const USAGE = `protocol-server start [--lifetime MINUTES]   a new server on a new file; prints its address
protocol-server stop-answering URL           half open: connections stay, nothing is answered
protocol-server answer URL                   answers again
protocol-server drop URL                     ends all subscriptions
protocol-server kill URL                     SIGKILL
protocol-server restart URL                  the same address and file again
protocol-server fault URL JSON               dieBeforeWriting, dieAfterWriting, answerLate, answerTwice, silent
protocol-server list                         the addresses of all
protocol-server stop [URL]                   ends one, or all (but those of tests), and removes their files`

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const run = async ([command, url, more]: readonly string[]): Promise<void> => {
  const named = () => find(url ?? '')
  switch (command) {
    case 'start': {
      const minutes = url === '--lifetime' ? Number(more) : 120
      if (!(minutes > 0 && minutes <= 24 * 60)) throw new Error('a lifetime is between 1 and 1440 minutes')
      return say(urlOf(await start({ minutes })))
    }
    case 'stop-answering':
      return stopAnswering(named())
    case 'answer':
      return answerAgain(named())
    case 'drop':
      return say(`${await drop(named())}`)
    case 'kill':
      return kill(named())
    case 'restart':
      return say(urlOf(await restart(named())))
    case 'fault':
      return tell(named(), JSON.parse(more ?? '{}') as object)
    case 'list':
      return running().forEach((one) => say(urlOf(one)))
    case 'stop':
      return url === undefined ? stopAll() : stop(named())
    default:
      process.stderr.write(`${USAGE}\n`)
      process.exitCode = 2
  }
}

void run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
