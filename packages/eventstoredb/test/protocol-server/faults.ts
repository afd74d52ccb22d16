/** What the protocol server was told to do wrong. */
export interface Faults {
  /** The next append finds a dead server, and nothing was written. */
  dieBeforeWriting: boolean
  /** The next append is written, and the server dead before it could say so. */
  dieAfterWriting: boolean
  /** Appends are answered so many milliseconds later. */
  answerLate: number
  /** Batch appends are answered two times. */
  answerTwice: boolean
  /** Subscriptions stay open, and nothing comes any more. */
  silent: boolean
}

export const noFaults = (): Faults => ({
  dieBeforeWriting: false,
  dieAfterWriting: false,
  answerLate: 0,
  answerTwice: false,
  silent: false,
})

/** Takes over what is said of known faults, and leaves the rest. */
export const adjustFaults = (faults: Faults, told: Partial<Faults>): void => {
  if (typeof told.dieBeforeWriting === 'boolean') faults.dieBeforeWriting = told.dieBeforeWriting
  if (typeof told.dieAfterWriting === 'boolean') faults.dieAfterWriting = told.dieAfterWriting
  if (typeof told.answerLate === 'number') faults.answerLate = told.answerLate
  if (typeof told.answerTwice === 'boolean') faults.answerTwice = told.answerTwice
  if (typeof told.silent === 'boolean') faults.silent = told.silent
}
