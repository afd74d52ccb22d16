/** Bulk commands are cut by their input into parts, each a command of its own: `{commandId}/{part}`. */
import { type Either, isLeft, isRight, right } from 'fp-ts/Either'
import type { Item } from '../domain/decision'
import { hashOf } from '../domain/event/envelope'
import { named, RecordedCommandId } from '../domain/language/ids'
import type { Issued } from './by'
import type { CommandError } from './writing/command-error'
import { type Done, followedBy } from './done'

/** At most so many items a part. */
export const PART = 150

const partOf = ({ by, cause }: Issued, part: number, items: readonly unknown[]): Issued => {
  const { ifRevision, ...others } = by
  return {
    by: part === 1 && ifRevision !== undefined ? by : others,
    cause: {
      ...cause,
      commandId: named(RecordedCommandId, `${cause.commandId}/${part}`),
      commandHash: hashOf([cause.commandHash, items]),
    },
  }
}

/**
 * Carries out the parts one after the other. A part that is refused after others were carried out answers for its
 * items only; any other error ends the command, whose repeat goes on where it stopped.
 */
export const inParts = async <A>(
  issued: Issued,
  items: readonly A[],
  idOf: (item: A) => string,
  carryOut: (part: readonly A[], issued: Issued) => Promise<Either<CommandError, Done>>,
): Promise<Either<CommandError, Done>> => {
  const part = (number: number): readonly A[] => items.slice((number - 1) * PART, number * PART)
  const first = await carryOut(part(1), partOf(issued, 1, part(1)))
  if (isLeft(first)) return first
  let done = first.right
  for (let number = 2; (number - 1) * PART < items.length; number += 1) {
    const of = part(number)
    const carried = await carryOut(of, partOf(issued, number, of))
    if (isRight(carried)) {
      done = followedBy(done, carried.right)
      continue
    }
    if (carried.left.type !== 'Refused') return carried
    const { refusal } = carried.left
    const refused = of.map((item): Item => ({ id: idOf(item), outcome: 'Refused', refusal }))
    done = { ...done, items: [...(done.items ?? []), ...refused] }
  }
  return right(done)
}
