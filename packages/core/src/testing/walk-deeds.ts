/** What may be done in a walk, how often, and the command that each comes to in a given world. */
import type { CommandJson } from './given'
import {
  access,
  chargerIn,
  chargerOf,
  edited,
  ends,
  HOURS,
  identityIn,
  identityOf,
  levelOf,
  offeredAt,
  oneIn,
  organizationOf,
  partnerOf,
  pick,
  poolOf,
  publicPool,
  rateOf,
  requestId,
  requestIn,
  requestSettings,
  upstream,
  type Dice,
} from './walk-choices'
import type { World } from './world/world'

export { CHARGERS, type Dice, HOUR, POOLS } from './walk-choices'

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
  (world, dice) => ({ type, data: { identity: identityIn(world, dice), ...upstream(dice.n) } })

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
  freeVend: row(4, (world, dice) => ({
    type: 'SetFreeVend',
    data: { pool: publicPool(world, dice), freeVend: !oneIn(2, dice.n) },
  })),
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
  removeChargers: row(4, (world, dice) => {
    const pool = poolOf(dice)
    return {
      type: 'RemoveChargers',
      data: { pool, chargers: [chargerIn(world, pool, dice.charger), chargerOf(dice.n)] },
    }
  }),
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
  request: row(14, (world, dice) => ({
    type: 'RequestAccess',
    data: {
      identity: oneIn(6, dice.m)
        ? identityOf(dice.identity)
        : pick(['user:ann', 'user:bob', 'user:cy'], dice.identity),
      charger: oneIn(6, dice.n) ? chargerOf(dice.charger) : offeredAt(world, dice.charger),
      ...requestId(world, dice),
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
export const happenings = { wait: 7, claimOnly: 5, finishClaims: 2, tidy: 3, spoil: 1 } as const

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
