/** What is explored: who does what at the same time, as data. Every order of their steps is gone through. */

/** `half`: dies when it has claimed, before the pool confirmed. `LookAtPool` changes nothing: it was just read. */
export type Deed =
  | 'AddCharger'
  | 'RemoveCharger'
  | 'ArchivePool'
  | 'LookAtPool'
  | 'Allocate'
  | 'Deallocate'
  | 'FinishClaim'
  | 'TidyEntry'
  | 'RegisterUser'
  | 'DeregisterUser'
  | 'RequestAccess'
  | 'ApproveRequest'
  | 'AddUser'
  | 'RemoveUser'
  | 'TidyUser'

/** One thing that a process does, in pool P, Q or R, with the charger C or the mobile user I. */
export interface Does {
  readonly does: Deed
  readonly pool: string
  /** The command's id, where another one is to be its repeat. */
  readonly id?: string
  readonly half?: true
}

/** Does its things one after the other, in a process of its own. */
export interface Who {
  readonly who: string
  readonly does: readonly Does[]
  /** What it did before anything else happened: its cache is as old as that. */
  readonly knew: readonly Does[]
}

export interface Scenario {
  readonly name: string
  /** What was done before, one after the other. */
  readonly given: readonly Does[]
  readonly processes: readonly Who[]
  /** So many of them die, anywhere. */
  readonly crashes: number
  /** So many answers to an append are lost. */
  readonly unknowns: number
}

/** Of a command that two processes give. */
export const SHARED_ID = 'same'

const does =
  (deed: Deed) =>
  (pool: string, more: Partial<Pick<Does, 'id' | 'half'>> = {}): Does => ({ does: deed, pool, ...more })

const add = does('AddCharger')
const remove = does('RemoveCharger')
const archive = does('ArchivePool')
const lookAt = does('LookAtPool')
const tidy = does('TidyEntry')
const finish = does('FinishClaim')('P')
const deallocate = does('Deallocate')('P')
const allocate = does('Allocate')('P')
const register = does('RegisterUser')('P')
const deregister = does('DeregisterUser')('P')
const request = does('RequestAccess')('P')
const approve = does('ApproveRequest')('P')
const addUser = does('AddUser')('P')
const removeUser = does('RemoveUser')('P')
const tidyUser = does('TidyUser')('P')

const who = (name: string, deeds: readonly Does[], knew: readonly Does[] = []): Who => ({
  who: name,
  does: deeds,
  knew,
})

const scenario = (
  name: string,
  given: readonly Does[],
  processes: readonly Who[],
  { crashes = 1, unknowns = 0 }: Partial<Pick<Scenario, 'crashes' | 'unknowns'>> = {},
): Scenario => ({ name, given, processes, crashes, unknowns })

const claimedFor = (pool: string): Does => add(pool, { half: true })
const twice = { crashes: 2, unknowns: 1 }

export const claimScenarios: readonly Scenario[] = [
  scenario(
    'two adders to two pools',
    [],
    [who('adder to P', [add('P')]), who('adder to Q', [add('Q')])],
    twice,
  ),
  scenario('two adders to one pool', [], [who('adder', [add('P')]), who('other adder', [add('P')])], twice),
  scenario('adder and remover', [], [who('adder', [add('P')]), who('remover', [remove('P')])], twice),
  scenario(
    'adder, and remover that knew the pool before',
    [],
    [who('adder', [add('P')]), who('remover', [remove('P')], [lookAt('P'), allocate])],
  ),
  scenario('adder and archive', [], [who('adder', [add('P')]), who('archiver', [archive('P')])], twice),
  scenario(
    'remover and archive',
    [add('P')],
    [who('remover', [remove('P')]), who('archiver', [archive('P')])],
    twice,
  ),
  scenario(
    'adder with deallocate and reallocate',
    [],
    [who('adder', [add('P')]), who('upstream', [deallocate, allocate])],
    twice,
  ),
  scenario(
    'adder, and upstream followed by another adder',
    [],
    [who('adder', [add('P')]), who('upstream, other adder', [deallocate, allocate, add('P')])],
  ),
  scenario(
    'adder, and upstream followed by an adder to another pool',
    [],
    [who('adder', [add('P')]), who('upstream, adder to Q', [deallocate, allocate, add('Q')])],
  ),
  scenario(
    'two take-overs of one dead claim',
    [claimedFor('Q'), archive('Q')],
    [who('taker for P', [add('P')]), who('taker for R', [add('R')])],
    { crashes: 2 },
  ),
  scenario(
    'archive and a take-over by one that knew the pool before',
    [claimedFor('Q')],
    [who('archiver', [archive('Q')]), who('taker', [add('P')], [lookAt('Q'), allocate])],
  ),
  scenario(
    'adder, its repeat, and remover',
    [],
    [
      who('adder', [add('P', { id: SHARED_ID })]),
      who('repeat', [add('P', { id: SHARED_ID })]),
      who('remover', [remove('P')]),
    ],
  ),
  scenario(
    'remover, its repeat, and adder',
    [add('P')],
    [
      who('remover', [remove('P', { id: SHARED_ID })]),
      who('repeat', [remove('P', { id: SHARED_ID })]),
      who('adder', [add('P')]),
    ],
  ),
  scenario(
    'two reactions to a pending claim',
    [claimedFor('P')],
    [who('reaction', [finish]), who('other reaction', [finish])],
    twice,
  ),
  scenario('adder and reaction', [], [who('adder', [add('P')]), who('reaction', [finish, tidy('P')])], twice),
  scenario(
    'remover and reaction',
    [claimedFor('P')],
    [who('remover', [remove('P')]), who('reaction', [finish, tidy('P')])],
    twice,
  ),
  scenario(
    'adder, remover and reaction',
    [],
    [who('adder', [add('P')]), who('remover', [remove('P')]), who('reaction', [finish])],
  ),
  scenario(
    'two reactions to an entry that is over, and adder',
    [add('P'), deallocate, allocate],
    [who('reaction', [tidy('P')]), who('other reaction', [tidy('P')]), who('adder', [add('P')])],
  ),
  scenario(
    'reaction, and adder to another pool',
    [add('Q'), deallocate, allocate],
    [who('adder', [add('P')]), who('reaction', [tidy('Q'), finish])],
    twice,
  ),
]

const REQUESTED: readonly Does[] = [add('P'), register, request]

export const generationScenarios: readonly Scenario[] = [
  scenario(
    'approve, deregister, register',
    REQUESTED,
    [who('approver', [approve]), who('upstream', [deregister, register])],
    twice,
  ),
  scenario('approve, deregister, register, add', REQUESTED, [
    who('approver', [approve]),
    who('upstream', [deregister, register]),
    who('adder', [addUser]),
  ]),
  scenario(
    'deregister, register, and add by one that knew the first generation',
    [register],
    [who('upstream', [deregister, register]), who('adder', [addUser], [lookAt('P'), register])],
  ),
  scenario(
    'register, add and tidy what was deregistered',
    [register, addUser, deregister],
    [who('upstream', [register]), who('adder', [addUser]), who('reaction', [tidyUser])],
  ),
  scenario(
    'add, and remove by one that knew the pool before',
    [register],
    [who('adder', [addUser]), who('remover', [removeUser], [lookAt('P')])],
  ),
]

export const scenarios: readonly Scenario[] = [...claimScenarios, ...generationScenarios]
