/** What a pool's stream says of claims: it confirms them, closes them, and never takes one back that it closed. */
import { mayConfirm } from '../claim'
import type { ChargerId } from '../language/ids'
import type { ChargerRemovalReason, ChargersEvent, DeclineReason } from './events'
import { claiming, type PoolState } from './state'

/** Confirms a claim, ending an entry by an older one; nothing where it stands confirmed; undefined where the pool refuses it. */
export const confirmClaim = (
  state: PoolState,
  charger: ChargerId,
  claim: number,
): readonly ChargersEvent[] | undefined => {
  const current = state.chargers.get(charger)
  if (current === claim) return []
  if (!mayConfirm(charger, claim, claiming(state))) return undefined
  const added: ChargersEvent = { type: 'ChargerAdded', data: { charger, claim } }
  return current === undefined
    ? [added]
    : [{ type: 'ChargerRemoved', data: { charger, claim: current, reason: 'ClaimLost' } }, added]
}

/** Ends a charger's entry in the pool. */
export const removeEntry = (
  state: PoolState,
  charger: ChargerId,
  reason: ChargerRemovalReason,
): readonly ChargersEvent[] => {
  const claim = state.chargers.get(charger)
  return claim === undefined || state.settings.archived
    ? []
    : [{ type: 'ChargerRemoved', data: { charger, claim, reason } }]
}

/** Closes a claim that the pool has not confirmed, so that it never will. */
export const declineClaim = (
  state: PoolState,
  charger: ChargerId,
  claim: number,
  reason: DeclineReason,
): readonly ChargersEvent[] =>
  state.chargers.get(charger) === claim || !mayConfirm(charger, claim, claiming(state))
    ? []
    : [{ type: 'ChargerClaimDeclined', data: { charger, claim, reason } }]
