import { permissions } from '../../src/domain/authorization'
import { chargerEvents } from '../../src/domain/charger'
import { identityEvents } from '../../src/domain/identity'
import { partnerEvents } from '../../src/domain/partner'
import { poolEvents } from '../../src/domain/pool/events'
import { refusalCodecs } from '../../src/domain/refusals'
import { skipEvents } from '../../src/domain/event/skip'
import type { Warning } from '../../src/domain/warning'
import { codeIn, tableUnder } from './documents'

/** Refusals that any command may meet; the text under the table names them. */
const OF_ALL = [
  'NotPermitted',
  'PoolNotFound',
  'PoolArchived',
  'PoolSuspended',
  'StaleRevision',
  'CommandIdReused',
]

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)].sort()

describe('The commands in docs/product.md', () => {
  const [, ...rows] = tableUnder('docs/product.md', '## Commands')

  test('are those that there are, each given by whom the code permits', () => {
    const written = rows.map(([command = '', who = '']) => [
      codeIn(command)[0],
      {
        administrator: !who.includes('Administrator') ? 'no' : who.includes('for cards') ? 'cards' : 'yes',
        system: who.includes('System'),
        driver: who.includes('Driver'),
        operator: !who.includes('Driver'),
      },
    ])
    expect(Object.fromEntries(written)).toEqual(permissions)
  })

  test('name every event, and none that there is not', () => {
    const all = { ...poolEvents, ...chargerEvents, ...identityEvents, ...partnerEvents, ...skipEvents }
    expect(unique(rows.flatMap(([, , events = '']) => codeIn(events)))).toEqual(unique(Object.keys(all)))
  })

  test('name every refusal, and none that there is not', () => {
    const own = rows.flatMap(([, , , refusals = '']) => codeIn(refusals))
    expect(unique([...own, ...OF_ALL])).toEqual(unique(Object.keys(refusalCodecs)))
  })
})

/** Complete, or it does not compile. */
const warnings: Readonly<Record<Warning['type'], true>> = {
  PrivateWithoutMembers: true,
  RestrictedWithoutWayIn: true,
  HiddenWithRequests: true,
  PartnerControlPastMembership: true,
  ApprovedWhileBlocked: true,
  SourceVersionOld: true,
}

test('The warnings in docs/product.md are those that there are', () => {
  const [, ...rows] = tableUnder('docs/product.md', '## Warnings')
  expect(rows.map(([warning = '']) => codeIn(warning)[0])).toEqual(Object.keys(warnings))
})
