import * as fc from 'fast-check'
import type { Credential } from '../../src/decision/credential'
import { ChargerId, IdentityId, named, PartnerId, PoolId } from '../../src/domain/language/ids'
import { OUR_STREAMS } from '../../src/domain/event/streams'
import type { ReadModel } from '../../src/projection/read-model'
import { play, type Walk, walks } from '../../src/testing/generators'
import { CHARGERS, HOUR, POOLS } from '../../src/testing/walk-deeds'
import { NaiveFold } from './naive-fold'
import { rawOf, type Raw, rightOf, setting, type Setting, skip, write } from './support'

const chargers = CHARGERS.map((id) => named(ChargerId, id))
const pools = POOLS.map((id) => named(PoolId, id))
const identities = ['user:ann', 'user:bob', 'user:cy', 'user:odd', 'rfid:0A', 'rfid:0B', 'rfid:FF'].map(
  (id) => named(IdentityId, id),
)
const credentials: readonly Credential[] = [
  ...identities.map((identity) => ({ type: 'Identity', identity }) as const),
  { type: 'None' },
  { type: 'Pin' },
  { type: 'Partner', partner: named(PartnerId, 'ampup') },
  { type: 'Partner', partner: named(PartnerId, 'chargehub') },
]

/** What may be done to an event before it is written. */
const damages: readonly ((raw: Raw) => Raw)[] = [
  (raw) => ({ ...raw, type: 'NobodyKnows' }),
  (raw) => ({ ...raw, data: { nonsense: true } }),
  (raw) => ({ ...raw, body: '{"cut": ' }),
  (raw) => ({ ...raw, metadata: { ...raw.metadata, schemaVersion: 9 } }),
  (raw) => ({ ...raw, metadata: { ...raw.metadata, actor: 'nobody' } }),
  (raw) => ({ ...raw, type: 'NobodyKnows', metadata: { ...raw.metadata, optional: true } }),
]

interface Fault {
  /** Which event, which damage, and how many events later (or earlier) it is skipped, where it is. */
  readonly event: number
  readonly damage: number
  readonly skipped: number | null
}
const faults = fc.array(
  fc.record({
    event: fc.nat({ max: 200 }),
    damage: fc.nat({ max: damages.length - 1 }),
    skipped: fc.option(fc.integer({ min: -20, max: 60 })),
  }),
  { maxLength: 4 },
)

/** Events that nobody can read, among those that a walk wrote. */
interface Junk {
  readonly at: number
  readonly stream: string
}
const junk = fc.array(
  fc.record({
    at: fc.nat({ max: 150 }),
    stream: fc.constantFrom(
      'charger-c1',
      'charger-c2',
      'charger-c4',
      'accessPool-north',
      'accessPool-east',
      'identity-user:ann',
      'identity-user:odd',
    ),
  }),
  { maxLength: 3 },
)
const withJunk = (events: readonly Raw[], thrown: readonly Junk[]): Raw[] => {
  const all = [...events]
  for (const { at, stream } of thrown) all.splice(at % (all.length + 1), 0, { stream, type: 'NobodyKnows' })
  return all
}

/** The history of a walk with its faults, and the skips among it. */
const historyOf = (events: readonly Raw[], found: readonly Fault[]): Raw[] => {
  const revisions = new Map<string, number>()
  const numbered = events.map((raw) => {
    const revision = (revisions.get(raw.stream) ?? -1) + 1
    revisions.set(raw.stream, revision)
    return { raw, revision }
  })
  const skips: { readonly before: number; readonly raw: Raw }[] = []
  for (const { event, damage, skipped } of found) {
    const hit = numbered[event % Math.max(numbered.length, 1)]
    const at = hit === undefined ? 0 : numbered.indexOf(hit)
    if (hit === undefined) continue
    hit.raw = damages[damage]?.(hit.raw) ?? hit.raw
    if (skipped !== null) skips.push({ before: at + skipped, raw: skip(hit.raw.stream, hit.revision) })
  }
  const history: Raw[] = []
  numbered.forEach(({ raw }, at) => {
    for (const { before, raw: skipping } of skips) if (Math.max(before, 0) === at) history.push(skipping)
    history.push(raw)
  })
  for (const { before, raw } of skips) if (before >= numbered.length) history.push(raw)
  return history
}

/** Damage is done to what was written, not to what a walk decides on. */
const undamaged = (walk: Walk): Walk => ({
  ...walk,
  steps: walk.steps.filter(({ deed }) => deed !== 'spoil'),
})

/** A skip for every other one of what is junk, a while later. */
const tidied = (events: readonly Raw[], thrown: readonly Junk[]): Fault[] =>
  thrown.flatMap((_, nth) => {
    const event = events.findIndex(({ type }, at) => type === 'NobodyKnows' && at >= nth * 20)
    return nth % 2 === 0 || event < 0 ? [] : [{ event, damage: 0, skipped: 10 }]
  })

const reached = new Map<string, number>()

/** Charger by charger, identity by identity: decisions, lists, and what is parked. */
const compare = async (model: ReadModel, { memory }: Setting, now: number): Promise<void> => {
  const all = rightOf(await memory.readAll({ filter: OUR_STREAMS, most: 10_000 })()).events
  const naive = new NaiveFold(all)
  for (const charger of chargers) {
    expect([charger, model.index.poolOf(charger)]).toEqual([charger, naive.poolOf(charger)])
    for (const at of [now - 5 * HOUR, now, now + 48 * HOUR])
      for (const credential of credentials) {
        const answer = model.decide(charger, credential, at)
        const word =
          answer.decision === 'Granted'
            ? answer.basis
            : answer.decision === 'Denied'
              ? answer.reason
              : answer.to
        const expected = naive.decide(charger, credential, at)
        reached.set(expected, (reached.get(expected) ?? 0) + 1)
        expect([charger, credential, at, word]).toEqual([charger, credential, at, expected])
        if (credential.type !== 'Identity') continue
        const where = model.whereMayCharge(credential.identity, at)
        const listed = where.find((one) => one.chargers.includes(charger))?.granted
        expect(listed).toEqual(answer.decision === 'Granted' ? answer : undefined)
      }
  }
  for (const pool of pools) {
    const members = [...(naive.pool(pool).state?.members ?? [])].filter(([identity, { generation }]) => {
      const { state, suspended } = naive.identity(identity)
      return state?.generation === generation && (state.registered || suspended !== undefined)
    })
    expect([...model.index.membersOf(pool)].sort()).toEqual(members.map(([identity]) => identity).sort())
  }
  expect(
    model
      .parked()
      .map(({ stream }) => stream)
      .sort(),
  ).toEqual(naive.suspended())
}

const exported = (model: ReadModel) => {
  const index = model.index as unknown as { export: () => Record<string, unknown[]> }
  return Object.values(index.export()).map((list) => list.map((one) => JSON.stringify(one)).sort())
}

describe('The index equals the fold of the whole history', () => {
  test('whatever was decided, damaged and skipped, and in whatever batches it comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        walks(fc, 120),
        faults,
        junk,
        fc.integer({ min: 1, max: 40 }),
        async (walk, found, thrown, batch) => {
          const world = play(undamaged(walk))
          const events = withJunk(world.all.map(rawOf), thrown)
          const history = historyOf(events, [...found, ...tidied(events, thrown)])
          const here = setting()
          const model = await here.start({ batch })
          const parts = 4
          for (let part = 0; part < parts; part += 1) {
            const from = Math.floor((history.length * part) / parts)
            const to = Math.floor((history.length * (part + 1)) / parts)
            if (to > from) {
              const position = await write(here.memory, ...history.slice(from, to))
              rightOf(await model.whenProcessed(position))
            } else rightOf(await model.whenCaughtUp())
            await compare(model, here, world.now)
          }
          const restarted = await here.start({ batch: 7 })
          rightOf(await restarted.whenCaughtUp())
          expect(exported(restarted)).toEqual(exported(model))
          expect(
            restarted
              .parked()
              .map(({ stream }) => stream)
              .sort(),
          ).toEqual(
            model
              .parked()
              .map(({ stream }) => stream)
              .sort(),
          )
          await here.close()
        },
      ),
      { numRuns: 80 },
    )
    const missing = [
      'Membership',
      'ApprovedRequest',
      'PublicAccess',
      'FreeVend',
      'PartnerControl',
      'OutsideValidity',
      'NotAMember',
      'IdentityBlocked',
      'IdentitySuspended',
      'ChargerSuspended',
      'PoolSuspended',
      'UnknownIdentity',
      'NotInPool',
      'CredentialRequired',
      'PartnerNotPermitted',
      'PinNotAvailable',
    ].filter((word) => !reached.has(word))
    expect(missing).toEqual([])
  }, 120_000)
})
