/** What an append comes to, where the stream stands as it does: the one rule of conflicts and repeats, for every store. */

export type Verdict =
  | { readonly type: 'Write' }
  /** It was written before; `last` is the revision of its last event. */
  | { readonly type: 'Repeated'; readonly last: number }
  | { readonly type: 'Conflict'; readonly actual: number }

/**
 * Judges an append of these ids at `expected`, where the stream stands at `actual`. One that comes late is a repeat
 * where exactly its ids stand there, in its order: of more than was written then, nobody can say what it meant.
 */
export const judgeAppend = (
  actual: number,
  expected: number,
  ids: readonly { readonly id: string }[],
  idAt: (revision: number) => string | undefined,
): Verdict => {
  if (expected === actual) return { type: 'Write' }
  const last = expected + ids.length
  return last <= actual && ids.every(({ id }, index) => idAt(expected + 1 + index) === id)
    ? { type: 'Repeated', last }
    : { type: 'Conflict', actual }
}
