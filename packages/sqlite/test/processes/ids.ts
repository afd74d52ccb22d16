import { createHash } from 'node:crypto'

/** A UUID made of a text. */
export const uuidOf = (text: string): string => {
  const hex = createHash('sha1').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}
