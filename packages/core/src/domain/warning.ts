/** What a command that succeeded wants its giver to know: a closed union. */
import type { IdentityId, PartnerId, RequestId } from './language/ids'

export type Warning =
  /** Nobody may charge: the pool is Private and has no member. */
  | { readonly type: 'PrivateWithoutMembers' }
  /** Nobody may charge: the pool is Restricted, has no member, no PIN and takes no requests. */
  | { readonly type: 'RestrictedWithoutWayIn' }
  /** Drivers cannot find the chargers that they could request access to. */
  | { readonly type: 'HiddenWithRequests' }
  /** The partner's users charge here without being members. */
  | { readonly type: 'PartnerControlPastMembership'; readonly partner: PartnerId }
  /** The request was approved, but the identity is blocked and cannot charge until it is unblocked. */
  | { readonly type: 'ApprovedWhileBlocked'; readonly request: RequestId; readonly identity: IdentityId }
  /** The upstream system has said something newer before; nothing was written. */
  | { readonly type: 'SourceVersionOld'; readonly last: number }

/** A warning as a sentence. */
export const describeWarning = (w: Warning): string => {
  switch (w.type) {
    case 'PrivateWithoutMembers':
      return 'The pool is Private and has no members: nobody may charge.'
    case 'RestrictedWithoutWayIn':
      return 'The pool is Restricted and has no members, takes no requests and has no PINs: nobody may charge.'
    case 'HiddenWithRequests':
      return 'The pool takes requests, but is hidden from the app where drivers make them.'
    case 'PartnerControlPastMembership':
      return `Users of partner ${w.partner} may charge here without being members.`
    case 'ApprovedWhileBlocked':
      return `${w.identity} is blocked and cannot charge until it is unblocked.`
    case 'SourceVersionOld':
      return `A newer message (version ${w.last}) was seen before: nothing was changed.`
  }
}
