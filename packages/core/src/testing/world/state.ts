/** What there is in a small world: its streams, its clock, and what a command in it comes to. */
import type { Actor, System } from '../../domain/language/actor'
import { chargerAggregate, chargerEvents } from '../../domain/charger'
import type { Item, Value } from '../../domain/decision'
import { type CommandCause, hashOf, uuidV5 } from '../../domain/event/envelope'
import type { Suspension } from '../../domain/event/fold'
import { identityAggregate, identityEvents } from '../../domain/identity'
import {
  ActorId,
  type ChargerId,
  type CommandId,
  type IdentityId,
  named,
  type PoolId,
  RecordedCommandId,
} from '../../domain/language/ids'
import { knownPartners, partnerEvents, partnersAggregate } from '../../domain/partner'
import type { Facts } from '../../domain/pool/context'
import { poolEvents, subjectOf } from '../../domain/pool/events'
import { poolAggregate } from '../../domain/pool/evolve'
import type { RecordedEvent } from '../../domain/event/recorded'
import type { Refusal } from '../../domain/refusals'
import {
  chargerStream,
  identityStream,
  ownerOf,
  PARTNERS_STREAM,
  poolStream,
} from '../../domain/event/streams'
import type { Warning } from '../../domain/warning'
import { type Instant, instantOf } from '../../domain/language/window'
import { WorldLog, WorldStream } from './stream'

/** What a command came to. */
export type Answer =
  | {
      readonly type: 'Done'
      /** In the order in which they were written, over all streams. */
      readonly events: readonly RecordedEvent[]
      readonly warnings: readonly Warning[]
      readonly items?: readonly Item[]
      readonly value?: Value
      /** The same command was here before. */
      readonly repeated: boolean
    }
  | { readonly type: 'Refused'; readonly refusal: Refusal }

export const refused = (refusal: Refusal): Answer => ({ type: 'Refused', refusal })

/** What was done; nothing more is said where nothing more is given. */
export const done = (
  events: readonly RecordedEvent[],
  more: Partial<Omit<Extract<Answer, { type: 'Done' }>, 'type' | 'events'>> = {},
): Answer => ({ type: 'Done', events, warnings: [], repeated: false, ...more })

/** The refusal of a command that concerns a stream with an event that cannot be read. */
export const unreadable = ({
  name,
  folded: { suspended },
}: {
  readonly name: string
  readonly folded: { readonly suspended: Suspension | undefined }
}): Refusal | undefined => {
  const owner = ownerOf(name)
  if (suspended === undefined || owner === undefined) return undefined
  const { revision } = suspended
  switch (owner.kind) {
    case 'Pool':
      return { type: 'PoolSuspended', pool: owner.pool, revision }
    case 'Charger':
      return { type: 'ChargerSuspended', charger: owner.charger, revision }
    case 'Identity':
      return { type: 'IdentitySuspended', identity: owner.identity, revision }
    default:
      return { type: 'PartnersSuspended', revision }
  }
}

/** A command as it is carried out in a world. */
export interface Issue {
  readonly actor: Actor
  readonly cause: CommandCause
  readonly ifRevision?: number
}

const pools = { ...poolAggregate, codecs: poolEvents, subjectOf }
const chargers = { ...chargerAggregate, codecs: chargerEvents, subjectOf: () => '' }
const identities = { ...identityAggregate, codecs: identityEvents, subjectOf: () => '' }
const partners = {
  ...partnersAggregate,
  codecs: partnerEvents,
  subjectOf: ({ data }: { readonly data: { readonly partner: string } }) => data.partner,
}

const ofWorld = <I, S>(streams: Map<I, S>, id: I, open: () => S): S => {
  const known = streams.get(id)
  if (known !== undefined) return known
  const opened = open()
  streams.set(id, opened)
  return opened
}

const poolIn = (log: WorldLog, id: PoolId) => new WorldStream(poolStream(id), pools, log)
const chargerIn = (log: WorldLog, id: ChargerId) => new WorldStream(chargerStream(id), chargers, log)
const identityIn = (log: WorldLog, id: IdentityId) => new WorldStream(identityStream(id), identities, log)

export type WorldPool = ReturnType<typeof poolIn>
export type WorldCharger = ReturnType<typeof chargerIn>
export type WorldIdentity = ReturnType<typeof identityIn>

/** What the software does by itself. */
export const SYSTEM: System = { type: 'System', name: named(ActorId, 'access-pools') }

export class WorldState {
  readonly #log = new WorldLog()
  readonly pools = new Map<PoolId, WorldPool>()
  readonly chargers = new Map<ChargerId, WorldCharger>()
  readonly identities = new Map<IdentityId, WorldIdentity>()
  readonly partners = new WorldStream(PARTNERS_STREAM, partners, this.#log)
  #issued = 0

  /** `now`: the world's clock, in milliseconds since 1970; it stands still until a test moves it. */
  constructor(public now: number = Date.UTC(2025, 2, 1, 12)) {}

  /** All events, in the order of their positions. */
  get all(): readonly RecordedEvent[] {
    return this.#log.all
  }

  get instant(): Instant {
    return instantOf(this.now)
  }

  pool(id: PoolId): WorldPool {
    return ofWorld(this.pools, id, () => poolIn(this.#log, id))
  }

  charger(id: ChargerId): WorldCharger {
    return ofWorld(this.chargers, id, () => chargerIn(this.#log, id))
  }

  identity(id: IdentityId): WorldIdentity {
    return ofWorld(this.identities, id, () => identityIn(this.#log, id))
  }

  /** What pools are told of other streams. */
  get facts(): Facts {
    const states = [...this.identities].map(([id, { state }]) => [id, state] as const)
    const suspended = [...this.identities].flatMap(([id, { folded }]) =>
      folded.suspended === undefined ? [] : [[id, folded.suspended.revision] as const],
    )
    return {
      identities: new Map(states),
      suspendedIdentities: new Map(suspended),
      partners: knownPartners(this.partners.state),
    }
  }

  /** Who and when, for one command; an id is made where none is given. */
  cause(actor: Actor, said: unknown, commandId?: CommandId): CommandCause {
    this.#issued += 1
    const id = commandId ?? named(RecordedCommandId, `command-${this.#issued}`)
    return {
      actor,
      occurredAt: this.instant,
      commandId: id,
      commandHash: hashOf(said),
      correlationId: id,
    }
  }

  /** Records an event that is given, not decided; answers why it cannot have come about, where it cannot. */
  tell(
    stream: string,
    said: { readonly type: string; readonly data: Readonly<Record<string, unknown>> },
    { actor = SYSTEM, at = this.instant }: { readonly actor?: Actor; readonly at?: Instant } = {},
  ): string | undefined {
    const told = this.#streamOf(stream)
    if (told === undefined) return `${stream} is none of our streams`
    this.#issued += 1
    const id = `told-${this.#issued}`
    const metadata = { schemaVersion: 1, actor, occurredAt: at, $correlationId: id, $causationId: id }
    told.record({ id: uuidV5(id), type: said.type, data: said.data, metadata }, this.now)
    const { suspended } = told.folded
    return suspended === undefined ? undefined : `${said.type} in ${stream}: ${suspended.reason}`
  }

  #streamOf(stream: string): WorldPool | WorldCharger | WorldIdentity | WorldState['partners'] | undefined {
    const owner = ownerOf(stream)
    switch (owner?.kind) {
      case 'Pool':
        return this.pool(owner.pool)
      case 'Charger':
        return this.charger(owner.charger)
      case 'Identity':
        return this.identity(owner.identity)
      case 'Partners':
        return this.partners
      default:
        return undefined
    }
  }
}
