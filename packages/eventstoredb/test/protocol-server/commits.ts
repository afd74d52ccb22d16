/** Group commit: what came in while the disk was busy is written in one transaction, then all of it is answered. */
import type { Log } from './log'
import type { Outcome } from './writing'
import type { Faults } from './faults'

interface Job {
  readonly decide: () => Outcome
  readonly answer: (outcome: Outcome) => void
}

export class Commits {
  readonly #jobs: Job[] = []
  #scheduled = false

  constructor(
    private readonly log: Log,
    private readonly faults: Faults,
    private readonly committed: () => void,
  ) {}

  submit(job: Job): void {
    this.#jobs.push(job)
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.#commit())
  }

  #commit(): void {
    this.#scheduled = false
    const jobs = this.#jobs.splice(0)
    const outcomes: Outcome[] = []
    if (this.faults.dieBeforeWriting) process.kill(process.pid, 'SIGKILL')
    this.log.transaction(() => {
      for (const { decide } of jobs) outcomes.push(decide())
    })
    if (this.faults.dieAfterWriting) process.kill(process.pid, 'SIGKILL')
    const answerAll = (): void => {
      jobs.forEach(({ answer }, index) => {
        const outcome = outcomes[index]
        if (outcome !== undefined) answer(outcome)
      })
    }
    if (this.faults.answerLate > 0) setTimeout(answerAll, this.faults.answerLate)
    else answerAll()
    this.committed()
  }
}
