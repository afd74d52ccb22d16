/** Every refusal there is, reached through the commands as they are imported: a row each, and none may be missing. */
import { describeRefusal, refusalCodecs, type RefusalType } from '../../src/domain/refusals'
import { stillRuntime } from '../../src/testing'
import { countAll, damage, done, instance, type More, network, NOW, refused } from './network'

type Row = readonly [type: string, data: Readonly<Record<string, unknown>>, more?: More]

interface Case {
  readonly given?: readonly Row[]
  readonly damaged?: string
  readonly when: Row
  /** In a bulk command the item is refused, and the command is done. */
  readonly item?: true
  /** The command comes so many days later. */
  readonly daysLater?: number
}

const ann = { actor: 'driver/user:ann' }
const C1 = { chargers: ['C1'] }
const addC1: Row = ['AddChargers', { pool: 'P', ...C1 }]
const ask: Row = ['RequestAccess', { identity: 'user:ann', charger: 'C1', request: 'R' }, ann]
const approve: Row = ['ApproveRequest', { pool: 'P', request: 'R' }]
const member = (identity: string, window = {}): Row => [
  'AddIdentities',
  { pool: 'P', identities: [{ identity, ...window }] },
]
const rename: Row = ['RenamePool', { pool: 'P', name: 'x' }]
const forAnn = (type: string): Row => [type, { identity: 'user:ann' }]

const cases: Readonly<Record<RefusalType, Case>> = {
  NotPermitted: { when: ['RenamePool', { pool: 'P', name: 'x' }, { actor: 'admin/X/eve' }] },
  PoolNotFound: { when: ['RenamePool', { pool: 'none', name: 'x' }] },
  PoolExists: { when: ['CreatePool', { pool: 'P', organization: 'O', name: 'x' }] },
  PoolArchived: { given: [['ArchivePool', { pool: 'P' }]], when: addC1 },
  PoolNotEmpty: { given: [addC1], when: ['ArchivePool', { pool: 'P' }] },
  PoolSuspended: { damaged: 'accessPool-P', when: rename },
  ChargerSuspended: { damaged: 'charger-C1', when: addC1, item: true },
  IdentitySuspended: { damaged: 'identity-user:ann', when: member('user:ann'), item: true },
  PartnersSuspended: { damaged: 'partners', when: ['RegisterPartner', { partner: 'acme' }] },
  StaleRevision: { when: ['RenamePool', { pool: 'P', name: 'x' }, { ifRevision: 0 }] },
  CommandIdReused: {
    given: [['SetHidden', { pool: 'P', hidden: true }, { id: 'taken' }]],
    when: ['RenamePool', { pool: 'P', name: 'x' }, { id: 'taken' }],
  },
  LevelForbids: { when: ['SetFreeVend', { pool: 'P', freeVend: true }] },
  ControlNeedsVisible: {
    when: ['SetPartnerAccess', { pool: 'P', partner: 'ampup', visible: false, control: true }],
  },
  UnknownPartner: {
    when: ['SetPartnerAccess', { pool: 'P', partner: 'acme', visible: true, control: false }],
  },
  ChargerNotAllocated: { when: ['AddChargers', { pool: 'P', chargers: ['unknown'] }], item: true },
  ChargerOfOtherOrganization: {
    given: [['AllocateCharger', { charger: 'C1', host: 'H', organization: 'X' }]],
    when: addC1,
    item: true,
  },
  ChargerInAnotherPool: { given: [['AddChargers', { pool: 'Q', ...C1 }]], when: addC1, item: true },
  ChargerNotInPool: { when: ask },
  IdentityOfOtherOrganization: {
    when: ['RegisterIdentity', { identity: 'rfid:CARD', organization: 'X' }],
  },
  IdentityNotRegistered: { when: ['BlockIdentity', { identity: 'user:nobody' }] },
  IdentityBlocked: { given: [addC1, forAnn('BlockIdentity')], when: ask },
  NotAMember: { when: ['ChangeMembership', { pool: 'P', identity: 'user:ann' }] },
  AlreadyAMember: { given: [addC1, member('user:ann')], when: ask },
  NotAMobileUser: {
    given: [addC1],
    when: ['RequestAccess', { identity: 'rfid:CARD', charger: 'C1' }, { actor: 'driver/rfid:CARD' }],
  },
  InvalidWindow: {
    when: member('user:ann', { from: '2025-02-01T00:00:00Z', until: '2025-01-01T00:00:00Z' }),
    item: true,
  },
  RequestsNotOffered: { given: [addC1, ['ConfigureRequests', { pool: 'P', enabled: false }]], when: ask },
  RequestTooSoon: {
    given: [addC1, ask, ['DenyRequest', { pool: 'P', request: 'R' }]],
    when: ['RequestAccess', { identity: 'user:ann', charger: 'C1', request: 'R2' }, ann],
  },
  RequestExists: {
    given: [addC1, ask, ['WithdrawRequest', { pool: 'P', request: 'R' }, ann]],
    when: ask,
  },
  RequestNotFound: { when: approve },
  RequestDecided: { given: [addC1, ask, ['DenyRequest', { pool: 'P', request: 'R' }]], when: approve },
  RequestExpired: { given: [addC1, ask], when: approve, daysLater: 31 },
  RequestStale: { given: [addC1, ask, forAnn('DeregisterIdentity')], when: approve },
  NotParked: { when: ['SkipEvent', { stream: 'accessPool-P', revision: 0, reason: 'why' }] },
}

const reached = new Map<string, number>()

const DAY = 86_400_000

const play = async ({ given = [], damaged, when, item, daysLater = 0 }: Case) => {
  const { pools, store } = await network()
  for (const [type, data, more] of given) await done(pools, type, data, more)
  if (damaged !== undefined) await damage(store, damaged)
  const before = await countAll(store)
  const [type, data, more] = when
  const then = instance(store, { runtime: stillRuntime(NOW + daysLater * DAY) })
  const refusal =
    item === true
      ? (await done(then, type, data, more)).items?.flatMap((one) =>
          one.outcome === 'Refused' ? [one.refusal] : [],
        )[0]
      : await refused(then, type, data, more)
  return { refusal, wrote: (await countAll(store)) - before }
}

const types = Object.keys(refusalCodecs) as RefusalType[]

describe('A refusal changes nothing, is typed, and says which rule', () => {
  for (const type of types)
    test(type, async () => {
      const { refusal, wrote } = await play(cases[type])
      expect(refusal?.type).toBe(type)
      expect(wrote).toBe(0)
      expect(refusalCodecs[type].is(refusal)).toBe(true)
      if (refusal !== undefined) expect(describeRefusal(refusal)).toMatch(/^.{10,}\.$/)
      reached.set(type, (reached.get(type) ?? 0) + 1)
    })

  test('none is never reached', () => {
    process.stdout.write(`refusals reached through commands: ${reached.size} of ${types.length}\n`)
    expect(types.filter((type) => !reached.has(type))).toEqual([])
  })
})
