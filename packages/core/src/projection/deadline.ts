/** Waiting for an answer that may never come. */
import { type Either, left } from 'fp-ts/Either'
import type { Runtime } from '../domain/runtime'
import type { StoreError } from '../store/event-store'

/** What the promise brings; nothing as soon as the signal aborts. */
export const orAborted = <A>(signal: AbortSignal, promise: Promise<A>): Promise<A | undefined> =>
  new Promise((resolve, reject) => {
    const abort = (): void => resolve(undefined)
    const settled = (settle: () => void): void => {
      signal.removeEventListener('abort', abort)
      settle()
    }
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    promise.then(
      (value) => settled(() => resolve(value)),
      (reason: unknown) =>
        settled(() => reject(reason instanceof Error ? reason : new Error(String(reason)))),
    )
  })

/** A call on the store: one that throws does not answer. */
export const answerOf = <A>(call: () => Promise<Either<StoreError, A>>): Promise<Either<StoreError, A>> =>
  Promise.resolve()
    .then(call)
    .catch((thrown: unknown) =>
      left<StoreError>({
        type: 'Unavailable',
        reason: thrown instanceof Error ? thrown.message : String(thrown),
      }),
    )

/** What a call on the store answers within so many milliseconds; nothing after that, or once the signal aborts. */
export const within = async <A>(
  runtime: Pick<Runtime, 'sleep'>,
  milliseconds: number,
  signal: AbortSignal,
  call: () => Promise<Either<StoreError, A>>,
): Promise<Either<StoreError, A> | undefined> => {
  const over = new AbortController()
  const end = (): void => over.abort()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  void runtime.sleep(milliseconds, over.signal).then(end)
  try {
    return await orAborted(over.signal, answerOf(call))
  } finally {
    end()
    signal.removeEventListener('abort', end)
  }
}
