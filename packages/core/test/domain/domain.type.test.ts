/** What the compiler promises to those who build on the domain. Checked by `npm run types`; running it proves nothing more. */
import type { CommandName, permissions } from '../../src/domain/authorization'
import type { Command, CommandData, commands } from '../../src/domain/commands'
import type { ChargerId, IdentityId, PoolId } from '../../src/domain/language/ids'
import type { PoolCommand, PoolCommandName } from '../../src/domain/pool/commands'
import type { PoolStreamCommand } from '../../src/domain/pool/decide'
import type { PoolEvent, poolEvents } from '../../src/domain/pool/events'
import type { Refusal, refusalCodecs, RefusalOf, RefusalType } from '../../src/domain/refusals'
import type { Instant } from '../../src/domain/language/window'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <_T extends true>(): void => undefined

test('ids of one kind never stand where those of another are meant, nor do plain strings', () => {
  holds<Equal<PoolId extends ChargerId ? 1 : 0, 0>>()
  holds<Equal<ChargerId extends PoolId ? 1 : 0, 0>>()
  holds<Equal<string extends PoolId ? 1 : 0, 0>>()
  holds<Equal<PoolId extends string ? 1 : 0, 1>>()
  expect(true).toBe(true)
})

test('there is a codec, a permission and a type for each command, and for no other', () => {
  holds<Equal<Command['type'], CommandName>>()
  holds<Equal<keyof typeof commands, keyof typeof permissions>>()
  holds<Equal<PoolCommand['type'], PoolCommandName>>()
  holds<Equal<Exclude<PoolCommandName, PoolStreamCommand['type']>, 'AddChargers' | 'RemoveChargers'>>()
  expect(true).toBe(true)
})

test('an end of a window may be left as it is, opened with null, or set: never undefined by mistake', () => {
  type Change = CommandData<'ChangeMembership'>
  holds<Equal<Change['until'], Instant | null | undefined>>()
  // @ts-expect-error an end that is not to change is absent
  const change: Pick<Change, 'until'> = { until: undefined }
  expect(Object.keys(change)).toEqual(['until'])
})

test('events and refusals are closed unions that narrow by their type', () => {
  holds<Equal<PoolEvent['type'], keyof typeof poolEvents>>()
  holds<Equal<Refusal['type'], keyof typeof refusalCodecs>>()
  holds<Equal<RefusalType, Refusal['type']>>()
  holds<Equal<RefusalOf<'AlreadyAMember'>['identity'], IdentityId>>()
  holds<Equal<Extract<PoolEvent, { type: 'ChargerAdded' }>['data']['charger'], ChargerId>>()
  expect(true).toBe(true)
})
