/** What the dice of a walk choose: pools, chargers, identities, requests that are there, and settings. */
import type { IdentityId, PoolId, RequestId } from '../domain/language/ids'
import { offersRequests } from '../domain/pool/state'
import { instantOf } from '../domain/language/window'
import type { World } from './world/world'

/** Numbers from 0 to 999 that decide what a step is about. */
export interface Dice {
  readonly who: number
  readonly pool: number
  readonly charger: number
  readonly identity: number
  readonly n: number
  readonly m: number
}

export const HOUR = 3_600_000

/** One of a list, whatever the number. */
export const pick = <A>(list: readonly [A, ...A[]], n: number): A => list[n % list.length] ?? list[0]
export const oneIn = (odds: number, n: number): boolean => n % odds === 0

/** Few of each, so that steps meet; the last of each was never made. */
export const POOLS = ['north', 'south', 'east', 'nowhere'] as const
export const CHARGERS = ['c1', 'c2', 'c3', 'c4', 'c9'] as const
const LEVELS = ['Public', 'Private', 'Restricted'] as const
export const HOURS = [1, 6, 25, 24 * 8, 24 * 31] as const

export const poolOf = ({ pool }: Dice): string =>
  pick(['north', 'north', 'north', 'south', 'south', 'east', oneIn(13, pool) ? 'nowhere' : 'north'], pool)
export const chargerOf = (n: number): string => pick(['c1', 'c2', 'c3', 'c4', oneIn(3, n) ? 'c9' : 'c1'], n)
export const identityOf = (n: number): string =>
  pick(['user:ann', 'user:bob', 'user:cy', 'rfid:0A', 'rfid:0B', 'user:odd', 'user:nobody'], n)
export const organizationOf = (id: string): string =>
  ['east', 'c4', 'rfid:0B'].includes(id) ? 'zenith' : 'acme'

/** An end of a window, before or after now; or none. */
const end = (world: World, n: number): string | undefined => {
  const hours = pick([undefined, -30, -2, 2, 30, 24 * 40, undefined], n)
  return hours === undefined ? undefined : instantOf(world.now + hours * HOUR)
}
export const ends = (world: World, { n, m }: Dice): { readonly from?: string; readonly until?: string } => {
  const from = end(world, n)
  const until = end(world, m)
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) }
}

export const requestSettings = ({ n, m }: Dice) => ({
  enabled: !oneIn(7, n),
  ...(oneIn(5, m) ? {} : { notify: oneIn(11, m) ? [] : ['desk@acme.example', 'night@acme.example'] }),
  ...(oneIn(5, m) ? { expiresAfterDays: 1 + (n % 40) } : {}),
  ...(oneIn(6, m) ? { waitAfterDenialHours: n % 72 } : {}),
})
export const partnerOf = (n: number): string => pick(['chargehub', 'ampup', 'newcomer', 'ampup', 'nobody'], n)
export const access = (n: number) => ({ visible: n % 4 !== 0, control: n % 3 !== 0 && !oneIn(8, n) })
export const rateOf = (n: number): string => pick(['Standard', 'Free', 'Staff'], n)
export const levelOf = (n: number): string => pick([...LEVELS, 'Restricted', 'Restricted'], n)

export const upstream = (n: number): { readonly sourceVersion?: number } =>
  oneIn(3, n) ? { sourceVersion: n % 30 } : {}

interface Known {
  readonly pool: PoolId
  readonly request: RequestId
  readonly identity: IdentityId
}

/** The requests that there are, and those of them that are pending. */
const requestsOf = (
  world: World,
): { readonly known: readonly Known[]; readonly pending: readonly Known[] } => {
  const known = [...world.pools].flatMap(([pool, { state }]) =>
    [...(state?.requests.values() ?? [])].map(({ request, identity, status }) => ({
      pool,
      request,
      identity,
      pending: status === 'Pending',
    })),
  )
  return { known, pending: known.filter(({ pending }) => pending) }
}

/** A request to decide: most often one that is pending, somewhere. */
export const requestIn = (world: World, dice: Dice): { readonly pool: string; readonly request: string } => {
  const { known, pending } = requestsOf(world)
  const [first, ...more] = pending.length > 0 && !oneIn(5, dice.m) ? pending : known
  return first === undefined || oneIn(19, dice.m)
    ? { pool: poolOf(dice), request: 'r-none' }
    : pick([first, ...more], dice.n)
}

/** The id that a driver gives its request: none, a new one, or one that is taken. */
export const requestId = (world: World, { n, m }: Dice): { readonly request?: string } => {
  const [first, ...more] = requestsOf(world).known
  if (first !== undefined && oneIn(9, m)) return { request: pick([first, ...more], n).request }
  return oneIn(2, n) ? {} : { request: `r${n % 97}` }
}

/** An identity, at times one that waits for an answer. */
export const identityIn = (world: World, { identity, m }: Dice): string => {
  const [first, ...more] = requestsOf(world).pending
  return first !== undefined && oneIn(4, m) ? pick([first, ...more], identity).identity : identityOf(identity)
}

/** A pool, at times one that is Public. */
export const publicPool = (world: World, dice: Dice): string => {
  const [first, ...more] = [...world.pools].filter(([, { state }]) => state?.settings.level === 'Public')
  return first !== undefined && oneIn(2, dice.m) ? pick([first, ...more], dice.pool)[0] : poolOf(dice)
}

/** A charger of a pool, at times one whose claim is pending there. */
export const chargerIn = (world: World, pool: string, n: number): string => {
  const waiting = [...world.chargers].filter(
    ([charger, { state }]) =>
      state?.claim !== undefined &&
      String(state.claim.pool) === pool &&
      world.pools.get(state.claim.pool)?.state?.chargers.get(charger) !== state.claim.claim,
  )
  const [first, ...more] = waiting
  return first === undefined ? chargerOf(n) : pick([first, ...more], n)[0]
}

/** A charger from which access may be requested, where there is one. */
export const offeredAt = (world: World, n: number): string => {
  const [first, ...more] = [...world.pools.values()].flatMap(({ state }) =>
    state !== undefined && offersRequests(state.settings) ? [...state.chargers.keys()] : [],
  )
  return first === undefined ? chargerOf(n) : pick([first, ...more], n)
}

export const edited = (world: World, { n, m, pool }: Dice): Readonly<Record<string, unknown>> => ({
  ...(oneIn(2, n) ? { name: `Pool ${m % 4}` } : {}),
  ...(oneIn(3, n) ? { level: levelOf(m) } : {}),
  ...(oneIn(2, m) ? { hidden: oneIn(4, n) } : {}),
  ...(oneIn(3, m) ? { freeVend: oneIn(4, n) } : {}),
  ...(oneIn(5, m) ? { memberRate: rateOf(n) } : {}),
  ...(oneIn(2, pool) ? { requests: requestSettings({ who: 0, pool, charger: 0, identity: 0, n, m }) } : {}),
  ...(oneIn(7, n) ? { partners: { [partnerOf(m)]: access(n), chargehub: access(m) } } : {}),
})
