/** A filter as the server takes it: one regular expression on the names of streams. */
import type { StreamFilter } from '@access-pools/core'

const quoted = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')

/**
 * Takes at least what the filter takes, and hardly more: the server's `$` also stands before a last line break, so
 * that what comes is asked again by `takes`.
 */
export const regexOf = ({ categories, names }: StreamFilter): string => {
  const parts = [
    ...(categories.length > 0 ? [`(${categories.map(quoted).join('|')})-`] : []),
    ...(names.length > 0 ? [`(${names.map(quoted).join('|')})$`] : []),
  ]
  return parts.length === 0 ? '^(?!)' : `^(${parts.join('|')})`
}
