/** What a scenario's processes run: the real commands and reactions, each process with caches of its own. */
import { isLeft } from 'fp-ts/Either'
import { type AccessPools, accessPools, writingOn } from '../../src/commands/access-pools'
import { by } from '../../src/commands/by'
import type { Done } from '../../src/commands/done'
import type { Writing } from '../../src/commands/writing/handle'
import { type Actor, parseActor } from '../../src/domain/language/actor'
import { decodeCommand } from '../../src/domain/commands'
import { uuidV5 } from '../../src/domain/event/envelope'
import { ChargerId, CommandId, IdentityId, named, PoolId } from '../../src/domain/language/ids'
import type { Refusal } from '../../src/domain/refusals'
import { inAnswerTo } from '../../src/reactions/cause'
import { finishClaim, tidyEntry } from '../../src/reactions/finish-claims'
import { tidyDeregistered } from '../../src/reactions/tidy-deregistered'
import type { EventStore } from '../../src/store/event-store'
import { memoryStore } from '../../src/store/memory-store'
import { type Program, stillRuntime } from '../../src/testing/scheduler'
import type { Does, Scenario, Who } from './scenarios'

export const CHARGER = named(ChargerId, 'C')
export const USER = named(IdentityId, 'user:I')
const REQUEST = 'wish'
const NOW = Date.UTC(2025, 0, 1)
export const runtime = stillRuntime(NOW)

/** What a process says as it goes. */
export type Word =
  | { readonly type: 'Begins'; readonly does: Does; readonly id: string }
  | { readonly type: 'Ends'; readonly does: Does; readonly id: string; readonly answer: Answer }

/** What it was answered, as far as it is judged. */
export interface Answer {
  /** Of an item, `Refused`, `Done`, what a reaction did, or the error's type. */
  readonly outcome: string
  readonly refusal?: Refusal
}

const actor = (text: string): Actor => {
  const parsed = parseActor(text)
  if (isLeft(parsed)) throw new Error(parsed.left)
  return parsed.right
}
const OPERATOR = actor('operator/op')
const DRIVER = actor(`driver/${USER}`)

/** The command that a deed is, in JSON. */
const commandOf = ({ does, pool }: Does): { type: string; data: Record<string, unknown> } | undefined => {
  switch (does) {
    case 'AddCharger':
      return { type: 'AddChargers', data: { pool, chargers: [CHARGER] } }
    case 'RemoveCharger':
      return { type: 'RemoveChargers', data: { pool, chargers: [CHARGER] } }
    case 'ArchivePool':
      return { type: 'ArchivePool', data: { pool, force: true } }
    case 'LookAtPool':
      return { type: 'RenamePool', data: { pool, name: pool } }
    case 'Allocate':
      return { type: 'AllocateCharger', data: { charger: CHARGER, host: 'H', organization: 'O' } }
    case 'Deallocate':
      return { type: 'DeallocateCharger', data: { charger: CHARGER } }
    case 'RegisterUser':
      return { type: 'RegisterIdentity', data: { identity: USER } }
    case 'DeregisterUser':
      return { type: 'DeregisterIdentity', data: { identity: USER } }
    case 'RequestAccess':
      return { type: 'RequestAccess', data: { identity: USER, charger: CHARGER, request: REQUEST } }
    case 'ApproveRequest':
      return { type: 'ApproveRequest', data: { pool, request: REQUEST } }
    case 'AddUser':
      return { type: 'AddIdentities', data: { pool, identities: [USER] } }
    case 'RemoveUser':
      return { type: 'RemoveIdentities', data: { pool, identities: [USER] } }
    case 'FinishClaim':
    case 'TidyEntry':
    case 'TidyUser':
      return undefined
  }
}

const answerOf = ({ items }: Done): Answer => {
  const [item] = items ?? []
  if (item === undefined) return { outcome: 'Done' }
  return item.outcome === 'Refused'
    ? { outcome: 'Refused', refusal: item.refusal }
    : { outcome: item.outcome }
}

/** A process's own instances over the store. */
interface Own {
  readonly pools: AccessPools
  readonly writing: Writing
}

const react = async ({ writing }: Own, { does, pool }: Does): Promise<Answer> => {
  const cause = inAnswerTo(runtime, { id: uuidV5(`${does} ${pool}`), correlationId: 'reaction' })
  const id = named(PoolId, pool)
  const done = await (does === 'FinishClaim'
    ? finishClaim(writing, CHARGER, cause)
    : does === 'TidyEntry'
      ? tidyEntry(writing, id, CHARGER, cause)
      : tidyDeregistered(writing, id, USER, 1, cause))
  return { outcome: isLeft(done) ? done.left.type : String(done.right) }
}

const carryOut = async (own: Own, does: Does, id: string): Promise<Answer> => {
  const json = commandOf(does)
  if (json === undefined) return react(own, does)
  const command = decodeCommand(json.type, json.data)
  if (isLeft(command)) throw new Error(command.left.join('; '))
  const giver = does.does === 'RequestAccess' ? DRIVER : OPERATOR
  const done = await own.pools.execute(command.right, by(giver, named(CommandId, id)))()
  if (!isLeft(done)) return answerOf(done.right)
  return done.left.type === 'Refused'
    ? { outcome: 'Refused', refusal: done.left.refusal }
    : { outcome: done.left.type }
}

const ownOn = (store: EventStore): Own => ({
  pools: accessPools({ store, runtime }),
  writing: writingOn({ store, runtime }),
})

/** A store on which pools confirm nothing: one that claims here dies half way. */
const withoutPools = (store: EventStore): EventStore => ({
  ...store,
  append: (stream, expected, events) =>
    stream.startsWith('accessPool-')
      ? () => Promise.resolve({ _tag: 'Left', left: { type: 'Unavailable', reason: 'it died' } })
      : store.append(stream, expected, events),
})

const programOf = ({ who, does, knew }: Who): Program<Word> => ({
  name: who,
  open: async (store) => {
    const own = ownOn(store)
    for (const [at, one] of knew.entries()) await carryOut(own, one, `${who.replace(/\W+/g, '-')}.knew.${at}`)
    return async (say) => {
      for (const [at, one] of does.entries()) {
        const id = one.id ?? `${who.replace(/\W+/g, '-')}.${at}`
        say({ type: 'Begins', does: one, id })
        say({ type: 'Ends', does: one, id, answer: await carryOut(own, one, id) })
      }
    }
  },
})

export const programsOf = ({ processes }: Scenario): readonly Program<Word>[] => processes.map(programOf)

/** The pools that a scenario speaks of, which take requests where it makes one, and a charger of their organization. */
const furnish = async ({ pools }: Own, { given, processes }: Scenario): Promise<void> => {
  const deeds = [...given, ...processes.flatMap(({ does, knew }) => [...does, ...knew])]
  const commands: [string, Record<string, unknown>][] = []
  for (const pool of new Set(deeds.map((deed) => deed.pool))) {
    commands.push(['CreatePool', { pool, organization: 'O', name: pool, level: 'Restricted' }])
    if (deeds.some(({ does }) => does === 'RequestAccess'))
      commands.push(['ConfigureRequests', { pool, enabled: true, notify: ['site@example.com'] }])
  }
  commands.push(['AllocateCharger', { charger: CHARGER, host: 'H', organization: 'O' }])
  for (const [at, [type, data]] of commands.entries()) {
    const command = decodeCommand(type, data)
    if (isLeft(command)) throw new Error(command.left.join('; '))
    const done = await pools.execute(command.right, by(OPERATOR, named(CommandId, `furnish.${at}`)))()
    if (isLeft(done)) throw new Error(`${type}: ${JSON.stringify(done.left)}`)
  }
}

/** Makes the stores of a scenario: each holds what was done before, written once and copied. */
export const storesOf = async (scenario: Scenario): Promise<() => Promise<EventStore>> => {
  const first = memoryStore({ runtime })
  await furnish(ownOn(first), scenario)
  for (const [at, one] of scenario.given.entries())
    await carryOut(ownOn(one.half === true ? withoutPools(first) : first), one, `given.${at}`)
  const all = await first.readAll({
    filter: { categories: ['accessPool', 'charger', 'identity'], names: [] },
    most: 1000,
  })()
  if (isLeft(all)) throw new Error('a store in memory answers')
  const kept = all.right.events.map(({ stream, revision, id, type, data, metadata }) => ({
    stream,
    revision,
    written: { id, type, data: JSON.stringify(data), metadata: JSON.stringify(metadata) },
  }))
  return async () => {
    const store = memoryStore({ runtime, epoch: first.epoch })
    for (const { stream, revision, written } of kept) await store.appendRaw(stream, revision - 1, [written])()
    return store
  }
}

/** Runs the reactions over all there is, again and again until nothing changes; what was left unfinished then. */
export const comeToRest = async (store: EventStore): Promise<readonly string[]> => {
  const own = ownOn(store)
  const reactions: Does[] = [
    { does: 'FinishClaim', pool: 'P' },
    ...['P', 'Q', 'R'].map((pool): Does => ({ does: 'TidyEntry', pool })),
  ]
  for (let round = 0; round < 5; round += 1) {
    const outcomes: string[] = []
    for (const one of reactions) outcomes.push((await react(own, one)).outcome)
    if (outcomes.every((outcome) => outcome === 'NothingToDo')) return []
  }
  return ['the reactions do not come to rest']
}
