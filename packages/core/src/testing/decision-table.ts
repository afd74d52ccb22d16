/**
 * Decisions as rows of data: what is known, who asks where and when, and the answer. Each row is for `decide` and for
 * both lists; a gateway's replica answers the same rows.
 */

/** What a row's records say; times of day are those of 2025-03-01. */
export interface DecisionRow {
  readonly name: string
  /** Access records beyond those of the setting, by key; `null` removes. */
  readonly given: Readonly<Record<string, unknown>>
  readonly charger?: string
  /** `user:…` or `rfid:…`; `pin`, or `pin user:…` where it is known who types; `partner …`; `none`. */
  readonly credential: string
  /** An instant; noon unless given. */
  readonly at?: string
  /** Everything may be out of date. */
  readonly stale?: boolean
  /** `Basis rate[ until]`, `Reason[ next…]` or `RedeemPin`. */
  readonly answer: string
}

const SETTINGS = {
  level: 'Private',
  hidden: false,
  freeVend: false,
  memberRate: 'Free',
  requests: false,
  pins: false,
  partners: {},
  suspended: false,
  needs: [],
}

/** A pool's record with these settings. */
export const poolRecord = (
  settings: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  ...SETTINGS,
  ...settings,
})

const RESTRICTED = poolRecord({ level: 'Restricted', requests: true, pins: true })
const PUBLIC = poolRecord({ level: 'Public' })
const registered = (more: object = {}): object => ({
  generation: 1,
  blocked: false,
  suspended: false,
  ...more,
})

/** What every row begins with: charger C in pool P, a registered driver and card, and a second, empty pool. */
export const decisionSetting: Readonly<Record<string, unknown>> = {
  'pool/P': poolRecord(),
  'pool/Q': poolRecord(),
  'charger/P/C': { claim: 1, suspended: false },
  'identity/user:ann': registered(),
  'identity/rfid:0A': registered({ tokenType: 'ISO14443' }),
}

/** The charger that rows ask at, and the instant. */
export const DECISION_CHARGER = 'C'
export const DECISION_NOON = '2025-03-01T12:00:00.000Z'

const morning = { from: '2025-03-01T08:00:00.000Z', until: '2025-03-01T12:00:00.000Z' }
const member = (more: object = {}): object => ({ generation: 1, ...more })
const ann = (more: object = {}): object => ({ 'member/P/user:ann': member(more) })
const row = (
  name: string,
  given: object,
  credential: string,
  answer: string,
  more: Partial<DecisionRow> = {},
): DecisionRow => ({ name, given: { ...given }, credential, answer, ...more })

const closed: readonly DecisionRow[] = [
  row('an unknown charger', {}, 'user:ann', 'NotInPool', { charger: 'X' }),
  row('an unknown charger while stale', {}, 'user:ann', 'ReadModelStale', { charger: 'X', stale: true }),
  row('a charger that was taken out', { 'charger/P/C': null }, 'user:ann', 'NotInPool'),
  row('a charger whose pool was archived', { 'pool/P': null, ...ann() }, 'user:ann', 'NotInPool'),
  row('a charger named like what objects inherit', {}, 'user:ann', 'NotInPool', { charger: 'constructor' }),
  row(
    'staleness comes before everything',
    { 'pool/P': poolRecord({ suspended: true }) },
    'none',
    'ReadModelStale',
    {
      stale: true,
    },
  ),
  row(
    'a suspended charger comes before its suspended pool',
    { 'charger/P/C': { claim: 1, suspended: true }, 'pool/P': poolRecord({ suspended: true }) },
    'user:ann',
    'ChargerSuspended',
  ),
  row(
    'a suspended pool',
    { 'pool/P': poolRecord({ suspended: true }), ...ann() },
    'user:ann',
    'PoolSuspended',
  ),
  row(
    'a pool that needs more',
    { 'pool/P': poolRecord({ needs: ['x-ray'] }), ...ann() },
    'user:ann',
    'PoolSuspended',
  ),
  row(
    'no free vend in a suspended pool',
    { 'pool/P': poolRecord({ freeVend: true, suspended: true }) },
    'none',
    'PoolSuspended',
  ),
  row(
    'no free vend at a suspended charger',
    { 'pool/P': poolRecord({ freeVend: true }), 'charger/P/C': { claim: 1, suspended: true } },
    'none',
    'ChargerSuspended',
  ),
  row('no free vend while stale', { 'pool/P': poolRecord({ freeVend: true }) }, 'none', 'ReadModelStale', {
    stale: true,
  }),
]

const freeVend = { 'pool/P': poolRecord({ level: 'Public', freeVend: true, memberRate: 'Standard' }) }
const anyone: readonly DecisionRow[] = [
  row('free vend without a credential', freeVend, 'none', 'FreeVend Free'),
  row('free vend for an unknown card', freeVend, 'rfid:FF', 'FreeVend Free'),
  row(
    'free vend for a blocked card',
    { ...freeVend, 'identity/rfid:0A': registered({ blocked: true }) },
    'rfid:0A',
    'FreeVend Free',
  ),
  row('free vend for a partner without control', freeVend, 'partner ampup', 'FreeVend Free'),
  row('free vend for digits', freeVend, 'pin', 'FreeVend Free'),
  row(
    'hiding never denies',
    { 'pool/P': poolRecord({ level: 'Public', hidden: true }) },
    'user:ann',
    'PublicAccess Standard',
  ),
  row('no credential', {}, 'none', 'CredentialRequired'),
  row('no credential where PINs are', { 'pool/P': RESTRICTED }, 'none', 'CredentialRequired pin'),
]

const partners = (visible: boolean, control: boolean): object => ({
  'pool/P': { ...RESTRICTED, partners: { ampup: { visible, control } } },
})
const byPartner: readonly DecisionRow[] = [
  row('a partner with control', partners(true, true), 'partner ampup', 'PartnerControl Standard'),
  row('a partner that only sees', partners(true, false), 'partner ampup', 'PartnerNotPermitted'),
  row('another partner', partners(true, true), 'partner chargehub', 'PartnerNotPermitted'),
  row(
    'a partner named like what objects inherit',
    partners(true, true),
    'partner constructor',
    'PartnerNotPermitted',
  ),
]

const restricted = { 'pool/P': RESTRICTED }
const byPin: readonly DecisionRow[] = [
  row('digits where there is no PIN', {}, 'pin', 'PinNotAvailable'),
  row(
    'digits of a driver where there is no PIN',
    { 'pool/P': poolRecord({ level: 'Restricted', requests: true }) },
    'pin user:ann',
    'PinNotAvailable request',
  ),
  row('digits', restricted, 'pin', 'RedeemPin'),
  row('digits of a stranger', restricted, 'pin user:zed', 'RedeemPin'),
  row('digits of one who is no member', restricted, 'pin user:ann', 'RedeemPin'),
  row('digits of a member spend no use', { ...restricted, ...ann() }, 'pin user:ann', 'Membership Free'),
  row(
    'digits of a blocked driver',
    { ...restricted, 'identity/user:ann': registered({ blocked: true }) },
    'pin user:ann',
    'IdentityBlocked request pin',
  ),
  row(
    'digits of a suspended driver',
    { ...restricted, 'identity/user:ann': registered({ suspended: true }) },
    'pin user:ann',
    'IdentitySuspended request pin',
  ),
]

const openToAnn = { ...ann(), 'pool/P': PUBLIC }
const byIdentity: readonly DecisionRow[] = [
  row('a stranger', restricted, 'user:zed', 'UnknownIdentity request pin'),
  row('an unknown card', restricted, 'rfid:FF', 'UnknownIdentity pin'),
  row('a deregistered driver', { ...ann(), 'identity/user:ann': null }, 'user:ann', 'UnknownIdentity'),
  row(
    'blocking overrides a membership',
    { ...ann(), 'identity/user:ann': registered({ blocked: true }) },
    'user:ann',
    'IdentityBlocked',
  ),
  row(
    'blocked comes before suspended',
    { 'identity/user:ann': registered({ blocked: true, suspended: true }) },
    'user:ann',
    'IdentityBlocked',
  ),
  row(
    'a suspended card',
    { 'member/P/rfid:0A': member(), 'identity/rfid:0A': registered({ suspended: true }) },
    'rfid:0A',
    'IdentitySuspended',
  ),
  row(
    'a blocked card in a Public pool',
    { 'pool/P': PUBLIC, 'identity/rfid:0A': registered({ blocked: true }) },
    'rfid:0A',
    'IdentityBlocked',
  ),
  row('no member of a Private pool', {}, 'user:ann', 'NotAMember'),
  row('no member, where requests are taken', restricted, 'user:ann', 'NotAMember request pin'),
  row('no member, a card', restricted, 'rfid:0A', 'NotAMember pin'),
  row('a member', ann(), 'user:ann', 'Membership Free'),
  row('a member by a request', ann({ request: 'r1' }), 'user:ann', 'ApprovedRequest Free'),
  row('a member of another pool', { 'member/Q/user:ann': member() }, 'user:ann', 'NotAMember'),
  row(
    'a membership of an older generation',
    { ...ann(), 'identity/user:ann': registered({ generation: 2 }) },
    'user:ann',
    'NotAMember',
  ),
  row('a membership of a later generation', ann({ generation: 2 }), 'user:ann', 'NotAMember'),
  row('within the window', ann(morning), 'user:ann', 'Membership Free 2025-03-01T12:00:00.000Z', {
    at: '2025-03-01T11:59:59.999Z',
  }),
  row('at its first instant', ann(morning), 'user:ann', 'Membership Free 2025-03-01T12:00:00.000Z', {
    at: '2025-03-01T08:00:00.000Z',
  }),
  row('before it', ann(morning), 'user:ann', 'OutsideValidity', { at: '2025-03-01T07:59:59.999Z' }),
  row('at its end', ann(morning), 'user:ann', 'OutsideValidity'),
  row(
    'at its end, where requests are taken',
    { ...restricted, ...ann(morning) },
    'user:ann',
    'OutsideValidity request pin',
  ),
  row('anyone registered in a Public pool', { 'pool/P': PUBLIC }, 'rfid:0A', 'PublicAccess Standard'),
  row('a member of a Public pool', openToAnn, 'user:ann', 'Membership Free'),
  row(
    'outside the window of a Public pool',
    { ...openToAnn, ...ann(morning) },
    'user:ann',
    'PublicAccess Standard',
  ),
  row('a stranger at a Public pool', { 'pool/P': PUBLIC }, 'rfid:FF', 'UnknownIdentity'),
]

export const decisionTable: readonly DecisionRow[] = [
  ...closed,
  ...anyone,
  ...byPartner,
  ...byPin,
  ...byIdentity,
]
