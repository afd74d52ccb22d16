/**
 * What holds of every sequence of commands: walks over few pools, chargers and drivers, with every decision looked
 * at. The last test prints what the walks reached, so that nobody takes a property of shallow worlds for a proof.
 */
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { right } from 'fp-ts/Either'
import type * as t from 'io-ts'
import { named, CommandId } from '../../src/domain/language/ids'
import { refusalCodecs, Refusal, describeRefusal } from '../../src/domain/refusals'
import { describeWarning } from '../../src/domain/warning'
import { chargerEvents } from '../../src/domain/charger'
import { identityEvents } from '../../src/domain/identity'
import { partnerEvents } from '../../src/domain/partner'
import { poolEvents } from '../../src/domain/pool/events'
import { PoolStateCodec } from '../../src/domain/pool/state-codec'
import { ChargerStateCodec, IdentityStateCodec, PartnersStateCodec } from '../../src/domain/state-codec'
import type { RecordedEvent } from '../../src/domain/event/recorded'
import { finishClaim, tidyPool } from '../../src/testing/world/chargers'
import { play as playUncounted, type Stepped, type Walk, walks, type World } from '../../src/testing'

const RUNS = 150

const counted = () => {
  const counts = new Map<string, number>()
  return { counts, add: (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1) }
}
const events = counted()
const refusals = counted()
const warnings = counted()

/** Refusals that need more than the folds of one moment: they are reached in the tests of the flows around them. */
const OF_OTHER_LAYERS: readonly string[] = [
  // An event of the stream itself cannot be read: judged where streams are loaded.
  'PoolSuspended',
  'ChargerSuspended',
  'PartnersSuspended',
  // Parking is the projections'.
  'NotParked',
]
const refusedIn = ({ answer }: Stepped): readonly Refusal[] =>
  answer.type === 'Refused'
    ? [answer.refusal]
    : (answer.items ?? []).flatMap((item) => (item.outcome === 'Refused' ? [item.refusal] : []))

/** Everything that is remembered, as snapshots would hold it. */
const remembered = (world: World): string =>
  JSON.stringify([
    [...world.pools.values()].flatMap(({ state }) => (state ? [PoolStateCodec.encode(state)] : [])),
    [...world.chargers.values()].flatMap(({ state }) => (state ? [ChargerStateCodec.encode(state)] : [])),
    [...world.identities.values()].flatMap(({ state }) => (state ? [IdentityStateCodec.encode(state)] : [])),
    world.partners.state && PartnersStateCodec.encode(world.partners.state),
  ])

/** Plays a walk, and counts what it reaches. */
const play = (walk: Walk, each: (step: Stepped) => void = () => undefined): World => {
  const world = playUncounted(walk, (step) => {
    for (const { type } of refusedIn(step)) refusals.add(type)
    for (const { type } of step.answer.type === 'Done' ? step.answer.warnings : []) warnings.add(type)
    each(step)
  })
  for (const { type } of world.all) events.add(type)
  return world
}

const forEveryWalk = (look: (walk: Walk) => void, numRuns = RUNS): void => {
  fc.assert(fc.property(walks(fc), look), { numRuns })
}

/** It was answered before the rules were asked: by the id that it came with, or the revision. */
const wasHeldBack = (step: Stepped): boolean =>
  (step.answer.type === 'Done' && step.answer.repeated) ||
  refusedIn(step).some(({ type }) => type === 'CommandIdReused' || type === 'StaleRevision')

const said = (recorded: readonly RecordedEvent[]) => recorded.map(({ type, data }) => ({ type, data }))

const streamsOf = (world: World) => [
  ...world.pools.values(),
  ...world.chargers.values(),
  ...world.identities.values(),
  world.partners,
]

describe('Whatever is commanded', () => {
  test('every decision answers: events that can follow, or a refusal of the closed list with a text', () => {
    forEveryWalk((walk) => {
      play(walk, (step) => {
        for (const refusal of refusedIn(step))
          if (!Refusal.is(refusal) || !/^\S.*\.$/.test(describeRefusal(refusal)))
            throw new Error(`no refusal: ${JSON.stringify(refusal)}`)
        for (const warning of step.answer.type === 'Done' ? step.answer.warnings : [])
          if (!/^\S.*\.$/.test(describeWarning(warning))) throw new Error(`no warning: ${warning.type}`)
      })
    }, 300)
  })

  test('the same command with the same id writes nothing the second time, and says where the first one stood', () => {
    forEveryWalk((walk) => {
      play(walk, ({ world, command, actor, given, answer }) => {
        const before = world.all.length
        const again = world.issue(command, actor, given)
        if (world.all.length > before) expect(said(world.all.slice(before))).toEqual([])
        const remembers = command.type !== 'RegisterPartner'
        if (answer.type === 'Done' && answer.events.length > 0)
          expect(again).toMatchObject({ type: 'Done', repeated: remembers })
      })
    })
  })

  test('the same command with another id writes nothing the second time', () => {
    let number = 0
    forEveryWalk((walk) => {
      play(walk, (step) => {
        const { world, command, actor } = step
        if (wasHeldBack(step)) return
        const before = world.all.length
        number += 1
        world.issue(command, actor, { id: named(CommandId, `again-${number}`) })
        if (world.all.length > before) expect(said(world.all.slice(before))).toEqual([])
      })
    })
  })

  test('what is refused, and what is true already, changes nothing that is remembered', () => {
    forEveryWalk((walk) => {
      play(walk, ({ world, command, actor, given, answer }) => {
        if (answer.type === 'Done' && answer.events.length > 0) return
        const before = remembered(world)
        world.issue(command, actor, given)
        const after = remembered(world)
        if (after !== before) expect(after).toBe(before)
      })
    }, 120)
  })
})

describe('The fold of the events', () => {
  test('of a stream from its beginning is the state that decided them', () => {
    forEveryWalk((walk) => {
      for (const stream of streamsOf(play(walk))) {
        const { folded } = stream.refold()
        if (!isDeepStrictEqual(folded, stream.folded)) expect(folded).toEqual(stream.folded)
      }
    })
  })

  test('every event that was decided decodes, and no two envelopes have one id', () => {
    forEveryWalk((walk) => {
      const world = play(walk)
      const ids = new Set(world.all.map(({ id }) => id))
      expect(ids.size).toBe(world.all.length)
      for (const stream of streamsOf(world)) {
        if (stream.folded.suspended !== undefined) continue
        expect(stream.refold().decoded).not.toContain(undefined)
      }
    })
  })

  test('of each state, encoded, written as JSON and read again, is the same state', () => {
    const again = <S>(codec: t.Type<S, unknown>, state: S | undefined): void => {
      if (state === undefined) return
      if (!codec.is(state)) throw new Error(`no ${codec.name}`)
      const decoded = codec.decode(JSON.parse(JSON.stringify(codec.encode(state))))
      if (!isDeepStrictEqual(decoded, right(state))) expect(decoded).toStrictEqual(right(state))
    }
    forEveryWalk((walk) => {
      const world = play(walk)
      for (const { state } of world.pools.values()) again(PoolStateCodec, state)
      for (const { state } of world.chargers.values()) again(ChargerStateCodec, state)
      for (const { state } of world.identities.values()) again(IdentityStateCodec, state)
      again(PartnersStateCodec, world.partners.state)
    })
  })
})

describe('A pool', () => {
  test('says nothing after it was archived', () => {
    forEveryWalk((walk) => {
      for (const { events: of } of play(walk).pools.values()) {
        const end = of.findIndex(({ type }) => type === 'PoolArchived')
        if (end >= 0) expect(of.slice(end).map(({ type }) => type)).toEqual(['PoolArchived'])
      }
    })
  })

  test('has only what its level allows, at every moment', () => {
    forEveryWalk((walk) => {
      play(walk, ({ world }) => {
        const wrong: string[] = []
        for (const [pool, { state }] of world.pools) {
          if (state === undefined) continue
          const { level, freeVend, requests, archived, partners } = state.settings
          if (level !== 'Public' && freeVend) wrong.push(`${pool} is ${level} and has free vend`)
          if (level !== 'Restricted' && (requests.enabled || state.pendingOf.size > 0))
            wrong.push(`${pool} is ${level} and has requests`)
          if (archived && state.chargers.size + state.members.size + partners.size + state.pendingOf.size > 0)
            wrong.push(`${pool} is archived and gives something`)
          if ([...partners.values()].some(({ visible, control }) => control && !visible))
            wrong.push(`${pool} lets a partner control what it cannot see`)
        }
        if (wrong.length > 0) throw new Error(wrong.join('; '))
      })
    })
  })

  test('never holds a charger by a claim that it closed, and knows each pending request once', () => {
    forEveryWalk((walk) => {
      const world = play(walk, ({ world: { pools } }) => {
        for (const { state } of pools.values())
          for (const [charger, claim] of state?.chargers ?? [])
            if (claim <= (state?.closedClaims.get(charger) ?? 0))
              throw new Error(`claim ${claim} of ${charger}`)
      })
      for (const { state } of world.pools.values()) {
        const pending = [...(state?.requests.values() ?? [])].filter(({ status }) => status === 'Pending')
        expect(pending.map(({ identity, request }) => [identity, request])).toEqual([
          ...(state?.pendingOf ?? []),
        ])
      }
    })
  })

  test('is the only one that a charger stands in, once the system has finished what stopped half way', () => {
    forEveryWalk((walk) => {
      const world = play(walk)
      for (const charger of world.chargers.keys()) finishClaim(world, charger)
      for (const pool of world.pools.keys()) tidyPool(world, pool)
      const standing = [...world.pools].flatMap(([pool, { state }]) =>
        [...(state?.chargers ?? [])].map(([charger, claim]) => ({ charger, claim: { pool, claim } })),
      )
      expect(standing).toEqual(
        standing.map(({ charger }) => ({ charger, claim: world.charger(charger).state?.claim })),
      )
      for (const [charger, { state }] of world.chargers)
        if (state?.claim !== undefined) expect(standing.map((entry) => entry.charger)).toContain(charger)
    })
  })
})

describe('What the walks reached', () => {
  const table = ({ counts }: ReturnType<typeof counted>, names: readonly string[]): string =>
    names.map((name) => `  ${name.padEnd(32)}${String(counts.get(name) ?? 0).padStart(8)}`).join('\n')

  test('is every event, and every refusal and warning that belongs here', () => {
    const eventTypes = [
      ...new Set(
        [poolEvents, chargerEvents, identityEvents, partnerEvents].flatMap((table) => Object.keys(table)),
      ),
    ]
    const refusalTypes = Object.keys(refusalCodecs).filter((type) => !OF_OTHER_LAYERS.includes(type))
    const warningTypes = [
      'PrivateWithoutMembers',
      'RestrictedWithoutWayIn',
      'HiddenWithRequests',
      'PartnerControlPastMembership',
      'ApprovedWhileBlocked',
      'SourceVersionOld',
    ]
    process.stdout.write(
      [
        'Events reached by walks:',
        table(events, eventTypes),
        'Refusals reached by walks:',
        table(refusals, refusalTypes),
        `  (elsewhere: ${OF_OTHER_LAYERS.join(', ')})`,
        'Warnings reached by walks:',
        table(warnings, warningTypes),
        '',
      ].join('\n'),
    )
    const missed = [
      ...eventTypes.filter((type) => !events.counts.has(type)),
      ...refusalTypes.filter((type) => !refusals.counts.has(type)),
      ...warningTypes.filter((type) => !warnings.counts.has(type)),
    ]
    expect(missed).toEqual([])
  })
})
