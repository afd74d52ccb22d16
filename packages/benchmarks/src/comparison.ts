/** Two ways to do the same work, measured in turns in one run, so that both meet the same machine. */
import { systemRuntime } from '@access-pools/core'

export interface Contestant {
  /** Does the work once; answers with what it took, in milliseconds, where that is not the whole of it. */
  readonly round: () => Promise<number | void>
}

export interface Contest {
  readonly name: string
  /** How many pieces of work one round is. */
  readonly work: number
  /** `each`: milliseconds a piece, less is better; `rate`: pieces a second. */
  readonly unit: 'rate' | 'each'
  readonly rounds: number
  readonly ours: Contestant
  readonly bare: Contestant
}

export interface Comparison {
  readonly name: string
  readonly unit: 'a second' | 'ms each'
  readonly ours: number
  readonly bare: number
  /** How good ours is, where the bare way is 1. */
  readonly ratio: number
  readonly rounds: number
}

/** Runs both in turns, and compares the medians of their rounds. The first round of each warms up. */
export const compare = async ({ name, work, unit, rounds, ours, bare }: Contest): Promise<Comparison> => {
  const taken = { ours: new Array<number>(), bare: new Array<number>() }
  for (let round = 0; round <= rounds; round += 1) {
    // Who goes second finds a warmer disk and a fuller heap: they take turns at that too.
    const order = round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)
    for (const side of order) {
      const milliseconds = await timed(side === 'ours' ? ours : bare)
      if (round > 0) taken[side].push(milliseconds)
    }
  }
  const [our, their] = [median(taken.ours), median(taken.bare)]
  const figure = (milliseconds: number): number =>
    unit === 'rate' ? (work * 1000) / milliseconds : milliseconds / work
  return {
    name,
    unit: unit === 'rate' ? 'a second' : 'ms each',
    ours: figure(our),
    bare: figure(their),
    // Round by round: what slows the machine down for a while slows both of a round.
    ratio: median(taken.bare.map((bare, round) => bare / (taken.ours[round] ?? NaN))),
    rounds,
  }
}

const timed = async ({ round }: Contestant): Promise<number> => {
  const begun = systemRuntime.monotonic()
  const told = await round()
  return told ?? systemRuntime.monotonic() - begun
}

const median = (figures: readonly number[]): number => {
  const sorted = [...figures].sort((a, b) => a - b)
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN) +
      (sorted[Math.ceil((sorted.length - 1) / 2)] ?? NaN)) /
    2
  )
}

/** The comparisons as a table for people. */
export const asTable = (comparisons: readonly Comparison[]): string => {
  const figure = (value: number): string =>
    value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(3)
  const rows = [
    ['', 'ours', 'bare', '', 'ratio'],
    ...comparisons.map(({ name, unit, ours, bare, ratio }) => [
      name,
      figure(ours),
      figure(bare),
      unit,
      ratio.toFixed(2),
    ]),
  ]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || column === 3
            ? cell.padEnd(widths[column] ?? 0)
            : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}
