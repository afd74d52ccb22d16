/** The streams as far as they were read: one fold a pool, charger and identity, by the domain's aggregates. */
import type { ChargerState } from '../domain/charger'
import { type Folded, nothingFolded } from '../domain/event/fold'
import type { IdentityState } from '../domain/identity'
import type { ChargerId, IdentityId, PoolId } from '../domain/language/ids'
import type { PartnersState } from '../domain/partner'
import type { PoolSettings, PoolState } from '../domain/pool/state'
import { ownerOf } from '../domain/event/streams'
import type { ChargerAccess, IdentityAccess } from '../decision/access-change'

/** A pool's stream, and what was last said of it. */
export interface PoolRead {
  readonly kind: 'Pool'
  readonly pool: PoolId
  readonly folded: Folded<PoolState>
  /** Its waiting events are being taken: it stays closed until the last of them. */
  resuming: boolean
  said: { readonly settings: PoolSettings | undefined; readonly suspended: boolean } | undefined
}

export interface ChargerRead {
  readonly kind: 'Charger'
  readonly charger: ChargerId
  readonly folded: Folded<ChargerState>
  resuming: boolean
  said: (ChargerAccess & { readonly pool: PoolId }) | undefined
}

export interface IdentityRead {
  readonly kind: 'Identity'
  readonly identity: IdentityId
  readonly folded: Folded<IdentityState>
  resuming: boolean
  said: IdentityAccess | undefined
}

export type StreamRead =
  | PoolRead
  | ChargerRead
  | IdentityRead
  | { readonly kind: 'Partners'; readonly folded: Folded<PartnersState> }
  | { readonly kind: 'Epoch'; readonly folded: Folded<{ readonly epoch: string }> }
  | { readonly kind: 'Skips' }
  /** Its name is of a category of ours, but what follows is no id: nothing can refer to it. */
  | { readonly kind: 'Nobody' }

const begin = (stream: string): StreamRead => {
  const owner = ownerOf(stream)
  if (owner === undefined) return { kind: 'Nobody' }
  switch (owner.kind) {
    case 'Pool':
      return { ...owner, folded: nothingFolded<PoolState>(), resuming: false, said: undefined }
    case 'Charger':
      return { ...owner, folded: nothingFolded<ChargerState>(), resuming: false, said: undefined }
    case 'Identity':
      return { ...owner, folded: nothingFolded<IdentityState>(), resuming: false, said: undefined }
    case 'Partners':
      return { kind: owner.kind, folded: nothingFolded() }
    case 'Epoch':
      return { kind: owner.kind, folded: nothingFolded() }
    case 'Skips':
      return { kind: owner.kind }
  }
}

/** All streams that were read, by name and by id. */
export class StreamsRead {
  readonly #byName = new Map<string, StreamRead>()
  readonly pools = new Map<PoolId, PoolRead>()
  readonly chargers = new Map<ChargerId, ChargerRead>()
  readonly identities = new Map<IdentityId, IdentityRead>()

  /** The stream of this name, begun where it was not seen before. */
  of(stream: string): StreamRead {
    const known = this.#byName.get(stream)
    if (known !== undefined) return known
    const read = begin(stream)
    this.#byName.set(stream, read)
    if (read.kind === 'Pool') this.pools.set(read.pool, read)
    if (read.kind === 'Charger') this.chargers.set(read.charger, read)
    if (read.kind === 'Identity') this.identities.set(read.identity, read)
    return read
  }
}
