/** What may be done in a walk, how often, and the command that each comes to in a given world. */
import type { IdentityId, PoolId, RequestId } from '../domain/ids'
import { offersRequests, pendingRequest } from '../domain/pool/state'
import { instantOf } from '../domain/window'
import type { CommandJson } from './given'
import type { World } from './world'

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
const pick = <A>(list: readonly [A, ...A[]], n: number): A => list[n % list.length] ?? list[0]
const oneIn = (odds: number, n: number): boolean => n % odds === 0

/** Few of each, so that steps meet; the last of each was never made. */
export const POOLS = ['north', 'south', 'east', 'nowhere'] as const
export const CHARGERS = ['c1', 'c2', 'c3', 'c4', 'c9'] as const
const LEVELS = ['Public', 'Private', 'Restricted'] as const
const HOURS = [1, 6, 25, 24 * 8, 24 * 31] as const

const poolOf = ({ pool }: Dice): string =>
  pick(['north', 'north', 'north', 'south', 'south', 'east', oneIn(13, pool) ? 'nowhere' : 'north'], pool)
const chargerOf = (n: number): string => pick(['c1', 'c2', 'c3', 'c4', oneIn(3, n) ? 'c9' : 'c1'], n)
const identityOf = (n: number): string =>
  pick(['user:ann', 'user:bob', 'user:cy', 'rfid:0A', 'rfid:0B', 'user:odd', 'user:nobody'], n)
const organizationOf = (id: string): string => (['east', 'c4', 'rfid:0B'].includes(id) ? 'zenith' : 'acme')

/** An end of a window, before or after now; or none. */
const end = (world: World, n: number): string | undefined => {
  const hours = pick([undefined, -30, -2, 2, 30, 24 * 40, undefined], n)
  return hours === undefined ? undefined : instantOf(world.now + hours * HOUR)
}
const ends = (world: World, { n, m }: Dice): { readonly from?: string; readonly until?: string } => {
  const from = end(world, n)
  const until = end(world, m)
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) }
}

const requestSettings = ({ n, m }: Dice) => ({
  enabled: !oneIn(7, n),
  ...(oneIn(5, m) ? {} : { notify: oneIn(11, m) ? [] : ['desk@acme.example', 'night@acme.example'] }),
  ...(oneIn(5, m) ? { expiresAfterDays: 1 + (n % 40) } : {}),
  ...(oneIn(6, m) ? { waitAfterDenialHours: n % 72 } : {}),
})
const partnerOf = (n: number): string => pick(['chargehub', 'ampup', 'newcomer', 'ampup', 'nobody'], n)
const access = (n: number) => ({ visible: n % 4 !== 0, control: n % 3 !== 0 && !oneIn(8, n) })
const rateOf = (n: number): string => pick(['Standard', 'Free', 'Staff'], n)
const levelOf = (n: number): string => pick([...LEVELS, 'Restricted', 'Restricted'], n)

const upstream = (n: number): { readonly sourceVersion?: number } =>
  oneIn(3, n) ? { sourceVersion: n % 30 } : {}

/** A request to decide: most often one that is pending, somewhere. */
const requestIn = (world: World, dice: Dice): { pool: string; request: string; identity?: IdentityId } => {
  const known: { pool: PoolId; request: RequestId; identity: IdentityId }[] = []
  const pending: typeof known = []
  for (const [pool, { state }] of world.pools)
    for (const { request, identity } of state?.requests.values() ?? []) {
      known.push({ pool, request, identity })
      if (state !== undefined && pendingRequest(state, identity)?.request === request)
        pending.push({ pool, request, identity })
    }
  const [first, ...more] = pending.length > 0 && !oneIn(5, dice.m) ? pending : known
  return first === undefined || oneIn(19, dice.m)
    ? { pool: poolOf(dice), request: 'r-none' }
    : pick([first, ...more], dice.n)
}

/** A charger from which access may be requested, where there is one. */
const offeredAt = (world: World, n: number): string => {
  const [first, ...more] = [...world.pools.values()].flatMap(({ state }) =>
    state !== undefined && offersRequests(state.settings) ? [...state.chargers.keys()] : [],
  )
  return first === undefined ? chargerOf(n) : pick([first, ...more], n)
}

const edited = (world: World, { n, m, pool }: Dice): Readonly<Record<string, unknown>> => ({
  ...(oneIn(2, n) ? { name: `Pool ${m % 4}` } : {}),
  ...(oneIn(3, n) ? { level: levelOf(m) } : {}),
  ...(oneIn(2, m) ? { hidden: oneIn(4, n) } : {}),
  ...(oneIn(3, m) ? { freeVend: oneIn(4, n) } : {}),
  ...(oneIn(5, m) ? { memberRate: rateOf(n) } : {}),
  ...(oneIn(2, pool) ? { requests: requestSettings({ who: 0, pool, charger: 0, identity: 0, n, m }) } : {}),
  ...(oneIn(7, n) ? { partners: { [partnerOf(m)]: access(n), chargehub: access(m) } } : {}),
})

type Build = (world: World, dice: Dice) => CommandJson
const inPool =
  (type: string, data: (dice: Dice, world: World) => Readonly<Record<string, unknown>>): Build =>
  (world, dice) => ({ type, data: { pool: poolOf(dice), ...data(dice, world) } })
const onRequest =
  (type: string): Build =>
  (world, dice) => {
    const { pool, request } = requestIn(world, dice)
    return { type, data: { pool, request } }
  }
const ofIdentity =
  (type: string): Build =>
  (_, { identity, n }) => ({ type, data: { identity: identityOf(identity), ...upstream(n) } })

/** A deed that is a command: how often it is done, and what it says. */
interface Row {
  readonly weight: number
  readonly build: Build
}
const row = (weight: number, build: Build): Row => ({ weight, build })

export const deeds = {
  create: row(2, (_, dice) => ({
    type: 'CreatePool',
    data: {
      pool: poolOf(dice),
      organization: organizationOf(poolOf(dice)),
      name: `Pool ${dice.n % 4}`,
      level: levelOf(dice.m),
    },
  })),
  rename: row(
    2,
    inPool('RenamePool', ({ n }) => ({ name: `Pool ${n % 4}` })),
  ),
  changeLevel: row(
    5,
    inPool('ChangeAccessLevel', ({ n }) => ({ level: levelOf(n) })),
  ),
  hide: row(
    3,
    inPool('SetHidden', ({ n }) => ({ hidden: oneIn(2, n) })),
  ),
  freeVend: row(
    3,
    inPool('SetFreeVend', ({ n }) => ({ freeVend: !oneIn(3, n) })),
  ),
  rate: row(
    2,
    inPool('SetMemberRate', ({ n }) => ({ memberRate: rateOf(n) })),
  ),
  takeRequests: row(5, inPool('ConfigureRequests', requestSettings)),
  partner: row(
    4,
    inPool('SetPartnerAccess', ({ n, m }) => ({ partner: partnerOf(m), ...access(n) })),
  ),
  edit: row(
    5,
    inPool('EditPool', (dice, world) => edited(world, dice)),
  ),
  archive: row(
    1,
    inPool('ArchivePool', ({ n }) => (oneIn(5, n) ? { force: true } : {})),
  ),
  addChargers: row(
    9,
    inPool('AddChargers', ({ charger, n }) => ({ chargers: [chargerOf(charger), chargerOf(n)] })),
  ),
  removeChargers: row(
    4,
    inPool('RemoveChargers', ({ charger, n }) => ({ chargers: [chargerOf(charger), chargerOf(n)] })),
  ),
  allocate: row(4, (_, { charger, n, m }) => {
    const id = chargerOf(charger)
    const labels = {
      ...(oneIn(2, n) ? { label: `Bay ${n % 4}` } : {}),
      ...(oneIn(4, m) ? { hostLabel: 'Yard' } : {}),
    }
    const host = oneIn(6, m) ? 'h2' : 'h1'
    return {
      type: 'AllocateCharger',
      data: { charger: id, host, organization: organizationOf(id), ...labels, ...upstream(m) },
    }
  }),
  deallocate: row(2, (_, { charger, n }) => ({
    type: 'DeallocateCharger',
    data: { charger: chargerOf(charger), ...upstream(n) },
  })),
  register: row(5, (_, { identity, n, m }) => {
    const id = identityOf(identity)
    const organization = oneIn(7, m) ? 'zenith' : organizationOf(id)
    const card = id.startsWith('rfid:')
      ? { organization, ...(oneIn(3, n) ? { tokenType: pick(['ISO14443', 'KeyCode'], m) } : {}) }
      : {}
    return { type: 'RegisterIdentity', data: { identity: id, ...card, ...upstream(n) } }
  }),
  block: row(3, ofIdentity('BlockIdentity')),
  unblock: row(5, ofIdentity('UnblockIdentity')),
  deregister: row(3, ofIdentity('DeregisterIdentity')),
  addIdentities: row(7, (world, dice) => ({
    type: 'AddIdentities',
    data: {
      pool: poolOf(dice),
      identities: [{ identity: identityOf(dice.identity), ...ends(world, dice) }, identityOf(dice.n)],
    },
  })),
  removeIdentities: row(
    5,
    inPool('RemoveIdentities', ({ identity, n }) => ({ identities: [identityOf(identity), identityOf(n)] })),
  ),
  changeMembership: row(5, (world, dice) => {
    const opened = oneIn(4, dice.who) ? { until: null } : {}
    return {
      type: 'ChangeMembership',
      data: { pool: poolOf(dice), identity: identityOf(dice.identity), ...ends(world, dice), ...opened },
    }
  }),
  request: row(14, (world, { charger, identity, n, m }) => ({
    type: 'RequestAccess',
    data: {
      identity: oneIn(6, m) ? identityOf(identity) : pick(['user:ann', 'user:bob', 'user:cy'], identity),
      charger: oneIn(6, n) ? chargerOf(charger) : offeredAt(world, charger),
      ...(oneIn(2, n) ? {} : { request: `r${n % 19}` }),
    },
  })),
  withdraw: row(3, onRequest('WithdrawRequest')),
  approve: row(5, onRequest('ApproveRequest')),
  deny: row(4, onRequest('DenyRequest')),
  closeExpired: row(
    3,
    inPool('CloseExpiredRequests', () => ({})),
  ),
  registerPartner: row(1, (_, { m }) => ({
    type: 'RegisterPartner',
    data: { partner: oneIn(3, m) ? 'newcomer' : 'ampup' },
  })),
} as const satisfies Readonly<Record<string, Row>>

/** What happens by itself, and how often. */
export const happenings = { wait: 7, claimOnly: 3, finishClaims: 2, tidy: 3, spoil: 1 } as const

export type Deed = keyof typeof deeds | keyof typeof happenings

const isDeed = (name: string): name is Deed => Object.hasOwn(deeds, name) || Object.hasOwn(happenings, name)

/** How often each is done. */
export const ODDS: readonly (readonly [Deed, number])[] = [
  ...Object.entries(deeds).map(([name, { weight }]) => [name, weight] as const),
  ...Object.entries(happenings),
].flatMap(([name, weight]) => (isDeed(name) ? [[name, weight] as const] : []))

/** How long a wait is. */
export const hoursOf = ({ n }: Dice): number => pick(HOURS, n)

/** Who may give a command, most often; sometimes anybody. */
export const actorFor = (world: World, { type, data }: CommandJson, { who }: Dice): string => {
  const anybody = pick(
    [
      'admin/acme/ada',
      'admin/zenith/zoe',
      'operator/olga',
      'system/feed',
      'driver/user:ann',
      'driver/user:cy',
    ],
    who,
  )
  if (oneIn(13, who)) return anybody
  if (type === 'RequestAccess') return `driver/${String(data['identity'])}`
  if (type === 'WithdrawRequest') {
    for (const { state } of world.pools.values())
      for (const { request, identity } of state?.requests.values() ?? [])
        if (request === data['request']) return `driver/${identity}`
    return 'driver/user:ann'
  }
  const administrators = type.endsWith('Pool') || 'pool' in data
  return oneIn(3, who) && administrators ? 'admin/acme/ada' : 'operator/olga'
}
