/** The lists: pools, chargers, identities, requests, as far as the actor may see them. */
import { type ChargerFilter, HostId, parse, PoolId, type ReadModel } from '@access-pools/core'
import { isLeft } from 'fp-ts/Either'
import { type Context, withReadModel, withStore } from '../context'
import { EXIT, type ExitCode } from '../exit-codes'
import { usage } from '../failure'
import { table } from '../output/tables'

export interface ChargerOptions {
  readonly available?: boolean | undefined
  readonly pool?: string | undefined
  readonly host?: string | undefined
  readonly text?: string | undefined
  readonly shownInApp?: boolean | undefined
}

export interface IdentityOptions {
  readonly available?: boolean | undefined
  readonly pool?: string | undefined
}

/** How a list is shown to people. */
interface Shown<A> {
  readonly head: readonly string[]
  readonly row: (item: A) => readonly string[]
  readonly none: string
}

const list = <A>(
  context: Context,
  ask: (readModel: ReadModel) => readonly A[],
  { head, row, none }: Shown<A>,
): Promise<ExitCode> =>
  withStore(context, async (store) => {
    const items = await withReadModel(context, store, async (readModel) => ask(readModel))
    const { output } = context.terminal
    if (context.json) await output.write(`${JSON.stringify(items)}\n`)
    else await output.write(items.length === 0 ? `${none}\n` : await table(head, items.map(row)))
    return EXIT.done
  })

const poolOf = (text: string | undefined): PoolId | undefined => {
  if (text === undefined) return undefined
  const pool = parse(PoolId, text)
  if (isLeft(pool)) throw usage(`--pool: ${pool.left}`)
  return pool.right
}

const hostOf = (text: string | undefined): HostId | undefined => {
  if (text === undefined) return undefined
  const host = parse(HostId, text)
  if (isLeft(host)) throw usage(`--host: ${host.left}`)
  return host.right
}

/** Every pool, archived ones too. */
export const pools = (context: Context): Promise<ExitCode> =>
  list(context, ({ directory }) => directory.pools(context.actor, { archived: true }), {
    head: ['pool', 'name', 'organization', 'level', 'chargers', 'members', 'requests', ''],
    row: ({ id, name, organization, level, chargers, members, pendingRequests, ...pool }) => [
      id,
      name,
      organization,
      level,
      String(chargers),
      String(members),
      String(pendingRequests),
      [
        ...(pool.freeVend ? ['free vend'] : []),
        ...(pool.hidden ? ['hidden'] : []),
        ...(pool.suspended ? ['suspended'] : []),
        ...(pool.archived ? ['archived'] : []),
      ].join(', '),
    ],
    none: 'There are no pools.',
  })

export const chargers = (context: Context, options: ChargerOptions): Promise<ExitCode> => {
  const { available = false, shownInApp = false, text = '' } = options
  const pool = poolOf(options.pool)
  const host = hostOf(options.host)
  const filter: ChargerFilter = {
    available,
    shownInApp,
    text,
    ...(pool === undefined ? {} : { pool }),
    ...(host === undefined ? {} : { host }),
  }
  return list(context, ({ directory }) => directory.chargers(context.actor, filter), {
    head: ['charger', 'label', 'host', 'organization', 'pool'],
    row: ({ id, label, host, organization, pool }) => [id, label, host, organization, pool ?? '–'],
    none: 'There are no such chargers.',
  })
}

export const identities = (context: Context, options: IdentityOptions): Promise<ExitCode> => {
  const pool = poolOf(options.pool)
  if (options.available === true && pool === undefined)
    throw usage('--available needs --pool: available for which pool?')
  const filter = { available: options.available === true, ...(pool === undefined ? {} : { pool }) }
  return list(context, ({ directory }) => directory.identities(context.actor, filter), {
    head: ['identity', 'organization', 'generation', 'pools', ''],
    row: ({ id, organization, generation, blocked, pools: of }) => [
      id,
      organization ?? '–',
      String(generation),
      of.join(', '),
      blocked ? 'blocked' : '',
    ],
    none: 'There are no such identities.',
  })
}

/** Pending requests, or all there ever were. */
export const requests = (
  context: Context,
  options: { readonly all?: boolean | undefined },
): Promise<ExitCode> =>
  list(context, (readModel) => readModel.requests.list(context.actor, { all: options.all === true }), {
    head: ['request', 'pool', 'identity', 'charger', 'status', 'requested', 'expires'],
    row: ({ id, pool, identity, charger, status, requestedAt, expiresAt }) => [
      id,
      pool,
      identity,
      charger,
      status,
      requestedAt,
      expiresAt,
    ],
    none: options.all === true ? 'There are no requests.' : 'There are no pending requests.',
  })
