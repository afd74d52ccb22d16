/** What an administrator is warned of: a condition that holds after a command and did not hold before it. */
import { capabilities } from '../capabilities'
import type { Warning } from '../warning'
import { offersRequests, type PoolSettings } from './state'

/** What the conditions are judged by. */
export interface Judged {
  readonly settings: PoolSettings
  readonly members: number
}

const conditions = ({ settings, members }: Judged): readonly Warning[] => {
  const { level, hidden, partners, archived } = settings
  if (archived) return []
  const holding: Warning[] = []
  if (level === 'Private' && members === 0) holding.push({ type: 'PrivateWithoutMembers' })
  if (level === 'Restricted' && members === 0 && !offersRequests(settings))
    holding.push({ type: 'RestrictedWithoutWayIn' })
  if (hidden && settings.requests.enabled) holding.push({ type: 'HiddenWithRequests' })
  if (capabilities[level].starters === 'Members')
    for (const [partner, { control }] of partners)
      if (control) holding.push({ type: 'PartnerControlPastMembership', partner })
  return holding
}

const keyOf = (warning: Warning): string =>
  warning.type === 'PartnerControlPastMembership' ? `${warning.type}/${warning.partner}` : warning.type

/** The conditions that a command brought about. */
export const broughtAbout = (before: Judged, after: Judged): readonly Warning[] => {
  const held = new Set(conditions(before).map(keyOf))
  return conditions(after).filter((warning) => !held.has(keyOf(warning)))
}
