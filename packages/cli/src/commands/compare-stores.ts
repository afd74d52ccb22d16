/** Whether two stores say the same: every pool, every charger, every identity, and who may charge where. */
import type { Actor, ChargerId, ReadModel, WhoMayCharge } from '@access-pools/core'

/** What was compared, and where the two differ. */
export interface Comparison {
  readonly pools: number
  readonly chargers: number
  readonly identities: number
  /** Chargers for which all decisions were compared: of anyone, of each member, of each partner. */
  readonly decisions: number
  /** What differs, by name; the first so many. */
  readonly different: readonly string[]
}

const MOST_TOLD = 100

/** The decisions of a charger as text: equal where every one of them is. */
const written = ({ closed, anyone, registered, members, partners, pins }: WhoMayCharge): string => {
  const sorted = <K extends string, V>(map: ReadonlyMap<K, V>): readonly (readonly [K, V])[] =>
    [...map].sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify({
    closed,
    anyone,
    registered: registered && { granted: registered.granted, except: [...registered.except].sort() },
    members: sorted(members),
    partners: sorted(partners),
    pins,
  })
}

interface Named {
  readonly id: string
}

const differing = (what: string, ours: readonly Named[], theirs: readonly Named[]): readonly string[] => {
  const other = new Map(theirs.map((item) => [item.id, JSON.stringify(item)]))
  const different = ours.filter((item) => other.get(item.id) !== JSON.stringify(item)).map(({ id }) => id)
  const known = new Set(ours.map(({ id }) => id))
  const more = theirs.filter(({ id }) => !known.has(id)).map(({ id }) => id)
  return [...different, ...more].map((id) => `${what} ${id}`)
}

/** Compares two read models that have read all there is, at one instant. */
export const compareStores = (a: ReadModel, b: ReadModel, actor: Actor, at: number): Comparison => {
  const pools = a.directory.pools(actor, { archived: true })
  const chargers = a.directory.chargers(actor)
  const identities = a.directory.identities(actor)
  const decides = (model: ReadModel, charger: ChargerId): string => written(model.whoMayCharge(charger, at))
  const different = [
    ...differing('pool', pools, b.directory.pools(actor, { archived: true })),
    ...differing('charger', chargers, b.directory.chargers(actor)),
    ...differing('identity', identities, b.directory.identities(actor)),
    ...chargers
      .filter(({ id }) => decides(a, id) !== decides(b, id))
      .map(({ id }) => `decisions at charger ${id}`),
  ]
  return {
    pools: pools.length,
    chargers: chargers.length,
    identities: identities.length,
    decisions: chargers.length,
    different: different.slice(0, MOST_TOLD),
  }
}
