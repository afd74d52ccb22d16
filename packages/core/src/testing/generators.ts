/**
 * Walks through a small world: sequences of commands over few ids, so that they meet, with the flows that stop half
 * way and what the system does about them. A step is plain data, decided only when it is played, so that a failing
 * walk shrinks to the few steps that matter.
 */
import type FastCheck from 'fast-check'
import { isLeft } from 'fp-ts/Either'
import { type Actor, parseActor } from '../domain/language/actor'
import { type Command, decodeCommand } from '../domain/commands'
import { ChargerId, CommandId, IdentityId, named, PoolId } from '../domain/language/ids'
import { identityStream } from '../domain/event/streams'
import type { CommandJson } from './given'
import {
  actorFor,
  CHARGERS,
  type Deed,
  deeds,
  type Dice,
  happenings,
  HOUR,
  hoursOf,
  ODDS,
  POOLS,
} from './walk-deeds'
import { World } from './world/world'
import { claimOnly, finishClaim, tidyPool } from './world/chargers'
import type { Answer } from './world/state'

/** One step of a walk. */
export interface Step {
  readonly deed: Deed
  readonly dice: Dice
}

/** A walk: from an empty world, or from one with pools, chargers and drivers. */
export interface Walk {
  readonly furnished: boolean
  readonly steps: readonly Step[]
}

/** A command as it was given in a step, and what it came to. */
export interface Stepped {
  readonly world: World
  readonly command: Command
  readonly actor: Actor
  readonly given: { readonly id: CommandId; readonly ifRevision?: number }
  readonly answer: Answer
}

const read = ({ type, data }: CommandJson): Command => {
  const command = decodeCommand(type, data)
  if (isLeft(command)) throw new Error(`a walk gave no command: ${type}: ${command.left.join('; ')}`)
  return command.right
}

const acting = (word: string): Actor => {
  const actor = parseActor(word)
  if (isLeft(actor)) throw new Error(actor.left)
  return actor.right
}

const FURNITURE: readonly CommandJson[] = [
  { type: 'CreatePool', data: { pool: 'north', organization: 'acme', name: 'North', level: 'Restricted' } },
  { type: 'CreatePool', data: { pool: 'south', organization: 'acme', name: 'South' } },
  { type: 'CreatePool', data: { pool: 'east', organization: 'zenith', name: 'East', level: 'Public' } },
  ...['c1', 'c2', 'c3'].map((charger) => ({
    type: 'AllocateCharger',
    data: { charger, host: 'h1', organization: 'acme' },
  })),
  { type: 'AllocateCharger', data: { charger: 'c4', host: 'h3', organization: 'zenith' } },
  ...['user:ann', 'user:bob', 'user:cy', 'user:odd'].map((identity) => ({
    type: 'RegisterIdentity',
    data: { identity },
  })),
  { type: 'RegisterIdentity', data: { identity: 'rfid:0A', organization: 'acme' } },
  { type: 'RegisterIdentity', data: { identity: 'rfid:0B', organization: 'zenith' } },
  { type: 'AddChargers', data: { pool: 'north', chargers: ['c1', 'c2'] } },
  { type: 'AddChargers', data: { pool: 'east', chargers: ['c4'] } },
  { type: 'ConfigureRequests', data: { pool: 'north', enabled: true, notify: ['desk@acme.example'] } },
  { type: 'AddIdentities', data: { pool: 'south', identities: ['user:cy', 'rfid:0A'] } },
]

/** The commands that this pool, charger or identity remembers: ids that a careless caller may take again. */
const remembered = (world: World, command: Command): readonly string[] => {
  const data: Readonly<Record<string, unknown>> = command.data
  const states = [
    [...world.pools].find(([id]) => id === data['pool'])?.[1].state,
    [...world.chargers].find(([id]) => id === data['charger'])?.[1].state,
    [...world.identities].find(([id]) => id === data['identity'])?.[1].state,
  ]
  return states.flatMap((state) => [...(state?.commands.keys() ?? [])])
}

/** Mostly an id of its own, and no `ifRevision`. */
const givenWith = (world: World, command: Command, { n, m, who }: Dice, step: number): Stepped['given'] => {
  const taken = who % 41 === 0 ? remembered(world, command) : []
  const again = taken[n % Math.max(taken.length, 1)]
  const id = named(CommandId, again !== undefined && CommandId.is(again) ? again : `step-${step}`)
  const pool = 'pool' in command.data ? command.data.pool : undefined
  const revision = pool === undefined ? -1 : (world.pools.get(pool)?.folded.revision ?? -1)
  return m % 17 === 0 ? { id, ifRevision: Math.max(revision - (n % 4), 0) } : { id }
}

const happen = (world: World, deed: keyof typeof happenings, dice: Dice): void => {
  const pool = named(PoolId, POOLS[dice.pool % 3] ?? 'north')
  const charger = named(ChargerId, CHARGERS[dice.charger % 4] ?? 'c1')
  switch (deed) {
    case 'wait':
      world.now += hoursOf(dice) * HOUR
      return
    case 'claimOnly':
      claimOnly(world, pool, charger)
      return
    case 'finishClaims':
      finishClaim(world, charger)
      return
    case 'tidy':
      tidyPool(world, pool)
      return
    case 'spoil':
      if (dice.n % 3 > 0) return
      world.tell(identityStream(named(IdentityId, 'user:odd')), { type: 'IdentityPraised', data: {} })
  }
}

const isHappening = (deed: Deed): deed is keyof typeof happenings => Object.hasOwn(happenings, deed)

/** The world in which every walk begins that does not begin from nothing. */
export const furnishedWorld = (): World => {
  const world = new World()
  for (const json of FURNITURE) {
    const answer = world.issue(read(json), acting('operator/olga'))
    if (answer.type === 'Refused') throw new Error(`${json.type} was refused: ${answer.refusal.type}`)
  }
  return world
}

/** Plays a walk, and lets `each` look at every command when it was answered. Answers the world at its end. */
export const play = (
  { furnished, steps }: Walk,
  each: (stepped: Stepped) => void = () => undefined,
): World => {
  const world = furnished ? furnishedWorld() : new World()
  steps.forEach(({ deed, dice }, at) => {
    if (isHappening(deed)) {
      happen(world, deed, dice)
      return
    }
    const json = deeds[deed].build(world, dice)
    const command = read(json)
    const actor = acting(actorFor(world, json, dice))
    const given = givenWith(world, command, dice, at)
    each({ world, command, actor, given, answer: world.issue(command, actor, given) })
  })
  return world
}

/**
 * Walks of up to so many steps. `fc` is fast-check, which only those who use this need to have installed:
 * `fc.assert(fc.property(walks(fc), (walk) => …))`.
 */
export const walks = (fc: typeof FastCheck, most = 100): FastCheck.Arbitrary<Walk> => {
  const die = fc.noBias(fc.nat({ max: 999 }))
  const dice = fc.record({ who: die, pool: die, charger: die, identity: die, n: die, m: die })
  const deed = fc.oneof(...ODDS.map(([name, weight]) => ({ weight, arbitrary: fc.constant(name) })))
  const steps = fc.noBias(fc.array(fc.record({ deed, dice }), { maxLength: most, size: 'max' }))
  return fc.record({ furnished: fc.integer({ min: 0, max: 5 }).map((n) => n < 5), steps })
}
