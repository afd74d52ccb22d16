/**
 * What must hold in every state, whoever did what in which order and died where. The rules are said here once more,
 * in other words than the code's, so that a rule that is missing there is missed.
 */
import { isCurrent } from '../../src/domain/generation'
import type { ProcessView } from '../../src/testing/scheduler'
import type { History, Moment } from './history'
import { CHARGER, type Word } from './programs'
import { SHARED_ID } from './scenarios'

interface Claim {
  readonly pool: string
  readonly claim: number
}

/** The charger's claim and the pools' entries, kept by hand from what events say. */
interface Ledger {
  claim: Claim | undefined
  readonly entries: Map<string, number>
  readonly closed: Map<string, number>
  readonly archived: Set<string>
}

const record = (ledger: Ledger, { event }: Moment): void => {
  const pool = event.stream.slice('accessPool-'.length)
  switch (event.type) {
    case 'ChargerClaimed':
      ledger.claim = event.data
      return
    case 'ChargerReleased':
    case 'ChargerDeallocated':
      ledger.claim = undefined
      return
    case 'ChargerAdded':
      ledger.entries.set(pool, event.data.claim)
      return
    case 'ChargerRemoved':
    case 'ChargerClaimDeclined':
      if (event.type === 'ChargerRemoved') ledger.entries.delete(pool)
      ledger.closed.set(pool, Math.max(ledger.closed.get(pool) ?? 0, event.data.claim))
      return
    case 'PoolArchived':
      ledger.entries.delete(pool)
      ledger.archived.add(pool)
      return
    default:
      return
  }
}

const effectiveIn = ({ claim, entries }: Ledger): Claim | undefined =>
  claim !== undefined && entries.get(claim.pool) === claim.claim ? claim : undefined

const canBeConfirmed = ({ entries, closed, archived }: Ledger, { pool, claim }: Claim): boolean =>
  !archived.has(pool) && claim > (closed.get(pool) ?? 0) && claim >= (entries.get(pool) ?? 0)

const text = (claim: Claim | undefined): string =>
  claim === undefined ? 'none' : `${claim.pool} by claim ${claim.claim}`

/** How an event may not follow on what was before. */
const endsWrongly = (before: Ledger, { event }: Moment, last: Moment | undefined): string | undefined => {
  const effective = effectiveIn(before)
  if (event.type === 'ChargerReleased') {
    if (effective !== undefined) return `the charger left ${text(effective)} without its pool's word`
    if (before.claim !== undefined && canBeConfirmed(before, before.claim))
      return `${text(before.claim)} was ended while its pool could still confirm it`
  }
  const pool = event.stream.slice('accessPool-'.length)
  if (
    event.type === 'IdentityRemoved' &&
    event.actor === 'System' &&
    last !== undefined &&
    counts(pool)(last)
  )
    return `the membership of ${pool} was tidied away though it counts`
  return event.type === 'ChargerRemoved' && event.data.reason !== 'Removed' && effective !== undefined
    ? event.stream === `accessPool-${effective.pool}` && event.data.claim === effective.claim
      ? `${text(effective)} was tidied away though it is current`
      : undefined
    : undefined
}

const wrongAt = (ledger: Ledger, moment: Moment): readonly string[] => {
  const expected = effectiveIn(ledger)
  const { effective, pools, members, user } = moment
  const wrong: string[] = []
  if (effective?.pool !== expected?.pool || effective?.claim !== expected?.claim)
    wrong.push(`the charger is in ${text(effective)}, by its events in ${text(expected)}`)
  if (effective !== undefined && pools.get(effective.pool)?.archived === true)
    wrong.push(`the charger is in ${effective.pool}, which is archived`)
  for (const [pool, generation] of members)
    if (isCurrent(generation, user) && (!user.registered || generation !== user.generation))
      wrong.push(
        `a membership of ${pool} that was given to generation ${generation} counts for ${user.generation}`,
      )
  return wrong
}

const misgiven = (moments: readonly Moment[]): readonly string[] => {
  const asked = new Map<string, number>()
  const wrong: string[] = []
  for (const { event } of moments) {
    if (event.type === 'AccessRequested') asked.set(event.data.request, event.data.generation)
    if (event.type !== 'IdentityAdded' || event.data.request === undefined) continue
    if (asked.get(event.data.request) !== event.data.generation)
      wrong.push(`generation ${event.data.generation} was given what another one had asked for`)
  }
  return wrong
}

const claimedTwice = (moments: readonly Moment[]): readonly string[] => {
  const commands = moments.flatMap(({ event }) => (event.type === 'ChargerClaimed' ? [event.by] : []))
  const twice = commands.filter((command, at) => commands.indexOf(command) !== at)
  return twice.map((command) => `command ${command} claimed the charger twice`)
}

/** What is wrong with all that happened so far. */
export const wrongIn = ({ moments, broken }: History): readonly string[] => {
  const ledger: Ledger = { claim: undefined, entries: new Map(), closed: new Map(), archived: new Set() }
  const wrong = [...broken]
  let last: Moment | undefined
  for (const moment of moments) {
    const ended = endsWrongly(ledger, moment, last)
    last = moment
    if (ended !== undefined) wrong.push(ended)
    record(ledger, moment)
    wrong.push(...wrongAt(ledger, moment))
  }
  return [...wrong, ...misgiven(moments), ...claimedTwice(moments)]
}

type Ends = Extract<Word, { readonly type: 'Ends' }>

/** The while that a command took: how things stood when it began, and after each event until it was answered. */
interface While {
  readonly moments: readonly Moment[]
  /** From there on to now. */
  readonly since: readonly Moment[]
}

const isIn =
  (pool: string) =>
  (moment: Moment): boolean =>
    moment.effective?.pool === pool
const isDeallocated = ({ charger }: Moment): boolean => !charger.allocated
const isArchived =
  (pool: string) =>
  (moment: Moment): boolean =>
    moment.pools.get(pool)?.archived === true
const counts =
  (pool: string) =>
  ({ members, user }: Moment): boolean =>
    user.registered && members.get(pool) === user.generation

/** A claim of a pool that it has confirmed or still may. */
const isClaimedBy =
  (pool: string) =>
  ({ charger: { claim }, pools }: Moment): boolean => {
    const holder = pools.get(pool)
    if (claim?.pool !== pool || holder === undefined || holder.archived) return false
    const entry = holder.chargers.get(CHARGER) ?? 0
    return (
      entry === claim.claim || (claim.claim > (holder.closedClaims.get(CHARGER) ?? 0) && claim.claim >= entry)
    )
  }

const refusedRightly = ({ does: { pool }, answer: { refusal } }: Ends, { moments }: While): boolean => {
  switch (refusal?.type) {
    case 'ChargerInAnotherPool':
      return moments.some(isClaimedBy(refusal.pool))
    case 'ChargerNotAllocated':
      return moments.some(isDeallocated)
    case 'PoolArchived':
      return moments.some(isArchived(pool))
    case 'IdentityNotRegistered':
      return moments.some(({ user }) => !user.registered)
    case 'RequestStale':
      return moments.some(({ user }) => !user.registered || user.generation !== 1)
    default:
      return false
  }
}

const generationGiven = ({ id }: Ends, { since }: While): number | undefined => {
  for (const { event } of since)
    if (event.type === 'IdentityAdded' && event.by === `${id}/1`) return event.data.generation
  return undefined
}

/** The claims that a command ended in a pool do not count after it. */
const staysRemoved = ({ id, does: { pool } }: Ends, { since }: While): boolean => {
  let ended = 0
  for (const { event, effective } of since) {
    if ((event.type === 'ChargerRemoved' || event.type === 'ChargerClaimDeclined') && event.by === `${id}/1`)
      ended = Math.max(ended, event.data.claim)
    if (effective?.pool === pool && effective.claim <= ended) return false
  }
  return ended > 0
}

/** Whether a command itself wrote an event of this type: no one else has its id. */
const wrote = ({ id }: Ends, { moments }: While, type: string): boolean =>
  moments.some(({ event }) => event.type === type && event.by === `${id}/1`) && id !== SHARED_ID

const answeredRightly = (ends: Ends, during: While): boolean => {
  const { pool, does } = ends.does
  const { moments } = during
  switch (`${does} ${ends.answer.outcome}`) {
    case 'AddCharger AlreadyThere':
      // What it did itself it says, also where the answer to the append was lost.
      return !wrote(ends, during, 'ChargerAdded') && (moments.some(isIn(pool)) || moments.some(isDeallocated))
    case 'AddCharger Added':
      // Where it was deallocated meanwhile, it was added just before.
      return moments.some(isIn(pool)) || moments.some(isDeallocated)
    case 'AddCharger NotThere':
      return moments.some((moment) => !isIn(pool)(moment))
    case 'RemoveCharger NotThere':
      return !wrote(ends, during, 'ChargerRemoved') && moments.some((moment) => !isIn(pool)(moment))
    case 'RemoveCharger Removed':
      return staysRemoved(ends, during)
    case 'RemoveCharger AlreadyThere':
      return moments.some(isIn(pool))
    case 'ArchivePool Done':
      return moments.some(isArchived(pool))
    case 'AddUser Added': {
      const generation = generationGiven(ends, during)
      return moments.some(({ user }) => user.registered && user.generation === generation)
    }
    case 'AddUser AlreadyThere':
      return moments.some(counts(pool))
    case 'RemoveUser NotThere':
      return moments.some(({ members }) => !members.has(pool))
    default:
      if (ends.answer.outcome === 'Refused') return refusedRightly(ends, during)
      return !['Conflict', 'Unavailable', 'OutcomeUnknown', 'Pending'].includes(ends.answer.outcome)
  }
}

/** Answers that do not fit to anything that was so while they were worked out. */
export const wrongAnswers = (
  { moments }: History,
  processes: readonly ProcessView<Word>[],
): readonly string[] =>
  processes.flatMap(({ name, said }) =>
    said.flatMap(({ what, at }, index) => {
      const began = said[index - 1]?.at
      if (what.type !== 'Ends' || began === undefined) return []
      const during = { moments: moments.slice(began - 1, at), since: moments.slice(began - 1) }
      const { outcome, refusal } = what.answer
      return answeredRightly(what, during)
        ? []
        : [
            `${name} was answered ${outcome} ${refusal === undefined ? '' : JSON.stringify(refusal)} to ${what.does.does}`,
          ]
    }),
  )

/** What is left unfinished where nobody works any more and the reactions have done their part. */
export const unfinished = ({ moments }: History): readonly string[] => {
  const last = moments.at(-1)
  if (last === undefined) return []
  const { charger, pools, effective } = last
  const wrong: string[] = []
  if (charger.claim !== undefined && effective === undefined)
    wrong.push(`at rest ${text(charger.claim)} is neither confirmed nor ended`)
  for (const [pool, { chargers }] of pools) {
    const entry = chargers.get(CHARGER)
    if (entry !== undefined && (effective?.pool !== pool || effective.claim !== entry))
      wrong.push(`at rest ${pool} holds an entry by claim ${entry} that is over`)
  }
  return wrong
}
