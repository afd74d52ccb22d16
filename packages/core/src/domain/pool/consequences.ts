/**
 * What a change of level or an archiving ends: part of the meaning of one event, folded everywhere in the same way,
 * however large the pool. Coming back revives nothing.
 */
import { type AccessLevel, capabilities } from '../capabilities'
import type { PoolSettings, PoolState } from './state'

/** The settings after a change of level: what the new level cannot have is switched off, addresses stay. */
export const settingsAtLevel = (settings: PoolSettings, level: AccessLevel): PoolSettings => ({
  ...settings,
  level,
  freeVend: settings.freeVend && capabilities[level].freeVend,
  requests: capabilities[level].requests ? settings.requests : { ...settings.requests, enabled: false },
})

/** The settings after archiving. */
export const archivedSettings = (settings: PoolSettings): PoolSettings => ({
  ...settings,
  archived: true,
  freeVend: false,
  requests: { ...settings.requests, enabled: false },
  partners: new Map(),
})

/** Closes every pending request. */
const closeRequests = (state: PoolState): void => {
  for (const request of state.pendingOf.values()) {
    const pending = state.requests.get(request)
    if (pending !== undefined) state.requests.set(request, { ...pending, status: 'Closed' })
  }
  state.pendingOf.clear()
}

/** What a change of level ends beside settings; approved members stay. */
export const endAtLevel = (state: PoolState, level: AccessLevel): void => {
  if (!capabilities[level].requests) closeRequests(state)
}

/** What archiving ends beside settings: everything. */
export const endAll = (state: PoolState): void => {
  closeRequests(state)
  state.chargers.clear()
  state.members.clear()
}
