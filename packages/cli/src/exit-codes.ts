/** What the process answers to the shell: fixed, so that scripts can branch on it. */
export const EXIT = {
  /** Done; granted. */
  done: 0,
  /** Failed: a file or a store that cannot be read, an outcome that is not known. */
  failed: 1,
  usage: 2,
  denied: 3,
  /** Digits are judged at the service. */
  refer: 4,
  refused: 5,
  /** Done, but for some rows or items. */
  partly: 6,
  /** Two things that should be equal are not. */
  differs: 7,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
