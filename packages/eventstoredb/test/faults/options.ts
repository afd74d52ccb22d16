/** What is asked of the harness on its command line. */
import { parseArgs } from 'node:util'

export interface Options {
  /** A server that runs already; one of its own where it is absent. */
  readonly url: string | undefined
  readonly restarts: number
  /** Commands a second. */
  readonly rate: number
  readonly seed: number
  readonly json: boolean
}

export const HELP = `npm run -s faults -- eventstoredb [--url URL] [--restarts N] [--rate R] [--seed S] [--json]

Gives commands at a rate, with a read model and a subscription following, while the server is killed and restarted,
dies in the middle of appends, stops answering, answers late or twice, falls silent, and drops subscriptions. Then
reads everything back and holds it against what was acknowledged.

  --url       a server that was started by "npm run -s protocol-server -- start"; one of its own unless given.
              Any other server is only written to and read: nothing is done to it
  --restarts  how often it dies and comes back, 5 unless given
  --rate      commands a second, 200 unless given
  --seed      of the commands and of the faults, drawn by chance unless given
  --json      prints {lost, twice, crashes, resubscribed, stuck, ...} and nothing else
  --help      prints this

Exits with 0 where nothing was lost, there twice, missed, stuck or otherwise wrong and the process lived, with 1 where
not, with 2 where it was asked for something else.
`

const whole = (name: string, text: string, most: number): number => {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number > most) throw new Error(`--${name} is a whole number up to ${most}`)
  return number
}

/** Nothing where help is asked for; throws a sentence where it is no such command. */
export const readOptions = (args: readonly string[], anySeed: () => number): Options | undefined => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      restarts: { type: 'string', default: '5' },
      rate: { type: 'string', default: '200' },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  if (positionals.length !== 1 || positionals[0] !== 'eventstoredb')
    throw new Error('the store to harass is: eventstoredb')
  return {
    url: values.url,
    restarts: whole('restarts', values.restarts, 1_000),
    rate: Math.max(1, whole('rate', values.rate, 2_000)),
    seed: values.seed === undefined ? anySeed() : whole('seed', values.seed, 2 ** 32 - 1),
    json: values.json,
  }
}
