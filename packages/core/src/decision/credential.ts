/** What a driver, a keypad or a partner brings to a charger. A PIN's digits are never part of it. */
import type { IdentityId, IdentityKind, PartnerId } from '../domain/language/ids'

export type Credential =
  | { readonly type: 'Identity'; readonly identity: IdentityId }
  /** Digits were typed; by whom, where it is known. They are judged at the service only. */
  | { readonly type: 'Pin'; readonly requester?: IdentityId }
  /** A user of this partner network, which vouches for it. */
  | { readonly type: 'Partner'; readonly partner: PartnerId }
  /** Somebody who plugs in and shows nothing. */
  | { readonly type: 'None' }

export const NO_CREDENTIAL: Credential = { type: 'None' }

/** An identity as a credential. */
export const byIdentity = (identity: IdentityId): Credential => ({ type: 'Identity', identity })

/** What a pool's offer depends on: requests are for mobile users, PINs for whoever can type one. */
export type CredentialKind = IdentityKind | 'Other' | 'Partner'
