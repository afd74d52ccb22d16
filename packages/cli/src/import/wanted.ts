/** What a file wants the network to be: pools, chargers in them, identities, memberships; and what of it is faulty. */
import {
  type AccessLevel,
  ChargerId,
  HostId,
  type IdentityId,
  type Instant,
  Label,
  OrganizationId,
  parse,
  type PartnerId,
  PoolId,
} from '@access-pools/core'
import { isLeft } from 'fp-ts/Either'

export interface Partner {
  readonly visible: boolean
  readonly control: boolean
}
export type Partners = ReadonlyMap<PartnerId, Partner>

export interface WantedPool {
  readonly pool: PoolId
  readonly organization: OrganizationId
  readonly name: Label
  readonly level: AccessLevel
  readonly freeVend: boolean
  /** Members charge at the rate Free. */
  readonly membersFree: boolean
  readonly partners: Partners
}

export interface WantedCharger {
  readonly line: number
  readonly charger: ChargerId
  readonly host: HostId
  readonly organization: OrganizationId
  readonly label: Label
  readonly hostLabel: Label
  readonly pool: PoolId
}

export interface WantedMember {
  readonly line: number
  readonly pool: PoolId
  readonly identity: IdentityId
  readonly from?: Instant
  readonly until?: Instant
}

/** A row that was not taken, and why. */
export interface Rejected {
  readonly line: number
  readonly id: string
  readonly reason: string
}

export interface Wanted {
  readonly stations: number
  readonly organizations: number
  readonly pools: ReadonlyMap<PoolId, WantedPool>
  readonly chargers: readonly WantedCharger[]
  readonly members: readonly WantedMember[]
  /** Who is registered where they are not yet. */
  readonly register: ReadonlySet<IdentityId>
  /** Also those that were deregistered since. */
  readonly registersAnew: boolean
  /** A membership whose window has ended is given the one that is wanted; else it is somebody's decision. */
  readonly renews: boolean
  readonly rejected: readonly Rejected[]
  readonly skipped: ReadonlyMap<string, number>
}

/** A name that the mapping makes, whose form its own rules ensure. */
export const made = <A>(parsed: { _tag: 'Right'; right: A } | { _tag: 'Left'; left: string }): A => {
  if (isLeft(parsed)) throw new Error(`the import made a name that is none: ${parsed.left}`)
  return parsed.right
}
export const poolId = (text: string): PoolId => made(parse(PoolId, text))
export const hostId = (text: string): HostId => made(parse(HostId, text))
export const chargerId = (text: string): ChargerId => made(parse(ChargerId, text))
export const organizationId = (text: string): OrganizationId => made(parse(OrganizationId, text))

const MOST = 120

/** A text as a label, with a suffix that is never cut: control characters out, at most 120 characters. */
export const labelOf = (text: string, suffix = '', otherwise = ''): Label => {
  const clean = text
    .replaceAll('_x000D_', '')
    .replace(/[\p{Cc}\p{Cs}]/gu, '')
    .normalize('NFC')
  const cut = Array.from(clean)
    .slice(0, MOST - Array.from(suffix).length)
    .join('')
  return made(parse(Label, `${cut.trim() === '' ? otherwise : cut}${suffix}`))
}
