/** What befalls the server, in an order that the seed decides: something small, then its death and its return. */
import type { Runtime } from '@access-pools/core'
import type { Random } from './random'
import type { Victim } from './victim'

interface Course {
  readonly victim: Victim
  readonly random: Random
  readonly runtime: Runtime
  readonly say: (line: string) => void
  /** Grow while commands are answered and events are delivered. */
  readonly signs: Readonly<Record<string, () => number>>
}

/** How often each befell it. */
export type Befallen = Map<string, number>

type Misfortune = (course: Course) => Promise<void>

const pass = ({ random, runtime }: Course, least: number, most: number): Promise<void> =>
  runtime.sleep(random.between(least, most))

/** Something is wrong for a while, and then is not any more. */
const small: Readonly<Record<string, Misfortune>> = {
  'stopped answering': async (course) => {
    course.victim.stopAnswering()
    await pass(course, 300, 2_500)
    course.victim.answerAgain()
  },
  'dropped subscriptions': async (course) => {
    for (let time = 0; time < 3; time += 1) {
      await course.victim.drop()
      await pass(course, 50, 400)
    }
  },
  'answered late': async (course) => {
    await course.victim.tell({ answerLate: Math.round(course.random.between(50, 1_800)) })
    await pass(course, 500, 1_500)
    await course.victim.tell({ answerLate: 0 })
  },
  'answered twice': async (course) => {
    await course.victim.tell({ answerTwice: true })
    await pass(course, 300, 1_000)
    await course.victim.tell({ answerTwice: false })
  },
  'fell silent': async (course) => {
    await course.victim.tell({ silent: true })
    await pass(course, 1_000, 4_000)
    await course.victim.tell({ silent: false })
    await course.victim.drop()
  },
}

const killed: Misfortune = ({ victim }) => victim.kill()

const deaths: Readonly<Record<string, Misfortune>> = {
  killed,
  'died before writing': async (course) => {
    await course.victim.tell({ dieBeforeWriting: true })
    if (!(await course.victim.died(3_000))) await killed(course)
  },
  'died after writing': async (course) => {
    await course.victim.tell({ dieAfterWriting: true })
    if (!(await course.victim.died(3_000))) await killed(course)
  },
  'killed while it did not answer': async (course) => {
    course.victim.stopAnswering()
    await pass(course, 100, 1_500)
    await killed(course)
  },
}

/** Milliseconds after a return within which everything goes on by itself, also on a machine that is busy: else it hangs. */
const COMES_BACK = 60_000

/** The names of what did not. */
const notGoingOn = async ({ signs, runtime }: Course): Promise<readonly string[]> => {
  const before = Object.entries(signs).map(([name, sign]) => ({ name, sign, value: sign() }))
  const until = runtime.monotonic() + COMES_BACK
  for (;;) {
    const still = before.filter(({ sign, value }) => sign() <= value).map(({ name }) => name)
    if (still.length === 0 || runtime.monotonic() > until) return still
    await runtime.sleep(10)
  }
}

/** Answers what befell it, and how often not everything went on afterwards. */
export const befall = async (
  course: Course,
  restarts: number,
): Promise<{ readonly befallen: Befallen; readonly stuck: number; readonly slowest: number }> => {
  const befallen: Befallen = new Map()
  const { victim, random, say } = course
  let [stuck, slowest] = [0, 0]
  const suffer = async (from: Readonly<Record<string, Misfortune>>, number: number): Promise<string> => {
    const names = Object.keys(from)
    const name = names[number % names.length] ?? ''
    await from[name]?.(course)
    befallen.set(name, (befallen.get(name) ?? 0) + 1)
    return name
  }
  // Each comes in its turn, from a place that the seed decides: few restarts meet as many kinds as they can.
  const [one, other] = [random.below(1_000), random.below(1_000)]
  for (let number = 0; number < restarts; number += 1) {
    await pass(course, 500, 1_500)
    const harm = await suffer(small, one + number)
    await pass(course, 100, 600)
    const death = await suffer(deaths, other + number)
    await pass(course, 20, 800)
    await victim.restart()
    const back = course.runtime.monotonic()
    const still = await notGoingOn(course)
    const seconds = Math.round((course.runtime.monotonic() - back) / 100) / 10
    slowest = Math.max(slowest, seconds)
    stuck += still.length
    const outcome = still.length === 0 ? `went on after ${seconds} s` : `DID NOT GO ON: ${still.join(', ')}`
    say(`${number + 1}/${restarts}: ${harm}, ${death}; ${outcome}`)
  }
  return { befallen, stuck, slowest }
}
