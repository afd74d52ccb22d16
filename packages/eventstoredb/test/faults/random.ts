/** Chance that can be had again: the same seed, the same choices. */
export interface Random {
  /** In `[0, 1)`. */
  readonly fraction: () => number
  readonly below: (end: number) => number
  readonly between: (least: number, most: number) => number
  readonly pick: <A>(list: readonly [A, ...(readonly A[])]) => A
}

/** Mulberry32: 32 bits of state, plenty for choosing commands and faults. */
export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(fraction() * end)
  return {
    fraction,
    below,
    between: (least, most) => least + fraction() * (most - least),
    pick: (list) => list[below(list.length)] ?? list[0],
  }
}
