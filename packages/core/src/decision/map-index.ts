/** The access index on plain Maps. */
import { isLeft, right } from 'fp-ts/Either'
import { isCurrent } from '../domain/generation'
import { type ChargerId, type IdentityId, PartnerId, type PoolId } from '../domain/language/ids'
import { millisecondsOf } from '../domain/language/window'
import {
  type AccessChange,
  type AccessRecord,
  type ChargerAccess,
  type MemberAccess,
  parseAccessChange,
  type PartnerPermission,
  type PoolAccess,
  writeAccessChange,
} from './access-change'
import type {
  AccessIndex,
  AppliedChange,
  ExportedIndex,
  ImportIndex,
  IndexedCharger,
  IndexedIdentity,
  IndexedMember,
  IndexedPool,
} from './access-index'
import { PoolAnswers } from './answer'
import { knowsAll } from './features'

type Tell = ((applied: AppliedChange) => void) | undefined
type ChangeOf<T extends AccessChange['type']> = Extract<AccessChange, { readonly type: T }>

/** What is known under a pool's id; its own record may come after, or go before, those of its chargers and members. */
class PoolSlot {
  open: IndexedPool | undefined
  readonly chargers = new Set<ChargerId>()
  readonly members = new Map<IdentityId, IndexedMember>()

  constructor(readonly pool: PoolId) {}
}

/** A charger: the pool whose record of it holds, and the highest claim seen. */
class ChargerSlot implements IndexedCharger {
  slot: PoolSlot | undefined

  constructor(public access: ChargerAccess) {}

  get pool(): IndexedPool | undefined {
    return this.slot?.open
  }
}

/** An identity: its record while it has one, and the generation seen last. */
class IdentitySlot {
  open: IndexedIdentity | undefined
  generation = 0
  readonly pools = new Set<PoolSlot>()
}

const partnersOf = (access: PoolAccess): ReadonlyMap<PartnerId, PartnerPermission> => {
  const partners = new Map<PartnerId, PartnerPermission>()
  for (const [partner, permission] of Object.entries(access.partners))
    if (PartnerId.is(partner)) partners.set(partner, permission)
  return partners
}

const indexedPool = (pool: PoolId, access: PoolAccess): IndexedPool => ({
  pool,
  access,
  suspended: access.suspended || !knowsAll(access.needs),
  partners: partnersOf(access),
  answers: new PoolAnswers(pool, access),
})

const indexedMember = (access: MemberAccess): IndexedMember => ({
  access,
  from: access.from === undefined ? Number.NEGATIVE_INFINITY : millisecondsOf(access.from),
  until: access.until === undefined ? Number.POSITIVE_INFINITY : millisecondsOf(access.until),
})

class MapIndex implements AccessIndex {
  readonly #pools = new Map<PoolId, PoolSlot>()
  readonly #chargers = new Map<ChargerId, ChargerSlot>()
  readonly #identities = new Map<IdentityId, IdentitySlot>()
  readonly #blocked = new Set<IdentityId>()

  pool(pool: PoolId): IndexedPool | undefined {
    return this.#pools.get(pool)?.open
  }

  charger(charger: ChargerId): IndexedCharger | undefined {
    const known = this.#chargers.get(charger)
    return known?.slot === undefined ? undefined : known
  }

  identity(identity: IdentityId): IndexedIdentity | undefined {
    return this.#identities.get(identity)?.open
  }

  member(pool: PoolId, identity: IdentityId): IndexedMember | undefined {
    return this.#pools.get(pool)?.members.get(identity)
  }

  poolOf(charger: ChargerId): PoolId | undefined {
    return this.charger(charger)?.pool?.pool
  }

  *pools(): Iterable<PoolId> {
    for (const { open } of this.#pools.values()) if (open !== undefined) yield open.pool
  }

  *identities(): Iterable<IdentityId> {
    for (const [identity, { open }] of this.#identities) if (open !== undefined) yield identity
  }

  chargersOf(pool: PoolId): Iterable<ChargerId> {
    return this.#pools.get(pool)?.chargers ?? []
  }

  *membersOf(pool: PoolId): Iterable<IdentityId> {
    for (const [identity, { access }] of this.#pools.get(pool)?.members ?? [])
      if (isCurrent(access.generation, this.#identities.get(identity)?.open)) yield identity
  }

  *poolsOf(identity: IdentityId): Iterable<PoolId> {
    const known = this.#identities.get(identity)
    for (const slot of known?.pools ?? []) {
      const member = slot.members.get(identity)
      if (member !== undefined && isCurrent(member.access.generation, known?.open)) yield slot.pool
    }
  }

  blocked(): Iterable<IdentityId> {
    return this.#blocked
  }

  apply(change: AccessChange, tell?: Tell): void {
    switch (change.type) {
      case 'Pool':
        return this.#applyPool(change, tell)
      case 'Charger':
        return this.#applyCharger(change, tell)
      case 'Member':
        return this.#applyMember(change, tell)
      case 'Identity':
        return this.#applyIdentity(change, tell)
    }
  }

  #applyPool(change: ChangeOf<'Pool'>, tell: Tell): void {
    const { pool, value } = change
    const slot = this.#slot(pool)
    const before = slot.open?.access ?? null
    slot.open = value === null ? undefined : indexedPool(pool, value)
    if (value === null) this.#forgetIfEmpty(slot)
    if (value !== null || before !== null) tell?.({ ...change, before })
  }

  #applyCharger(change: ChangeOf<'Charger'>, tell: Tell): void {
    const { pool, charger, value } = change
    const known = this.#chargers.get(charger)
    const here = known?.slot?.pool === pool ? known : undefined
    if (value === null) {
      if (here !== undefined) this.#leave(charger, here, tell)
      return
    }
    if (known !== undefined && value.claim < known.access.claim) return
    const before = here?.access ?? null
    if (known !== undefined && here === undefined) this.#leave(charger, known, tell)
    const entry = known ?? new ChargerSlot(value)
    this.#chargers.set(charger, entry)
    entry.access = value
    entry.slot = this.#slot(pool)
    entry.slot.chargers.add(charger)
    tell?.({ ...change, before })
  }

  /** Takes a charger out of the pool it is in. */
  #leave(charger: ChargerId, known: ChargerSlot, tell: Tell): void {
    const { slot, access } = known
    if (slot === undefined) return
    slot.chargers.delete(charger)
    known.slot = undefined
    this.#forgetIfEmpty(slot)
    tell?.({ type: 'Charger', pool: slot.pool, charger, value: null, before: access })
  }

  #applyMember(change: ChangeOf<'Member'>, tell: Tell): void {
    const { pool, identity, value } = change
    const slot = this.#slot(pool)
    const before = slot.members.get(identity)?.access ?? null
    if (value === null) {
      slot.members.delete(identity)
      this.#identities.get(identity)?.pools.delete(slot)
      this.#forgetIfEmpty(slot)
      if (before !== null) tell?.({ ...change, before })
      return
    }
    slot.members.set(identity, indexedMember(value))
    this.#identitySlot(identity).pools.add(slot)
    tell?.({ ...change, before })
  }

  #applyIdentity(change: ChangeOf<'Identity'>, tell: Tell): void {
    const { identity, value } = change
    const known = this.#identitySlot(identity)
    const before = known.open?.access ?? null
    if (value !== null && value.generation < known.generation) return
    known.open =
      value === null ? undefined : { registered: true, generation: value.generation, access: value }
    known.generation = value?.generation ?? known.generation
    if (value !== null && (value.blocked || value.suspended)) this.#blocked.add(identity)
    else this.#blocked.delete(identity)
    if (value !== null || before !== null) tell?.({ ...change, before })
  }

  #slot(pool: PoolId): PoolSlot {
    const known = this.#pools.get(pool)
    if (known !== undefined) return known
    const slot = new PoolSlot(pool)
    this.#pools.set(pool, slot)
    return slot
  }

  #identitySlot(identity: IdentityId): IdentitySlot {
    const known = this.#identities.get(identity)
    if (known !== undefined) return known
    const slot = new IdentitySlot()
    this.#identities.set(identity, slot)
    return slot
  }

  #forgetIfEmpty(slot: PoolSlot): void {
    if (slot.open === undefined && slot.chargers.size === 0 && slot.members.size === 0)
      this.#pools.delete(slot.pool)
  }

  export(): ExportedIndex {
    const records: AccessRecord[] = []
    const write = (change: AccessChange): unknown => records.push(writeAccessChange(change))
    for (const [pool, { open, members }] of this.#pools) {
      if (open !== undefined) write({ type: 'Pool', pool, value: open.access })
      for (const [identity, { access }] of members) write({ type: 'Member', pool, identity, value: access })
    }
    const claims: [ChargerId, number][] = []
    for (const [charger, { slot, access }] of this.#chargers)
      if (slot === undefined) claims.push([charger, access.claim])
      else write({ type: 'Charger', pool: slot.pool, charger, value: access })
    const generations: [IdentityId, number][] = []
    for (const [identity, { open, generation }] of this.#identities)
      if (open !== undefined) write({ type: 'Identity', identity, value: open.access })
      else if (generation > 0) generations.push([identity, generation])
    return { records, claims, generations }
  }

  /** Remembers what is settled of those that have no record. */
  remember(
    claims: readonly (readonly [ChargerId, number])[],
    generations: readonly (readonly [IdentityId, number])[],
  ): void {
    for (const [charger, claim] of claims)
      this.#chargers.set(charger, new ChargerSlot({ claim, suspended: false }))
    for (const [identity, generation] of generations) this.#identitySlot(identity).generation = generation
  }
}

/** An index that knows nothing. */
export const emptyAccessIndex = (): AccessIndex => new MapIndex()

/** An index made anew from what `export` gave. */
export const importAccessIndex: ImportIndex = ({ records, claims, generations }) => {
  const index = new MapIndex()
  index.remember(claims, generations)
  for (const { key, value } of records) {
    const change = parseAccessChange(key, value)
    if (isLeft(change)) return change
    index.apply(change.right)
  }
  return right(index)
}
