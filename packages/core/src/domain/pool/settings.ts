/** Decisions on a pool's settings: each part on the fold that the parts before it leave, all or nothing. */
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import { type AccessLevel, capabilities } from '../capabilities'
import { BrokenInvariant } from '../event/fold'
import { PartnerId, type PoolId } from '../language/ids'
import type { Refusal } from '../refusals'
import { entriesOf } from '../language/struct'
import type { PartnerChange, PoolCommandData, RequestChanges } from './commands'
import type { RequestSettings, SettingsEvent } from './events'
import { evolveSettings } from './evolve'
import type { PoolSettings } from './state'

type Part = (
  settings: PoolSettings,
  pool: PoolId,
  partners: ReadonlySet<PartnerId>,
) => Either<Refusal, readonly SettingsEvent[]>

const one = (changes: boolean, event: SettingsEvent): Either<never, readonly SettingsEvent[]> =>
  right(changes ? [event] : [])

const rename =
  (name: PoolSettings['name']): Part =>
  (s) =>
    one(name !== s.name, { type: 'PoolRenamed', data: { name } })

const changeLevel =
  (level: AccessLevel): Part =>
  (s) =>
    one(level !== s.level, { type: 'AccessLevelChanged', data: { from: s.level, level } })

const setHidden =
  (hidden: boolean): Part =>
  (s) =>
    one(hidden !== s.hidden, hidden ? { type: 'PoolHidden', data: {} } : { type: 'PoolShown', data: {} })

const setFreeVend =
  (freeVend: boolean): Part =>
  (s, pool) =>
    freeVend && !capabilities[s.level].freeVend
      ? left({ type: 'LevelForbids', pool, capability: 'freeVend' })
      : one(
          freeVend !== s.freeVend,
          freeVend ? { type: 'FreeVendEnabled', data: {} } : { type: 'FreeVendDisabled', data: {} },
        )

const setMemberRate =
  (memberRate: PoolSettings['memberRate']): Part =>
  (s, pool) =>
    capabilities[s.level].memberRate
      ? one(memberRate !== s.memberRate, { type: 'MemberRateChanged', data: { memberRate } })
      : left({ type: 'LevelForbids', pool, capability: 'memberRate' })

const sameRequests = (a: RequestSettings, b: RequestSettings): boolean =>
  a.enabled === b.enabled &&
  a.expiresAfterDays === b.expiresAfterDays &&
  a.waitAfterDenialHours === b.waitAfterDenialHours &&
  a.notify.length === b.notify.length &&
  a.notify.every((address, i) => address === b.notify[i])

const configureRequests =
  (changes: RequestChanges): Part =>
  (s, pool) => {
    if (changes.enabled && !capabilities[s.level].requests)
      return left({ type: 'LevelForbids', pool, capability: 'requests' })
    const data: RequestSettings = {
      ...s.requests,
      ...changes,
      notify: [...new Set(changes.notify ?? s.requests.notify)],
    }
    return one(!sameRequests(data, s.requests), { type: 'RequestsConfigured', data })
  }

const NO_ACCESS: PartnerChange = { visible: false, control: false }

const setPartner =
  (partner: PartnerId, { visible, control }: PartnerChange): Part =>
  (s, pool, known) => {
    if (!known.has(partner)) return left({ type: 'UnknownPartner', partner })
    if (control && !visible) return left({ type: 'ControlNeedsVisible', pool, partner })
    const now = s.partners.get(partner) ?? NO_ACCESS
    const changes = now.visible !== visible || now.control !== control
    return one(changes, { type: 'PartnerAccessChanged', data: { partner, visible, control } })
  }

/** The commands that change settings: `EditPool`, and its single parts. */
export type SettingsCommand =
  | { readonly type: 'EditPool'; readonly data: PoolCommandData<'EditPool'> }
  | { readonly type: 'RenamePool'; readonly data: PoolCommandData<'RenamePool'> }
  | { readonly type: 'ChangeAccessLevel'; readonly data: PoolCommandData<'ChangeAccessLevel'> }
  | { readonly type: 'SetHidden'; readonly data: PoolCommandData<'SetHidden'> }
  | { readonly type: 'SetFreeVend'; readonly data: PoolCommandData<'SetFreeVend'> }
  | { readonly type: 'SetMemberRate'; readonly data: PoolCommandData<'SetMemberRate'> }
  | { readonly type: 'ConfigureRequests'; readonly data: PoolCommandData<'ConfigureRequests'> }
  | { readonly type: 'SetPartnerAccess'; readonly data: PoolCommandData<'SetPartnerAccess'> }

const edit = (d: PoolCommandData<'EditPool'>): readonly Part[] => [
  ...(d.name === undefined ? [] : [rename(d.name)]),
  ...(d.level === undefined ? [] : [changeLevel(d.level)]),
  ...(d.hidden === undefined ? [] : [setHidden(d.hidden)]),
  ...(d.freeVend === undefined ? [] : [setFreeVend(d.freeVend)]),
  ...(d.memberRate === undefined ? [] : [setMemberRate(d.memberRate)]),
  ...(d.requests === undefined ? [] : [configureRequests(d.requests)]),
  ...entriesOf(PartnerId, d.partners ?? {}).map(([partner, access]) => setPartner(partner, access)),
]

const partsOf = ({ type, data }: SettingsCommand): readonly Part[] => {
  switch (type) {
    case 'EditPool':
      return edit(data)
    case 'RenamePool':
      return [rename(data.name)]
    case 'ChangeAccessLevel':
      return [changeLevel(data.level)]
    case 'SetHidden':
      return [setHidden(data.hidden)]
    case 'SetFreeVend':
      return [setFreeVend(data.freeVend)]
    case 'SetMemberRate':
      return [setMemberRate(data.memberRate)]
    case 'ConfigureRequests': {
      const { pool: _pool, note: _note, ...changes } = data
      return [configureRequests(changes)]
    }
    case 'SetPartnerAccess':
      return [setPartner(data.partner, data)]
  }
}

/** Decides a change of settings: the events, and the settings after them. */
export const decideSettings = (
  settings: PoolSettings,
  command: SettingsCommand,
  partners: ReadonlySet<PartnerId>,
): Either<Refusal, { readonly events: readonly SettingsEvent[]; readonly after: PoolSettings }> => {
  const events: SettingsEvent[] = []
  let after = settings
  for (const part of partsOf(command)) {
    const decided = part(after, command.data.pool, partners)
    if (isLeft(decided)) return decided
    for (const event of decided.right) {
      const next = evolveSettings(after, event)
      if (next instanceof BrokenInvariant) throw new Error(`a decision broke an invariant: ${next.reason}`)
      after = next
      events.push(event)
    }
  }
  return right({ events, after })
}
