/** The fold of a pool's stream: one case an event. What an event may not follow breaks an invariant. */
import { capabilities } from '../capabilities'
import { remember } from '../event/command-memory'
import type { Decoded } from '../event/decoding'
import { type Aggregate, BrokenInvariant } from '../event/fold'
import { STANDARD_RATE } from '../language/ids'
import type { RequestStatus } from '../refusals'
import { isValidWindow, windowOf } from '../language/window'
import { archivedSettings, endAll, endAtLevel, settingsAtLevel } from './consequences'
import {
  type ChargersEvent,
  decodePoolEvent,
  isOfChargers,
  isOfMembers,
  isOfRequests,
  type MembersEvent,
  type PoolEvent,
  type RequestSettings,
  type RequestsEvent,
  type SettingsEvent,
} from './events'
import { type PoolSettings, type PoolState, STANDARD_REQUESTS } from './state'

/** The settings that a pool is created with. */
const createdSettings = (data: Extract<SettingsEvent, { type: 'PoolCreated' }>['data']): PoolSettings => ({
  organization: data.organization,
  name: data.name,
  level: data.level,
  hidden: false,
  freeVend: false,
  memberRate: STANDARD_RATE,
  requests: STANDARD_REQUESTS,
  partners: new Map(),
  archived: false,
})

/** The fields we know: what a newer writer added is not ours to remember, nor to say again. */
const requestSettings = ({
  enabled,
  notify,
  expiresAfterDays,
  waitAfterDenialHours,
}: RequestSettings): RequestSettings => ({ enabled, notify, expiresAfterDays, waitAfterDenialHours })

/** The settings after an event, or what it would break. */
export const evolveSettings = (
  settings: PoolSettings,
  event: SettingsEvent,
): PoolSettings | BrokenInvariant => {
  switch (event.type) {
    case 'PoolCreated':
      return new BrokenInvariant('a pool is created once')
    case 'PoolRenamed':
      return { ...settings, name: event.data.name }
    case 'AccessLevelChanged':
      return settingsAtLevel(settings, event.data.level)
    case 'PoolHidden':
      return { ...settings, hidden: true }
    case 'PoolShown':
      return { ...settings, hidden: false }
    case 'FreeVendEnabled':
      return capabilities[settings.level].freeVend
        ? { ...settings, freeVend: true }
        : new BrokenInvariant(`a ${settings.level} pool has no free vend`)
    case 'FreeVendDisabled':
      return { ...settings, freeVend: false }
    case 'MemberRateChanged':
      return { ...settings, memberRate: event.data.memberRate }
    case 'RequestsConfigured':
      return event.data.enabled && !capabilities[settings.level].requests
        ? new BrokenInvariant(`a ${settings.level} pool takes no requests`)
        : { ...settings, requests: requestSettings(event.data) }
    case 'PartnerAccessChanged': {
      const { partner, visible, control } = event.data
      if (control && !visible)
        return new BrokenInvariant(`partner ${partner} cannot control what it cannot see`)
      const partners = new Map(settings.partners)
      if (visible) partners.set(partner, { visible, control })
      else partners.delete(partner)
      return { ...settings, partners }
    }
    case 'PoolArchived':
      return archivedSettings(settings)
  }
}

const evolveChargers = (state: PoolState, event: ChargersEvent): string | undefined => {
  const { charger, claim } = event.data
  const closed = state.closedClaims.get(charger) ?? 0
  const current = state.chargers.get(charger)
  if (event.type === 'ChargerAdded') {
    if (claim <= closed) return `claim ${claim} of charger ${charger} was closed here`
    if (current !== undefined) return `charger ${charger} is in the pool already, by claim ${current}`
    state.chargers.set(charger, claim)
    return undefined
  }
  if (event.type === 'ChargerRemoved') {
    if (current !== claim) return `charger ${charger} is not in the pool by claim ${claim}`
    state.chargers.delete(charger)
  }
  state.closedClaims.set(charger, Math.max(closed, claim))
  return undefined
}

const evolveMembers = (state: PoolState, event: MembersEvent): string | undefined => {
  const { identity, generation } = event.data
  const member = state.members.get(identity)
  switch (event.type) {
    case 'IdentityAdded': {
      if (!isValidWindow(event.data)) return `the window of ${identity} is empty`
      if (member !== undefined && generation < member.generation)
        return `${identity} is a member of a later generation`
      const { request } = event.data
      state.members.set(identity, {
        generation,
        ...windowOf(event.data),
        ...(request === undefined ? {} : { request }),
      })
      return undefined
    }
    case 'IdentityRemoved':
      if (member !== undefined && member.generation <= generation) state.members.delete(identity)
      return undefined
    case 'MembershipChanged': {
      if (member?.generation !== generation) return `${identity} is no member of generation ${generation}`
      if (!isValidWindow(event.data)) return `the window of ${identity} is empty`
      const { request } = member
      state.members.set(identity, {
        generation,
        ...windowOf(event.data),
        ...(request === undefined ? {} : { request }),
      })
      return undefined
    }
  }
}

const ENDS: Readonly<
  Record<Exclude<RequestsEvent['type'], 'AccessRequested' | 'RequestChargerNoted'>, RequestStatus>
> = {
  RequestWithdrawn: 'Withdrawn',
  RequestClosed: 'Closed',
  RequestApproved: 'Approved',
  RequestDenied: 'Denied',
}

const evolveRequests = (
  state: PoolState,
  event: RequestsEvent,
  { metadata }: Decoded<PoolEvent>,
): string | undefined => {
  const { request } = event.data
  const known = state.requests.get(request)
  if (event.type === 'AccessRequested') {
    const { identity, generation, charger, expiresAt } = event.data
    if (known !== undefined) return `there is a request ${request} already`
    if (state.pendingOf.has(identity)) return `${identity} has a pending request already`
    if (!capabilities[state.settings.level].requests)
      return `a ${state.settings.level} pool takes no requests`
    const requestedAt = metadata.occurredAt
    state.requests.set(request, {
      request,
      identity,
      generation,
      chargers: [charger],
      requestedAt,
      expiresAt,
      status: 'Pending',
    })
    state.pendingOf.set(identity, request)
    return undefined
  }
  if (known?.status !== 'Pending') return `request ${request} is not pending`
  if (event.type === 'RequestChargerNoted') {
    state.requests.set(request, { ...known, chargers: [...known.chargers, event.data.charger] })
    return undefined
  }
  state.requests.set(request, { ...known, status: ENDS[event.type] })
  state.pendingOf.delete(known.identity)
  if (event.type === 'RequestDenied')
    state.denials.set(known.identity, { generation: known.generation, retryAfter: event.data.retryAfter })
  return undefined
}

const evolveSettingsIn = (state: PoolState, event: SettingsEvent): string | undefined => {
  const after = evolveSettings(state.settings, event)
  if (after instanceof BrokenInvariant) return after.reason
  state.settings = after
  if (event.type === 'AccessLevelChanged') endAtLevel(state, event.data.level)
  if (event.type === 'PoolArchived') endAll(state)
  return undefined
}

const apply = (state: PoolState, decoded: Decoded<PoolEvent>): string | undefined => {
  const { event } = decoded
  if (state.settings.archived) return 'nothing comes after PoolArchived'
  if (isOfRequests(event)) return evolveRequests(state, event, decoded)
  if (isOfChargers(event)) return evolveChargers(state, event)
  return isOfMembers(event) ? evolveMembers(state, event) : evolveSettingsIn(state, event)
}

const created = ({ event }: Decoded<PoolEvent>): PoolState | BrokenInvariant =>
  event.type !== 'PoolCreated'
    ? new BrokenInvariant(`${event.type} before PoolCreated`)
    : {
        settings: createdSettings(event.data),
        chargers: new Map(),
        closedClaims: new Map(),
        members: new Map(),
        requests: new Map(),
        pendingOf: new Map(),
        denials: new Map(),
        changedAt: 0,
        commands: new Map(),
      }

const evolve = (known: PoolState | undefined, decoded: Decoded<PoolEvent>): PoolState | BrokenInvariant => {
  const state = known ?? created(decoded)
  if (state instanceof BrokenInvariant) return state
  const broken = known === undefined ? undefined : apply(state, decoded)
  if (broken !== undefined) return new BrokenInvariant(broken)
  const { event, metadata, recorded } = decoded
  if (!isOfRequests(event) && event.type !== 'ChargerClaimDeclined') state.changedAt = recorded.revision
  remember(state.commands, metadata, recorded)
  return state
}

export const poolAggregate: Aggregate<PoolState, PoolEvent> = { decode: decodePoolEvent, evolve }
