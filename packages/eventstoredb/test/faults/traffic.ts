/**
 * Gives commands at a rate, each until it is answered: where its outcome is unknown or the store was not there, it is
 * repeated with the same id, as every caller is told to.
 */
import type { AccessPools, CommandError, Done, Runtime } from '@access-pools/core'
import type { Deed } from './deeds'

/** What a command was told. */
export interface Answered {
  readonly deed: Deed
  /** Nothing where it was refused. */
  readonly done: Done | undefined
}

/** More under way means that nothing is answered for long: then new ones wait. */
const MOST_UNDER_WAY = 2_000

export class Traffic {
  readonly answered: Answered[] = []
  readonly underWay = new Set<Deed>()
  repeated = 0
  /** Why commands had to be given again, and how often. */
  readonly reasons = new Map<string, number>()
  #stopping = false
  #givenUp = false

  constructor(
    private readonly pools: AccessPools,
    private readonly runtime: Runtime,
  ) {}

  /** All of them, so many at once. */
  async all(deeds: readonly Deed[], atOnce: number): Promise<void> {
    for (let from = 0; from < deeds.length; from += atOnce)
      await Promise.all(deeds.slice(from, from + atOnce).map((deed) => this.#carryOut(deed)))
  }

  /** `rate` a second, until it is stopped. */
  async flow(rate: number, next: () => Deed): Promise<void> {
    let before = this.runtime.monotonic()
    let due = 0
    while (!this.#stopping) {
      const now = this.runtime.monotonic()
      // What could not be given in time is not made up for in one burst.
      due = Math.min(due + ((now - before) * rate) / 1000, Math.max(1, rate / 10))
      before = now
      for (; due >= 1 && this.underWay.size < MOST_UNDER_WAY; due -= 1) void this.#carryOut(next())
      await this.runtime.sleep(5)
    }
  }

  /** No new ones. */
  stop(): void {
    this.#stopping = true
  }

  /** Not even the old ones again. */
  giveUp(): void {
    this.#stopping = true
    this.#givenUp = true
  }

  #note(error: CommandError): void {
    const reason = error.type === 'Unavailable' ? error.reason.replace(/127\S+.*/, '…') : error.type
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1)
  }

  async #carryOut(deed: Deed): Promise<void> {
    this.underWay.add(deed)
    for (let attempt = 0; !this.#givenUp; attempt += 1) {
      const answer = await this.pools.execute(deed.command, deed.by)()
      const refused = answer._tag === 'Left' && answer.left.type === 'Refused'
      if (answer._tag === 'Right' || refused) {
        this.answered.push({ deed, done: answer._tag === 'Right' ? answer.right : undefined })
        this.underWay.delete(deed)
        return
      }
      this.repeated += 1
      this.#note(answer.left)
      await this.runtime.sleep(20 * 2 ** Math.min(attempt, 6) * (0.5 + this.runtime.random()))
    }
  }
}
