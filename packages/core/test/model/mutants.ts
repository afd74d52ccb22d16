/**
 * The test of the test: the same code with one rule taken out. Each must come to a violation somewhere; one that does
 * not shows a rule that nobody needs, or a scenario that is missing. The text that is replaced must stand in the file
 * exactly once, so that a mutant cannot come to mean nothing.
 */

export interface Mutant {
  readonly name: string
  readonly file: string
  /** Each text, and what stands there instead. */
  readonly edits: readonly (readonly [string, string])[]
}

const CLAIM = 'domain/claim.ts'
const HANDLE = 'commands/writing/handle.ts'
const CLAIMS = 'commands/charger-claims.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'an entry counts by whatever claim',
    file: CLAIM,
    edits: [
      [
        'return poolOf(claim.pool)?.chargers.get(charger) === claim.claim ? claim : undefined',
        'return poolOf(claim.pool)?.chargers.has(charger) ? claim : undefined',
      ],
    ],
  },
  {
    name: 'a claim counts without its entry',
    file: CLAIM,
    edits: [
      [
        'return poolOf(claim.pool)?.chargers.get(charger) === claim.claim ? claim : undefined',
        'return claim',
      ],
    ],
  },
  {
    name: 'a closed claim may be confirmed',
    file: CLAIM,
    edits: [['claim > (pool.closedClaims.get(charger) ?? 0) &&', 'true &&']],
  },
  {
    name: 'a claim may be confirmed over a later one',
    file: CLAIM,
    edits: [['claim >= (pool.chargers.get(charger) ?? 0)', 'true']],
  },
  {
    name: 'an archived pool may confirm',
    file: CLAIM,
    edits: [['!pool.archived &&', 'true &&']],
  },
  {
    name: 'a pending claim may be taken over',
    file: CLAIM,
    edits: [
      [
        '!mayConfirm(charger, claim.claim, pool) && pool.chargers.get(charger) !== claim.claim',
        'pool.chargers.get(charger) !== claim.claim',
      ],
    ],
  },
  {
    name: 'a confirmed claim may be taken over',
    file: CLAIM,
    edits: [
      ['!mayConfirm(charger, claim.claim, pool) && pool.chargers.get(charger) !== claim.claim', 'true'],
    ],
  },
  {
    name: 'a dead claim is never taken over',
    file: CLAIM,
    edits: [
      ['!mayConfirm(charger, claim.claim, pool) && pool.chargers.get(charger) !== claim.claim', 'false'],
    ],
  },
  {
    name: 'an entry is tidied by a charger that was read before its pool',
    file: 'reactions/finish-claims.ts',
    edits: [
      [
        '  const handled = await handle<PoolState, PoolEvent, ChargerState | undefined>(writing, {',
        '  const early = await chargerToTail(writing, charger, cause)\n  const handled = await handle<PoolState, PoolEvent, ChargerState | undefined>(writing, {',
      ],
      ['gather: () => chargerToTail(writing, charger, cause),', 'gather: () => Promise.resolve(early),'],
    ],
  },
  {
    name: 'what writes nothing is answered without reading the tail',
    file: HANDLE,
    edits: [['if (toTail) return unwritten(outcome, folded)', 'return unwritten(outcome, folded)']],
  },
  {
    name: 'other streams are judged by what the cache holds',
    file: CLAIMS,
    edits: [
      [
        'const read = await cache.toTail(poolStreams, poolStream(pool))()',
        'const known = cache.cached(poolStreams, poolStream(pool))\n  if (known !== undefined) return right(known)\n  const read = await cache.toTail(poolStreams, poolStream(pool))()',
      ],
    ],
  },
  {
    name: 'an append that conflicts is made again without deciding anew',
    file: HANDLE,
    edits: [
      [
        'const appended = await store.append(stream, expected, events)()',
        "let appended = await store.append(stream, expected, events)()\n    if (isRight(appended) && appended.right.type === 'Conflict')\n      appended = await store.append(stream, appended.right.actual, events)()",
      ],
    ],
  },
  {
    name: 'an append whose outcome is unknown counts as not written',
    file: HANDLE,
    edits: [
      [
        'const appended = await store.append(stream, expected, events)()',
        "const first = await store.append(stream, expected, events)()\n    const appended = isLeft(first) && first.left.type === 'UnknownOutcome' ? right({ type: 'Conflict' as const, actual: expected }) : first",
      ],
    ],
  },
  {
    name: 'a repeated command claims anew',
    file: CLAIMS,
    edits: [["if (recalled?.type === 'Repeated') return right(decided([]))", '']],
  },
  {
    name: 'whatever claim stands is released',
    file: 'domain/charger.ts',
    edits: [['state?.claim?.claim === claim ?', 'state?.claim !== undefined ?']],
  },
  {
    name: 'a repeated removal releases the present claim',
    file: 'commands/remove-chargers.ts',
    edits: [['isDead(charger, claim, claiming(state))', 'true']],
  },
  {
    name: 'a removal does not decline what is pending',
    file: 'commands/remove-chargers.ts',
    edits: [["claim?.pool === pool ? declineClaim(state, charger, claim.claim, 'Removed') : []", '[]']],
  },
  {
    name: 'what a pool refuses is not released',
    file: 'reactions/finish-claims.ts',
    edits: [
      [
        'const released = await releaseClaim(writing, charger, claim.claim, cause)',
        "const released = right('nothing')",
      ],
    ],
  },
  {
    name: 'a membership counts for every generation',
    file: 'domain/generation.ts',
    edits: [['identity.registered && identity.generation === generation', 'identity.registered']],
  },
  {
    name: 'a request is approved for whoever is registered now',
    file: 'domain/pool/requests.ts',
    edits: [
      [
        'if (registration?.registered !== true || registration.generation !== generation)',
        'if (registration?.registered !== true)',
      ],
      [
        'data: { identity, generation, request } })',
        'data: { identity, generation: registration.generation, request } })',
      ],
    ],
  },
  {
    name: 'identities are judged by what the cache holds',
    file: 'commands/facts.ts',
    edits: [
      [
        'folded: await cache.toTail(identityStreams, identityStream(identity))(),',
        'folded: ((known) => known && right(known))(cache.cached(identityStreams, identityStream(identity))) ?? (await cache.toTail(identityStreams, identityStream(identity))()),',
      ],
    ],
  },
  {
    name: 'tidying ends every membership',
    file: 'domain/pool/members.ts',
    edits: [
      ['if (member !== undefined && member.generation <= generation)', 'if (member !== undefined)'],
      [
        "events.push({ type: 'IdentityRemoved', data: { identity, generation } })",
        "events.push({ type: 'IdentityRemoved', data: { identity, generation: member.generation } })",
      ],
    ],
  },
]
