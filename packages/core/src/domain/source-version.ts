/**
 * The number that an upstream system gives its messages: one at or below the last seen writes nothing and warns, a
 * higher one is always recorded, so that a late duplicate undoes nothing.
 */
import type { TypeOf } from 'io-ts'
import { type Either, isLeft, isRight, right } from 'fp-ts/Either'
import type { Refusal } from './refusals'
import { wholeNumber } from './language/struct'
import type { Warning } from './warning'

export const SourceVersion = wholeNumber('SourceVersion', 0)
export type SourceVersion = TypeOf<typeof SourceVersion>

interface SourceVersionSeen {
  readonly type: 'SourceVersionSeen'
  readonly data: { readonly sourceVersion: SourceVersion }
}

/** What a command on a charger or an identity comes to. */
export interface UpstreamDecision<E> {
  readonly events: readonly E[]
  readonly warnings: readonly Warning[]
}

/** Puts the rule of source versions before a decision that cannot be refused. */
export const judgeSource = <E>(
  last: SourceVersion | undefined,
  given: SourceVersion | undefined,
  decide: () => readonly E[],
): UpstreamDecision<E | SourceVersionSeen> => {
  const decision = judgeRefusableSource<E>(last, given, () => right(decide()))
  return isRight(decision) ? decision.right : { events: [], warnings: [] }
}

/** Puts the rule of source versions before a decision. */
export const judgeRefusableSource = <E>(
  last: SourceVersion | undefined,
  given: SourceVersion | undefined,
  decide: () => Either<Refusal, readonly E[]>,
): Either<Refusal, UpstreamDecision<E | SourceVersionSeen>> => {
  if (given !== undefined && last !== undefined && given <= last)
    return right({ events: [], warnings: [{ type: 'SourceVersionOld', last }] })
  const decided = decide()
  if (isLeft(decided)) return decided
  const events: readonly (E | SourceVersionSeen)[] =
    decided.right.length === 0 && given !== undefined
      ? [{ type: 'SourceVersionSeen', data: { sourceVersion: given } }]
      : decided.right
  return right({ events, warnings: [] })
}
