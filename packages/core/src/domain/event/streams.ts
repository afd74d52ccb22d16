/**
 * The names of streams: one a pool, one a charger, one an identity, and three that stand alone. A store's
 * category is what comes before the first dash.
 */
import { ChargerId, IdentityId, PoolId } from '../language/ids'

const POOL = 'accessPool'
const CHARGER = 'charger'
const IDENTITY = 'identity'

export const poolStream = (pool: PoolId): string => `${POOL}-${pool}`
export const chargerStream = (charger: ChargerId): string => `${CHARGER}-${charger}`
export const identityStream = (identity: IdentityId): string => `${IDENTITY}-${identity}`
/** The partners beyond those known from the start. */
export const PARTNERS_STREAM = 'partners'
/** The parked events that an operator decided to pass over. */
export const SKIPS_STREAM = 'skips'
/** The epochs of the store: the last event's holds. */
export const EPOCH_STREAM = 'epoch'

/** Which streams a reader takes: whole names, and categories (what stands before the first dash). */
export interface StreamFilter {
  readonly categories: readonly string[]
  readonly names: readonly string[]
}

/** All streams of Access Pools, and not their namesakes in a shared store. */
export const OUR_STREAMS: StreamFilter = {
  categories: [POOL, CHARGER, IDENTITY],
  names: [PARTNERS_STREAM, SKIPS_STREAM, EPOCH_STREAM],
}

/** Whether a filter takes a stream. */
export const takes = (filter: StreamFilter, stream: string): boolean => {
  const dash = stream.indexOf('-')
  return dash < 0
    ? filter.names.includes(stream)
    : filter.categories.includes(stream.slice(0, dash)) || filter.names.includes(stream)
}

/** Whose stream it is. */
export type StreamOwner =
  | { readonly kind: 'Pool'; readonly pool: PoolId }
  | { readonly kind: 'Charger'; readonly charger: ChargerId }
  | { readonly kind: 'Identity'; readonly identity: IdentityId }
  | { readonly kind: 'Partners' | 'Skips' | 'Epoch' }

/** Whose stream a name is; nothing where it is not one of ours. */
export const ownerOf = (stream: string): StreamOwner | undefined => {
  if (stream === PARTNERS_STREAM) return { kind: 'Partners' }
  if (stream === SKIPS_STREAM) return { kind: 'Skips' }
  if (stream === EPOCH_STREAM) return { kind: 'Epoch' }
  const dash = stream.indexOf('-')
  const id = stream.slice(dash + 1)
  switch (stream.slice(0, Math.max(dash, 0))) {
    case POOL:
      return PoolId.is(id) ? { kind: 'Pool', pool: id } : undefined
    case CHARGER:
      return ChargerId.is(id) ? { kind: 'Charger', charger: id } : undefined
    case IDENTITY:
      return IdentityId.is(id) ? { kind: 'Identity', identity: id } : undefined
    default:
      return undefined
  }
}
