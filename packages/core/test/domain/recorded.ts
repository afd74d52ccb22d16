/** Events as a store gives them back, for tests of reading. */
import { isRight } from 'fp-ts/Either'
import { type Aggregate, type Folded, foldNext, nothingFolded } from '../../src/domain/event/fold'
import { parsePosition, type Position } from '../../src/domain/event/position'
import type { RecordedEvent } from '../../src/domain/event/recorded'
import { NO_SKIPS, type Skips } from '../../src/domain/event/skip'

export const placed = (text: string): Position => {
  const position = parsePosition(text)
  if (!isRight(position)) throw new Error(position.left)
  return position.right
}

export const metadata = (
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  schemaVersion: 1,
  actor: { type: 'Operator', id: 'olga' },
  occurredAt: '2025-03-01T12:00:00.000Z',
  $correlationId: 'x1',
  $causationId: 'x1',
  ...more,
})

export const recorded = (
  type: string,
  data: unknown,
  {
    stream = 'accessPool-north',
    revision = 0,
    meta = metadata(),
  }: { readonly stream?: string; readonly revision?: number; readonly meta?: unknown } = {},
): RecordedEvent => ({
  stream,
  revision,
  position: placed(`world:${revision}`),
  storedAt: 0,
  id: `id-${revision}`,
  type,
  data,
  metadata: meta,
})

/** What a stream was told, in order. */
export type Told = readonly (readonly [type: string, data: object])[]

/** Folds a stream. */
export const foldOf = <S, E>(
  aggregate: Aggregate<S, E>,
  events: readonly RecordedEvent[],
  skips: Skips = NO_SKIPS,
): Folded<S> => {
  const folded = nothingFolded<S>()
  for (const event of events) foldNext(aggregate, folded, event, skips)
  return folded
}

/** The events of a stream that was told this. */
export const toldIn = (stream: string, told: Told, meta: unknown = metadata()): readonly RecordedEvent[] =>
  told.map(([type, data], revision) => recorded(type, data, { stream, revision, meta }))
