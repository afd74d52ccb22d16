/**
 * Commands and the read model on EventStoreDB beside the client by itself, which writes events of the same size and
 * counts what it is sent: against one server, each side in a process of its own.
 */
import { type Comparison, compare, type Contest } from './comparison'
import { type BenchOptions } from './options'
import { fill } from './eventstoredb/ours'
import { serverAt } from './eventstoredb/server'
import { type Ask, type Asked, startSide } from './eventstoredb/side'

interface Sides {
  readonly ours: Asked
  readonly bare: Asked
}

/** The server for tests takes about a minute for ten times as many. */
const EVENTS = 30_000

const quantile = (figures: readonly number[], part: number): number =>
  [...figures].sort((a, b) => a - b)[Math.floor((figures.length - 1) * part)] ?? NaN

interface Measure extends Pick<Contest, 'name' | 'work' | 'unit' | 'rounds'> {
  readonly ask: Ask
  /** What counts of the figures told: the only one, unless said otherwise. */
  readonly of?: (figures: readonly number[]) => number
}

const measures = (events: number): readonly Measure[] => [
  {
    name: `${events} events into the access index (bare: counted)`,
    work: events,
    unit: 'rate',
    rounds: events > 100_000 ? 3 : 7,
    ask: { job: 'catchUp' },
  },
  { name: 'commands, one by one', work: 200, unit: 'rate', rounds: 11, ask: { job: 'oneByOne', count: 200 } },
  {
    name: 'commands, 64 at once on 64 pools',
    work: 64 * 10,
    unit: 'rate',
    rounds: 11,
    ask: { job: 'inLanes', count: 64, each: 10 },
  },
  {
    name: 'commands, 64 at once on one pool (bare: again after each conflict)',
    work: 64,
    unit: 'rate',
    rounds: 11,
    ask: { job: 'onOne', count: 64 },
  },
  ...[0.5, 0.99].map((part): Measure => ({
    name: `command to decision, p${part * 100} (bare: append to delivery)`,
    work: 1,
    unit: 'each',
    rounds: 7,
    ask: { job: 'delays', count: 200 },
    of: (figures) => quantile(figures, part),
  })),
]

const contest = (
  { ask, of = ([figure = NaN]) => figure, ...measure }: Measure,
  { ours, bare }: Sides,
): Contest => ({
  ...measure,
  ours: { round: async () => of(await ours.ask(ask)) },
  bare: { round: async () => of(await bare.ask(ask)) },
})

/** Measures, and answers with the comparisons in the order of the table. */
export const benchEventStoreDb = async (
  progress: (line: string) => void,
  { url, events = EVENTS }: BenchOptions,
): Promise<readonly Comparison[]> => {
  const server = await serverAt(url)
  try {
    progress(`writing a history of ${events} events …`)
    const written = await fill(server.url, events)
    const sides = { ours: startSide('ours', server.url), bare: startSide('raw', server.url) }
    try {
      const comparisons: Comparison[] = []
      for (const measure of measures(written)) {
        progress(`${measure.name} …`)
        comparisons.push(await compare(contest(measure, sides)))
      }
      return comparisons
    } finally {
      for (const side of [sides.ours, sides.bare]) {
        await side.ask({ job: 'end' }).catch(() => undefined)
        await side.end()
      }
    }
  } finally {
    await server.end()
  }
}
