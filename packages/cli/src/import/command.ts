/** `import stations | sessions | members`: a file into the store, idempotently. */
import type { Actor, EventStore } from '@access-pools/core'
import type { Context } from '../context'
import { withStore } from '../context'
import { EXIT, type ExitCode } from '../exit-codes'
import { startProgress } from '../output/progress'
import { carryOut, stepsOf } from './carry-out'
import { type ImportDocument, tellImport } from './document'
import { readMembers } from './members'
import { planImport } from './plan'
import type { Plan } from './planning'
import { type Present, withPresent } from './present'
import { checkPartners, checkPermitted } from './plan-permitted'
import { readSessionsNetwork } from './sessions'
import { readStations } from './stations'
import type { Partners, Rejected, Wanted } from './wanted'

export type ImportKind = 'stations' | 'sessions' | 'members'

export interface ImportOptions {
  readonly partners: Partners
  readonly dryRun: boolean
  readonly update: boolean
  readonly register: boolean
}

/** Reads a file; a list of members is judged by what stands. */
const read = async (
  kind: ImportKind,
  file: string,
  { partners, register }: ImportOptions,
): Promise<(present: Present) => Wanted> => {
  if (kind === 'members') {
    const judge = await readMembers(file, register)
    return ({ pools }) => judge(new Set(pools.keys()))
  }
  const wanted = kind === 'stations' ? await readStations(file, partners) : await readSessionsNetwork(file)
  return () => wanted
}

/** Who imports: whoever is named. */
const importer = (context: Context): Actor => context.actorOr('operator/import')

const write = async (
  context: Context,
  store: EventStore,
  plan: Plan,
  position: string,
): ReturnType<typeof carryOut> => {
  const { terminal, json } = context
  const progress = await startProgress(terminal, { shown: !json, total: stepsOf(plan), what: 'importing' })
  try {
    return await carryOut(plan, {
      store,
      runtime: terminal.runtime,
      actor: importer(context),
      position,
      interrupted: terminal.interrupted,
      progressed: progress.advance,
    })
  } finally {
    progress.end()
  }
}

/** Imports a file. */
export const importFile = async (
  context: Context,
  kind: ImportKind,
  file: string,
  options: ImportOptions,
): Promise<ExitCode> => {
  // A file that cannot be read is told before a store is made for it.
  const wantedOf = await read(kind, file, options)
  const document = await withStore(context, async (store) => {
    const { wanted, plan, position } = await withPresent(context, store, async (present) => {
      checkPartners(options.partners, present)
      const wanted = wantedOf(present)
      const plan = planImport(wanted, present, options)
      checkPermitted(importer(context), plan, present)
      return { wanted, plan, position: present.position }
    })
    const done = options.dryRun
      ? { events: plan.events, refused: [] }
      : await write(context, store, plan, position)
    return documentOf(wanted, plan, done)
  })
  await tellImport(context, document, options.dryRun)
  return document.rejected.length > 0 ? EXIT.partly : EXIT.done
}

const byLine = (a: Rejected, b: Rejected): number => a.line - b.line

const documentOf = (
  wanted: Wanted,
  plan: Plan,
  { events, refused }: Awaited<ReturnType<typeof carryOut>>,
): ImportDocument => {
  const rowOf = new Map(wanted.members.map(({ pool, identity, line }) => [`${pool}/${identity}`, line]))
  const ofRows = refused.flatMap(({ pool, id, reason }): Rejected[] => {
    const line = rowOf.get(`${pool}/${id}`)
    return line === undefined ? [] : [{ line, id, reason }]
  })
  const others = refused
    .filter(({ pool, id }) => !rowOf.has(`${pool}/${id}`))
    .map(({ pool, id, reason }) => ({ id, reason, is: null, wanted: pool }))
  const rejected = [...plan.rejected, ...ofRows]
  const left = new Set(rejected.map(({ line, id }) => `${line}/${id}`))
  const members = wanted.members.filter(({ line, identity }) => !left.has(`${line}/${identity}`))
  const pools = new Set([...wanted.pools.keys(), ...members.map(({ pool }) => pool)])
  return {
    stations: wanted.stations,
    chargers: wanted.chargers.length,
    organizations: wanted.organizations,
    pools: pools.size,
    members: members.length,
    events,
    rejected: [...wanted.rejected, ...rejected].sort(byLine),
    skipped: Object.fromEntries(wanted.skipped),
    differs: [...plan.differs, ...others],
  }
}
