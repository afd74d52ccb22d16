/** The charger: whom it is allocated to, and whose it is (its claim). The authority on which pool it is in. */
import { type Either, left, right } from 'fp-ts/Either'
import type { Claim } from './claim'
import { type CommandMemory, remember } from './event/command-memory'
import { type Decoded, decoderOf, type EventOf, since1 } from './event/decoding'
import { type Aggregate, BrokenInvariant } from './event/fold'
import { type ChargerId, HostId, Label, OrganizationId, PoolId } from './language/ids'
import { judgeSource, SourceVersion, type UpstreamDecision } from './source-version'
import { struct, wholeNumber } from './language/struct'

const sourced = { sourceVersion: SourceVersion }
const labels = { label: Label, hostLabel: Label }
export const ClaimNumber = wholeNumber('Claim', 1)

export const chargerEvents = {
  ChargerAllocated: since1(
    struct('ChargerAllocated', { host: HostId, organization: OrganizationId }, { ...labels, ...sourced }),
  ),
  ChargerRelabelled: since1(struct('ChargerRelabelled', {}, { ...labels, ...sourced })),
  ChargerDeallocated: since1(struct('ChargerDeallocated', {}, sourced)),
  ChargerClaimed: since1(struct('ChargerClaimed', { pool: PoolId, claim: ClaimNumber })),
  ChargerReleased: since1(struct('ChargerReleased', { pool: PoolId, claim: ClaimNumber })),
  SourceVersionSeen: since1(struct('SourceVersionSeen', { sourceVersion: SourceVersion })),
} as const
export type ChargerEvent = EventOf<typeof chargerEvents>

/** To whom a charger is allocated, with what people read. */
export interface Allocation {
  readonly host: HostId
  readonly organization: OrganizationId
  readonly label?: Label
  readonly hostLabel?: Label
}

export interface ChargerState {
  allocation: Allocation | undefined
  claim: Claim | undefined
  /** The highest claim there ever was. */
  lastClaim: number
  sourceVersion: number | undefined
  readonly commands: CommandMemory
}

const relabelled = (allocation: Allocation, given: Pick<Allocation, 'label' | 'hostLabel'>): Allocation => ({
  ...allocation,
  ...(given.label === undefined ? {} : { label: given.label }),
  ...(given.hostLabel === undefined ? {} : { hostLabel: given.hostLabel }),
})

const apply = (state: ChargerState, event: ChargerEvent): string | undefined => {
  switch (event.type) {
    case 'ChargerAllocated': {
      if (state.allocation !== undefined) return 'an allocated charger cannot be allocated again'
      const { host, organization } = event.data
      state.allocation = relabelled({ host, organization }, event.data)
      return undefined
    }
    case 'ChargerRelabelled':
      if (state.allocation === undefined) return 'a charger that is not allocated has no labels'
      state.allocation = relabelled(state.allocation, event.data)
      return undefined
    case 'ChargerDeallocated':
      if (state.allocation === undefined) return 'a charger that is not allocated cannot be deallocated'
      state.allocation = undefined
      state.claim = undefined
      return undefined
    case 'ChargerClaimed':
      if (state.allocation === undefined) return 'a charger that is not allocated cannot be claimed'
      if (state.claim !== undefined) return 'a claimed charger cannot be claimed again'
      if (event.data.claim !== state.lastClaim + 1)
        return `claim ${event.data.claim} does not follow ${state.lastClaim}`
      // What a newer writer added is not ours to remember, nor to say again.
      state.claim = { pool: event.data.pool, claim: event.data.claim }
      state.lastClaim = event.data.claim
      return undefined
    case 'ChargerReleased':
      if (state.claim?.claim !== event.data.claim) return `claim ${event.data.claim} is not the current one`
      state.claim = undefined
      return undefined
    case 'SourceVersionSeen':
      return undefined
  }
}

const sourceVersionIn = (event: ChargerEvent): number | undefined =>
  'sourceVersion' in event.data ? event.data.sourceVersion : undefined

const evolve = (
  known: ChargerState | undefined,
  decoded: Decoded<ChargerEvent>,
): ChargerState | BrokenInvariant => {
  const state = known ?? {
    allocation: undefined,
    claim: undefined,
    lastClaim: 0,
    sourceVersion: undefined,
    commands: new Map(),
  }
  const broken = apply(state, decoded.event)
  if (broken !== undefined) return new BrokenInvariant(broken)
  const seen = sourceVersionIn(decoded.event)
  if (seen !== undefined) state.sourceVersion = Math.max(seen, state.sourceVersion ?? seen)
  remember(state.commands, decoded.metadata, decoded.recorded)
  return state
}

export const chargerAggregate: Aggregate<ChargerState, ChargerEvent> = {
  decode: decoderOf(chargerEvents),
  evolve,
}

/** What an upstream system says of a charger. */
export type ChargerCommand =
  | {
      readonly type: 'AllocateCharger'
      readonly data: Allocation & { readonly charger: ChargerId; readonly sourceVersion?: number }
    }
  | {
      readonly type: 'DeallocateCharger'
      readonly data: { readonly charger: ChargerId; readonly sourceVersion?: number }
    }

/**
 * Decides a charger's own commands. Another host or organization is a deallocation and an allocation in one append,
 * so that it ends the claim; the same again changes labels only, and those only that are given.
 */
export const decideCharger = (
  state: ChargerState | undefined,
  command: ChargerCommand,
): UpstreamDecision<ChargerEvent> => {
  const allocation = state?.allocation
  const { sourceVersion } = command.data
  const source = sourceVersion === undefined ? {} : { sourceVersion }
  const deallocated: ChargerEvent = { type: 'ChargerDeallocated', data: source }
  return judgeSource<ChargerEvent>(state?.sourceVersion, sourceVersion, () => {
    if (command.type === 'DeallocateCharger') return allocation === undefined ? [] : [deallocated]
    const { host, organization, label, hostLabel } = command.data
    const given = {
      ...(label === undefined ? {} : { label }),
      ...(hostLabel === undefined ? {} : { hostLabel }),
    }
    if (allocation?.host !== host || allocation.organization !== organization) {
      const allocated: ChargerEvent = {
        type: 'ChargerAllocated',
        data: { host, organization, ...given, ...source },
      }
      return allocation === undefined ? [allocated] : [deallocated, allocated]
    }
    const changes =
      (label !== undefined && label !== allocation.label) ||
      (hostLabel !== undefined && hostLabel !== allocation.hostLabel)
    return changes ? [{ type: 'ChargerRelabelled', data: { ...given, ...source } }] : []
  })
}

/** Claims a free charger for a pool, or ends a dead claim and claims it, in one append. */
export const claimFor = (state: ChargerState, pool: PoolId): readonly ChargerEvent[] => [
  ...(state.claim === undefined ? [] : [{ type: 'ChargerReleased' as const, data: state.claim }]),
  { type: 'ChargerClaimed', data: { pool, claim: state.lastClaim + 1 } },
]

/** Ends a claim, where it is still the current one. */
export const release = (state: ChargerState | undefined, claim: number): readonly ChargerEvent[] =>
  state?.claim?.claim === claim ? [{ type: 'ChargerReleased', data: state.claim }] : []

/** Whether a charger may stand in a pool of an organization. */
export const mayJoin = (
  charger: ChargerId,
  state: ChargerState | undefined,
  organization: OrganizationId,
): Either<
  | { readonly type: 'ChargerNotAllocated'; readonly charger: ChargerId }
  | {
      readonly type: 'ChargerOfOtherOrganization'
      readonly charger: ChargerId
      readonly organization: OrganizationId
    },
  ChargerState
> => {
  if (state?.allocation === undefined) return left({ type: 'ChargerNotAllocated', charger })
  return state.allocation.organization === organization
    ? right(state)
    : left({ type: 'ChargerOfOtherOrganization', charger, organization: state.allocation.organization })
}
