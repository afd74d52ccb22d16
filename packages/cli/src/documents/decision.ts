/** A decision, as `decide` prints it. */
import { type Answer, type Position, writePosition } from '@access-pools/core'
import { EXIT, type ExitCode } from '../exit-codes'

export type DecisionDocument = Readonly<Record<string, unknown>> & { readonly decision: Answer['decision'] }

/** Up to where the store was read for a decision: nowhere, where nothing was known; not told where it is plain. */
export interface Place {
  readonly position: Position | undefined
  readonly plain: boolean
}

/** A decision as a document. */
export const decisionDocument = (answer: Answer, { position, plain }: Place): DecisionDocument => {
  const place = plain ? {} : { position: position === undefined ? null : writePosition(position) }
  if (answer.decision !== 'Refer') return { ...answer, ...place }
  const { decision, pool } = answer
  return { decision, pool, ...place }
}

/** How the process ends after a decision. */
export const decisionExit = ({ decision }: Answer): ExitCode => {
  switch (decision) {
    case 'Granted':
      return EXIT.done
    case 'Denied':
      return EXIT.denied
    case 'Refer':
      return EXIT.refer
  }
}

const WAYS = { request: 'access can be requested', pin: 'a PIN can be typed' } as const

/** A decision as a sentence. */
export const describeDecision = (answer: Answer): string => {
  switch (answer.decision) {
    case 'Granted': {
      const until = answer.until === undefined ? '' : `, until ${answer.until}`
      return `Granted by pool ${answer.pool} (${answer.basis}), rate ${answer.rate}${until}.`
    }
    case 'Denied': {
      const by = answer.pool === undefined ? '' : ` by pool ${answer.pool}`
      const next = answer.next.map((way) => WAYS[way]).join(', ')
      return `Denied${by}: ${answer.reason}${next === '' ? '' : ` (${next})`}.`
    }
    case 'Refer':
      return `Pool ${answer.pool} takes PINs: redeem it at the service.`
  }
}
