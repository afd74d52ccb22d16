/**
 * What each access level allows: the one table that commands, previews and documentation read.
 */
import type { TypeOf } from 'io-ts'
import { oneOf } from './language/struct'

export const AccessLevel = oneOf('AccessLevel', ['Public', 'Private', 'Restricted'])
export type AccessLevel = TypeOf<typeof AccessLevel>

/** What a pool may be set up to do, where its level allows it. */
export const Capability = oneOf('Capability', [
  'members',
  'hide',
  'memberRate',
  'pins',
  'requests',
  'freeVend',
])
export type Capability = TypeOf<typeof Capability>

/** Who may start a session in a pool of a level, beside those whom its capabilities let in. */
export type Starters = 'AnyRegistered' | 'Members'

interface Row extends Readonly<Record<Capability, boolean>> {
  readonly starters: Starters
}

/** The level of a pool that was created without one. */
export const DEFAULT_LEVEL: AccessLevel = 'Private'

export const capabilities: Readonly<Record<AccessLevel, Row>> = {
  Public: {
    starters: 'AnyRegistered',
    members: true,
    hide: true,
    memberRate: true,
    pins: false,
    requests: false,
    freeVend: true,
  },
  Private: {
    starters: 'Members',
    members: true,
    hide: true,
    memberRate: true,
    pins: false,
    requests: false,
    freeVend: false,
  },
  Restricted: {
    starters: 'Members',
    members: true,
    hide: true,
    memberRate: true,
    pins: true,
    requests: true,
    freeVend: false,
  },
}
