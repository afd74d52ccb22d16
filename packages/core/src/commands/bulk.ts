/** Bulk commands are cut by their input into parts, each a command of its own: `{commandId}/{part}`. */
import { type Either, isLeft, isRight, left, right } from 'fp-ts/Either'
import type { Item } from '../domain/decision'
import { hashOf } from '../domain/event/envelope'
import { named, RecordedCommandId } from '../domain/language/ids'
import type { Refusal } from '../domain/refusals'
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

/** What is named twice in one command is done the first time, and done already the second. */
export const onceEach = (items: readonly Item[], again: 'AlreadyThere' | 'NotThere'): readonly Item[] => {
  const done = new Set<string>()
  return items.map((item) => {
    if (done.has(item.id)) return { id: item.id, outcome: again }
    if (item.outcome === 'Added' || item.outcome === 'Removed') done.add(item.id)
    return item
  })
}

/** Names the command as its giver did, not by the part that met the other one. */
const asGiven = (refusal: Refusal, { cause }: Issued): Refusal =>
  refusal.type === 'CommandIdReused' ? { ...refusal, commandId: cause.commandId } : refusal

const itemsAsGiven = (done: Done, issued: Issued): Done => ({
  ...done,
  items: (done.items ?? []).map((item) =>
    item.outcome === 'Refused' ? { ...item, refusal: asGiven(item.refusal, issued) } : item,
  ),
})

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
  if (isLeft(first))
    return first.left.type === 'Refused'
      ? left({ type: 'Refused', refusal: asGiven(first.left.refusal, issued) })
      : first
  let done = first.right
  for (let number = 2; (number - 1) * PART < items.length; number += 1) {
    const of = part(number)
    const carried = await carryOut(of, partOf(issued, number, of))
    if (isRight(carried)) {
      done = followedBy(done, carried.right)
      continue
    }
    if (carried.left.type !== 'Refused') return carried
    const refusal = asGiven(carried.left.refusal, issued)
    const refused = of.map((item): Item => ({ id: idOf(item), outcome: 'Refused', refusal }))
    done = { ...done, items: [...(done.items ?? []), ...refused] }
  }
  return right(itemsAsGiven(done, issued))
}
