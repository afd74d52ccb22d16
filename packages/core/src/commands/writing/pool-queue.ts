/** One after the other: commands of one stream wait for each other here, so that a busy pool costs itself no conflict. */

export class PoolQueue {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs when everything that was queued under this name before has ended, well or not. */
  async run<A>(name: string, task: () => Promise<A>): Promise<A> {
    const before = this.#last.get(name)
    const turn = before === undefined ? task() : before.then(task, task)
    this.#last.set(name, turn)
    try {
      return await turn
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name)
    }
  }
}
