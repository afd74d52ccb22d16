/**
 * Registrations of an identity are numbered. What was given to one generation counts only while it is the
 * identity's current one, so a card handed on brings nothing with it, whatever append comes late.
 */

/** What is judged of an identity: its current generation while it is registered. */
export interface Registration {
  readonly registered: boolean
  readonly generation: number
}

/** Whether what holds for a generation holds for the identity as it is registered now. */
export const isCurrent = (generation: number, identity: Registration | undefined): boolean =>
  identity !== undefined && identity.registered && identity.generation === generation
