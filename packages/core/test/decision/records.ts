/** Records in JSON, as rows hold them, and credentials in a word. */
import type { AccessChange } from '../../src/decision/access-change'
import { parseAccessChange } from '../../src/decision/access-change'
import type { AccessIndex } from '../../src/decision/access-index'
import type { Answer } from '../../src/decision/answer'
import type { Credential } from '../../src/decision/credential'
import { emptyAccessIndex } from '../../src/decision/map-index'
import { IdentityId, named, PartnerId } from '../../src/domain/language/ids'

export const change = (key: string, value: unknown): AccessChange => {
  const parsed = parseAccessChange(key, value)
  if (parsed._tag === 'Left') throw new Error(parsed.left)
  return parsed.right
}

export const indexOf = (...records: readonly Readonly<Record<string, unknown>>[]): AccessIndex => {
  const index = emptyAccessIndex()
  for (const given of records)
    for (const [key, value] of Object.entries(given)) index.apply(change(key, value))
  return index
}

export const credentialOf = (word: string): Credential => {
  const [kind = '', name] = word.split(' ')
  if (kind === 'none') return { type: 'None' }
  if (kind === 'partner') return { type: 'Partner', partner: named(PartnerId, name ?? '') }
  if (kind !== 'pin') return { type: 'Identity', identity: named(IdentityId, kind) }
  return name === undefined ? { type: 'Pin' } : { type: 'Pin', requester: named(IdentityId, name) }
}

/** An answer in a word, as rows hold it. */
export const wordOf = (answer: Answer): string => {
  switch (answer.decision) {
    case 'Granted':
      return [answer.basis, answer.rate, ...(answer.until === undefined ? [] : [answer.until])].join(' ')
    case 'Denied':
      return [answer.reason, ...answer.next].join(' ')
    case 'Refer':
      return answer.to
  }
}
