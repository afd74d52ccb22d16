/** The identity: registered in numbered generations, blocked, unblocked, deregistered. */
import { type Either, left, right } from 'fp-ts/Either'
import { type CommandMemory, remember } from './event/command-memory'
import { type Decoded, decoderOf, type EventOf, since1 } from './event/decoding'
import { type Aggregate, BrokenInvariant } from './event/fold'
import { type IdentityId, OrganizationId, TokenType } from './language/ids'
import type { Refusal } from './refusals'
import { judgeRefusableSource, SourceVersion, type UpstreamDecision } from './source-version'
import { struct, wholeNumber } from './language/struct'

const sourced = { sourceVersion: SourceVersion }
export const Generation = wholeNumber('Generation', 1)

export const identityEvents = {
  /** A new generation; or, with the present one, another token type of a card that is registered. */
  IdentityRegistered: since1(
    struct(
      'IdentityRegistered',
      { generation: Generation },
      { organization: OrganizationId, tokenType: TokenType, ...sourced },
    ),
  ),
  IdentityBlocked: since1(struct('IdentityBlocked', {}, sourced)),
  IdentityUnblocked: since1(struct('IdentityUnblocked', {}, sourced)),
  IdentityDeregistered: since1(struct('IdentityDeregistered', { generation: Generation }, sourced)),
  SourceVersionSeen: since1(struct('SourceVersionSeen', { sourceVersion: SourceVersion })),
} as const
export type IdentityEvent = EventOf<typeof identityEvents>

export interface IdentityState {
  registered: boolean
  /** Of the last registration; 0 before the first. */
  generation: number
  blocked: boolean
  organization: OrganizationId | undefined
  tokenType: TokenType | undefined
  sourceVersion: number | undefined
  readonly commands: CommandMemory
}

const apply = (state: IdentityState, event: IdentityEvent): string | undefined => {
  switch (event.type) {
    case 'IdentityRegistered': {
      const { generation, organization, tokenType } = event.data
      if (generation !== state.generation + (state.registered ? 0 : 1))
        return `generation ${generation} does not follow ${state.generation}`
      if (!state.registered) state.blocked = false
      state.registered = true
      state.generation = generation
      state.organization = organization
      state.tokenType = tokenType
      return undefined
    }
    case 'IdentityBlocked':
      if (!state.registered) return 'an identity that is not registered cannot be blocked'
      state.blocked = true
      return undefined
    case 'IdentityUnblocked':
      if (!state.registered) return 'an identity that is not registered cannot be unblocked'
      state.blocked = false
      return undefined
    case 'IdentityDeregistered':
      if (!state.registered || event.data.generation !== state.generation)
        return `generation ${event.data.generation} is not registered`
      state.registered = false
      state.blocked = false
      return undefined
    case 'SourceVersionSeen':
      return undefined
  }
}

const evolve = (
  known: IdentityState | undefined,
  decoded: Decoded<IdentityEvent>,
): IdentityState | BrokenInvariant => {
  const state = known ?? {
    registered: false,
    generation: 0,
    blocked: false,
    organization: undefined,
    tokenType: undefined,
    sourceVersion: undefined,
    commands: new Map(),
  }
  const broken = apply(state, decoded.event)
  if (broken !== undefined) return new BrokenInvariant(broken)
  const { sourceVersion } = decoded.event.data
  if (sourceVersion !== undefined)
    state.sourceVersion = Math.max(sourceVersion, state.sourceVersion ?? sourceVersion)
  remember(state.commands, decoded.metadata, decoded.recorded)
  return state
}

export const identityAggregate: Aggregate<IdentityState, IdentityEvent> = {
  decode: decoderOf(identityEvents),
  evolve,
}

interface OfIdentity {
  readonly identity: IdentityId
  readonly sourceVersion?: SourceVersion
}
interface Registration extends OfIdentity {
  /** Of cards only. */
  readonly organization?: OrganizationId
  readonly tokenType?: TokenType
}
export type IdentityCommand =
  | { readonly type: 'RegisterIdentity'; readonly data: Registration }
  | { readonly type: 'BlockIdentity' | 'UnblockIdentity' | 'DeregisterIdentity'; readonly data: OfIdentity }

const registered = (
  state: IdentityState | undefined,
  { identity, organization, tokenType, sourceVersion }: Registration,
): Either<Refusal, readonly IdentityEvent[]> => {
  const source = sourceVersion === undefined ? {} : { sourceVersion }
  const fields = (generation: number, type: TokenType | undefined): IdentityEvent => ({
    type: 'IdentityRegistered',
    data: {
      generation,
      ...(organization === undefined ? {} : { organization }),
      ...(type === undefined ? {} : { tokenType: type }),
      ...source,
    },
  })
  if (state?.registered !== true) return right([fields((state?.generation ?? 0) + 1, tokenType)])
  if (state.organization !== undefined && state.organization !== organization)
    return left({ type: 'IdentityOfOtherOrganization', identity, organization: state.organization })
  return right(
    tokenType === undefined || tokenType === state.tokenType ? [] : [fields(state.generation, tokenType)],
  )
}

/** Decides an identity's commands; who may give them is judged before. */
export const decideIdentity = (
  state: IdentityState | undefined,
  command: IdentityCommand,
): Either<Refusal, UpstreamDecision<IdentityEvent>> =>
  judgeRefusableSource<IdentityEvent>(state?.sourceVersion, command.data.sourceVersion, () => {
    const { identity, sourceVersion } = command.data
    const source = sourceVersion === undefined ? {} : { sourceVersion }
    if (command.type === 'RegisterIdentity') return registered(state, command.data)
    if (command.type === 'DeregisterIdentity')
      return right(
        state?.registered === true
          ? [{ type: 'IdentityDeregistered', data: { generation: state.generation, ...source } }]
          : [],
      )
    if (state?.registered !== true) return left({ type: 'IdentityNotRegistered', identity })
    const block = command.type === 'BlockIdentity'
    if (state.blocked === block) return right([])
    return right([{ type: block ? 'IdentityBlocked' : 'IdentityUnblocked', data: source }])
  })
