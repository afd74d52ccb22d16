/**
 * What every event store must keep, as cases that any test runner can register. An author of an adapter writes
 *
 * ```ts
 * for (const { name, run } of storeContract({ open: openMine })) test(name, run)
 * ```
 */
import { appending, repeating } from './appending'
import { closing, limits, unicode } from './edges'
import { checkpoints, heads, positions } from './places'
import { readingAll, readingStreams } from './reading'
import { subscribing } from './subscribing'
import type { Chapter, ContractCase, Subject } from './subject'

export type { ContractCase, Subject } from './subject'

const CHAPTERS: Readonly<Record<string, Chapter>> = {
  appending,
  repeating,
  'reading streams': readingStreams,
  'reading all': readingAll,
  subscribing,
  positions,
  heads,
  checkpoints,
  limits,
  unicode,
  closing,
}

/** The cases of the contract; each opens a store of its own, which may be one that others use too. */
export const storeContract = ({ open }: { readonly open: () => Promise<Subject> }): readonly ContractCase[] =>
  Object.entries(CHAPTERS).flatMap(([chapter, cases]) =>
    Object.entries(cases).map(([promise, keep]) => ({
      name: `${chapter}: ${promise}`,
      run: async () => {
        const subject = await open()
        try {
          await keep(subject)
        } finally {
          await subject.close()
        }
      },
    })),
  )
