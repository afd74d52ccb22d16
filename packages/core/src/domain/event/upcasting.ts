/**
 * Old versions of events become the next version's, a step at a time, before the newest codec sees them. The steps
 * of a type stand in its aggregate's table; every version ever written keeps a fixture that must still decode.
 */
import { type Either, left, right } from 'fp-ts/Either'

/** One step: the data of version n to that of version n + 1, or what was wrong with it. */
export type Upcast = (data: unknown) => Either<string, unknown>

/** A step that changes the fields of an object. */
export const upcastFields =
  (step: (fields: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>): Upcast =>
  (data) =>
    typeof data === 'object' && data !== null && !Array.isArray(data)
      ? right(step({ ...data }))
      : left('the value: must be an object')
