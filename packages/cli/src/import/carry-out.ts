/**
 * Carries out an import's plan. Commands go out many at a time, so that the store commits them together; each has an
 * id made of what it says and of where the store stood, so that two imports at once say the same thing once.
 */
import { createHash } from 'node:crypto'
import {
  type AccessPools,
  accessPools,
  type Actor,
  by,
  type Command,
  CommandId,
  describeCommandError,
  type Done,
  type EventStore,
  parse,
  type Refusal,
  type Runtime,
} from '@access-pools/core'
import { isRight } from 'fp-ts/Either'
import { EXIT } from '../exit-codes'
import { Failure, failed } from '../failure'
import type { Plan } from './planning'
import { made } from './wanted'

export interface Carrying {
  readonly store: EventStore
  readonly runtime: Runtime
  readonly actor: Actor
  /** Up to where the store had been read when the plan was made. */
  readonly position: string
  readonly interrupted: AbortSignal
  /** Told how many more steps are done. */
  readonly progressed: (steps: number) => void
}

/** An item that a rule refused meanwhile. */
export interface RefusedItem {
  readonly pool: string
  readonly id: string
  readonly reason: Refusal['type']
}

export interface CarriedOut {
  readonly events: number
  readonly refused: readonly RefusedItem[]
}

/** How many commands on single streams are under way at a time, and how many bulk ones. */
const AT_ONCE = 64
const BULKS_AT_ONCE = 8
/** Items of a bulk command: one append in the pool's stream. */
const BULK = 150
const ATTEMPTS = 6

/** How many steps a plan has, as they are told. */
export const stepsOf = (plan: Plan): number =>
  plan.pools.length +
  plan.settings.length +
  plan.allocate.length +
  plan.register.length +
  plan.windows.length +
  [plan.out, plan.into, plan.members].reduce(
    (steps, lists) => steps + [...lists.values()].reduce((n, list) => n + list.length, 0),
    0,
  )

/** Carries a plan out, step by step; what it leaves undone when it is stopped, the next import does. */
export const carryOut = async (plan: Plan, carrying: Carrying): Promise<CarriedOut> => {
  const issuing = new Issuing(carrying)
  const single = (command: Command): Promise<void> => issuing.single(command)
  await inParallel(AT_ONCE, plan.pools, single)
  await inParallel(AT_ONCE, plan.settings, single)
  await inParallel(BULKS_AT_ONCE, cut(plan.out), ([pool, chargers]) =>
    issuing.bulk({ type: 'RemoveChargers', data: { pool, chargers } }, pool, chargers.length),
  )
  await inParallel(AT_ONCE, plan.allocate, (data) => single({ type: 'AllocateCharger', data }))
  await inParallel(BULKS_AT_ONCE, cut(plan.into), ([pool, chargers]) =>
    issuing.bulk({ type: 'AddChargers', data: { pool, chargers } }, pool, chargers.length),
  )
  await inParallel(AT_ONCE, plan.register, (data) => single({ type: 'RegisterIdentity', data }))
  await inParallel(BULKS_AT_ONCE, cut(plan.members), ([pool, identities]) =>
    issuing.bulk({ type: 'AddIdentities', data: { pool, identities } }, pool, identities.length),
  )
  await inParallel(AT_ONCE, plan.windows, (data) => single({ type: 'ChangeMembership', data }))
  return { events: issuing.events, refused: issuing.refused }
}

class Issuing {
  events = 0
  readonly refused: RefusedItem[] = []
  readonly #pools: AccessPools

  constructor(readonly carrying: Carrying) {
    const { store, runtime } = carrying
    this.#pools = accessPools({ store, runtime })
  }

  async single(command: Command): Promise<void> {
    const issued = await this.#issue(command)
    // Another import made it at the same time.
    if ('refusal' in issued && issued.refusal.type !== 'PoolExists')
      throw refusedWhole(command, issued.refusal)
    this.carrying.progressed(1)
  }

  async bulk(command: Command, pool: string, items: number): Promise<void> {
    const issued = await this.#issue(command)
    if ('refusal' in issued) throw refusedWhole(command, issued.refusal)
    for (const item of issued.done.items ?? [])
      if (item.outcome === 'Refused') this.refused.push({ pool, id: item.id, reason: item.refusal.type })
    this.carrying.progressed(items)
  }

  async #issue(command: Command): Promise<{ readonly done: Done } | { readonly refusal: Refusal }> {
    const { actor, runtime, interrupted } = this.carrying
    const given = by(actor, this.#idOf(command))
    for (let attempt = 1; ; attempt += 1) {
      if (interrupted.aborted) throw failed('Interrupted: import the file again to finish it.')
      const answer = await this.#pools.execute(command, given)()
      if (isRight(answer)) {
        this.events += answer.right.events.length
        return { done: answer.right }
      }
      const error = answer.left
      if (error.type === 'Refused') return { refusal: error.refusal }
      if (attempt === ATTEMPTS)
        throw failed(`${describeCommandError(error)} Import the file again to finish it.`)
      await runtime.sleep(100 * 2 ** attempt * (0.5 + runtime.random()), interrupted)
    }
  }

  #idOf(command: Command): CommandId {
    const said = createHash('sha256').update(JSON.stringify([this.carrying.position, command]))
    return made(parse(CommandId, `import-${said.digest('hex').slice(0, 32)}`))
  }
}

/** A refusal that stops the import: its actor may not, or what it names is not there. */
const refusedWhole = (command: Command, refusal: Refusal): Failure =>
  new Failure(
    EXIT.refused,
    `${command.type} was refused: ${describeCommandError({ type: 'Refused', refusal })}`,
  )

/** Long lists in parts. */
const cut = <K, A>(lists: ReadonlyMap<K, readonly A[]>): (readonly [K, readonly A[]])[] => {
  const parts: (readonly [K, readonly A[]])[] = []
  for (const [key, list] of lists)
    for (let from = 0; from < list.length; from += BULK) parts.push([key, list.slice(from, from + BULK)])
  return parts
}

/** Runs the tasks so many at a time; the first that fails ends it, after those under way have ended. */
const inParallel = async <A>(
  most: number,
  items: readonly A[],
  task: (item: A) => Promise<void>,
): Promise<void> => {
  const rest = items[Symbol.iterator]()
  const failures: unknown[] = []
  const work = async (): Promise<void> => {
    for (const item of rest) {
      if (failures.length > 0) return
      try {
        await task(item)
      } catch (failure) {
        failures.push(failure)
        return
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work))
  if (failures.length > 0) throw failures[0]
}
