/** A network imported into a new file, and what decisions say before and after some commands. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, CommanderError } from '@commander-js/extra-typings'
import { accessPools } from '@access-pools/core'
import { contextOf, withReadModel, withStore } from '../context'
import { EXIT, type ExitCode } from '../exit-codes'
import { Failure, messageOf, usage } from '../failure'
import { importFile } from '../import/command'
import type { Terminal } from '../terminal'
import { sampleStations } from './network'
import { tellStory } from './story'

interface Options {
  readonly stations?: string | undefined
  readonly store?: string | undefined
}

/** Imports the stations into a new file, or an empty store, and tells the story on it. */
const showAll = async (terminal: Terminal, { stations: given, store }: Options): Promise<ExitCode> => {
  if (store === 'memory:') throw usage('--store: memory: is gone between the steps; name a file or a server.')
  const folder = await mkdtemp(join(tmpdir(), 'access-pools-quickstart-'))
  const url = store ?? `sqlite:${join(folder, 'access-pools.db')}`
  const stations = given ?? join(folder, 'stations.csv')
  if (given === undefined) await writeFile(stations, sampleStations())
  const context = contextOf(terminal, { store: url, as: undefined })
  const begun = terminal.runtime.monotonic()
  await terminal.output.write(
    [
      'Access Pools decides who may charge where. This is a network from its first event on.',
      '',
      `The stations: ${stations}${given === undefined ? ' (a small sample, always the same)' : ''}`,
      `The store:    ${url}`,
      '',
      '',
    ].join('\n'),
  )
  const imported = await importFile(context, 'stations', stations, {
    partners: new Map(),
    dryRun: false,
    update: false,
    register: false,
  })
  const seconds = (terminal.runtime.monotonic() - begun) / 1000
  await terminal.output.write(`It took ${seconds.toFixed(1)} s.\n`)
  await withStore(context, (store) =>
    withReadModel(context, store, (readModel) => {
      const pools = accessPools({ store, runtime: terminal.runtime })
      return tellStory({ terminal, store, pools, readModel }, url)
    }),
  )
  return imported
}

/** Runs the quickstart with its arguments. */
export const quickstart = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const program = new Command('npm run quickstart --')
    .description('Imports a network into a new store, and tells what happens in it.')
    .option('--stations <file>', 'an AFDC station download, instead of the small sample')
    .option('--store <url>', 'an empty store, instead of a new SQLite file: sqlite:FILE or esdb://…')
    .exitOverride()
  try {
    program.parse(args, { from: 'user' })
    return await showAll(terminal, program.opts())
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    await terminal.messages.write(`${messageOf(error)}\n`)
    return error instanceof Failure ? error.code : EXIT.failed
  }
}
