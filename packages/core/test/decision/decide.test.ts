import type { Answer, Basis, DenialReason } from '../../src/decision/answer'
import { decide } from '../../src/decision/decide'
import type { Credential } from '../../src/decision/credential'
import type { AccessIndexView } from '../../src/decision/access-index'
import { type Staleness, WHOLLY_FRESH, WHOLLY_STALE } from '../../src/decision/staleness'
import { whereMayCharge, whoMayCharge } from '../../src/decision/who-may-charge'
import { ChargerId, type IdentityId, named } from '../../src/domain/language/ids'
import {
  DECISION_CHARGER,
  DECISION_NOON,
  decisionSetting,
  decisionTable,
  type DecisionRow,
  poolRecord,
} from '../../src/testing/decision-table'
import { credentialOf, indexOf, wordOf } from './records'

const asked = ({
  given,
  charger = DECISION_CHARGER,
  credential,
  at = DECISION_NOON,
  stale = false,
}: DecisionRow) => ({
  index: indexOf(decisionSetting, given),
  charger: named(ChargerId, charger),
  credential: credentialOf(credential),
  at: Date.parse(at),
  staleness: stale ? WHOLLY_STALE : WHOLLY_FRESH,
})

/** What the list of those who may charge here says of a credential; nothing where it is not in it. */
const inWhoMay = (
  index: AccessIndexView,
  charger: ChargerId,
  credential: Credential,
  at: number,
  staleness: Staleness,
): Answer | undefined => {
  const list = whoMayCharge(index, charger, at, staleness)
  if (list.closed !== undefined) return list.closed
  if (list.anyone !== undefined) return list.anyone
  const identity = (id: IdentityId): Answer | undefined => {
    const open = list.registered
    const isOpen = open !== undefined && index.identity(id) !== undefined && !open.except.has(id)
    return list.members.get(id) ?? (isOpen ? open.granted : undefined)
  }
  switch (credential.type) {
    case 'Partner':
      return list.partners.get(credential.partner)
    case 'Identity':
      return identity(credential.identity)
    case 'Pin':
      return credential.requester === undefined ? undefined : identity(credential.requester)
    case 'None':
      return undefined
  }
}

describe('Decision', () => {
  for (const row of decisionTable)
    test(`${row.name}: ${row.answer}`, () => {
      const { index, charger, credential, at, staleness } = asked(row)
      const answer = decide(index, charger, credential, at, staleness)
      expect(wordOf(answer)).toBe(row.answer)
      if (answer.decision !== 'Denied' || answer.reason !== 'NotInPool') {
        const pool = index.poolOf(charger)
        if (pool !== undefined) expect(answer.pool).toBe(pool)
      }
    })

  test('the same question is answered by the same object, unless a window ends', () => {
    for (const row of decisionTable) {
      const { index, charger, credential, at, staleness } = asked(row)
      const [first, second] = [0, 1].map(() => decide(index, charger, credential, at, staleness))
      if (first?.decision !== 'Granted' || first.until === undefined) expect(second).toBe(first)
    }
  })

  test('every reason and every basis is reached', () => {
    const reasons: Record<DenialReason, true> = {
      NotInPool: true,
      ReadModelStale: true,
      ChargerSuspended: true,
      PoolSuspended: true,
      CredentialRequired: true,
      PartnerNotPermitted: true,
      PinNotAvailable: true,
      UnknownIdentity: true,
      IdentityBlocked: true,
      IdentitySuspended: true,
      OutsideValidity: true,
      NotAMember: true,
    }
    const bases: Record<Basis, true> = {
      FreeVend: true,
      PartnerControl: true,
      ApprovedRequest: true,
      Membership: true,
      PublicAccess: true,
    }
    const words = new Set(decisionTable.map(({ answer }) => answer.split(' ')[0]))
    expect([...words].sort()).toEqual([...Object.keys(reasons), ...Object.keys(bases), 'RedeemPin'].sort())
  })

  test('an identity whose own part is stale is denied where its pool is fresh, and may still redeem a PIN', () => {
    const staleness: Staleness = { any: true, ofPool: () => false, ofIdentity: () => true }
    const restricted = { 'pool/P': poolRecord({ level: 'Restricted', pins: true }) }
    const index = indexOf(decisionSetting, restricted, { 'member/P/user:ann': { generation: 1 } })
    const charger = named(ChargerId, 'C')
    const ask = (word: string) => wordOf(decide(index, charger, credentialOf(word), 0, staleness))
    expect(ask('user:ann')).toBe('ReadModelStale pin')
    expect(ask('user:zed')).toBe('UnknownIdentity pin')
    expect(ask('none')).toBe('CredentialRequired pin')
    expect(ask('pin user:ann')).toBe('RedeemPin')
    expect(whoMayCharge(index, charger, 0, staleness).members.size).toBe(0)
  })
})

describe('Who may charge here', () => {
  for (const row of decisionTable)
    test(`agrees with decide: ${row.name}`, () => {
      const { index, charger, credential, at, staleness } = asked(row)
      const answer = decide(index, charger, credential, at, staleness)
      const listed = inWhoMay(index, charger, credential, at, staleness)
      if (answer.decision === 'Granted') expect(listed).toEqual(answer)
      else expect(listed?.decision ?? 'Denied').toBe('Denied')
      const { pins } = whoMayCharge(index, charger, at, staleness)
      if (answer.decision === 'Refer') expect(pins).toBe(true)
      if (credential.type === 'Pin' && credential.requester === undefined && answer.decision === 'Denied')
        expect(pins).toBe(false)
    })
})

describe('Where may this identity charge', () => {
  for (const row of decisionTable)
    test(`agrees with decide: ${row.name}`, () => {
      const { index, charger, credential, at, staleness } = asked(row)
      if (credential.type !== 'Identity') return
      const answer = decide(index, charger, credential, at, staleness)
      const listed = whereMayCharge(index, credential.identity, at, staleness).find(({ chargers }) =>
        chargers.includes(charger),
      )
      expect(listed?.granted).toEqual(answer.decision === 'Granted' ? answer : undefined)
    })
})
