/**
 * What a stranger gets: every public package is packed, the tarballs are installed in fresh projects of both
 * module systems, and a program there is type-checked and run. Nothing of this workspace is in reach of it but
 * the compiler.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const workspace = join(__dirname, '..', '..', '..')
const published = ['core', 'eventstoredb', 'sqlite', 'cli']

/** Packing needs a build, and installing may need the registry. */
const PATIENCE = 300_000

/** The same lines in both module systems: a pool, a charger, a member, a decision. */
const program = `
import { accessPools, by, byIdentity, ChargerId, decodeCommand, IdentityId, orThrow, parse, parseActor, startReadModel } from '@access-pools/core'
import { storeContract } from '@access-pools/core/testing'
import { openEventStoreDb } from '@access-pools/eventstoredb'
import { openSqliteStore } from '@access-pools/sqlite'

const main = async (): Promise<void> => {
  const store = orThrow(await openSqliteStore({ file: 'program.db' })())
  const pools = accessPools({ store })
  const operator = orThrow(parseActor('operator/1'))
  const run = async (name: string, data: object) =>
    orThrow(await pools.execute(orThrow(decodeCommand(name, data)), by(operator))())
  await run('CreatePool', { pool: 'staff', organization: 'site', name: 'Staff' })
  await run('AllocateCharger', { charger: 'bay-1', host: 'garage', organization: 'site' })
  await run('AddChargers', { pool: 'staff', chargers: ['bay-1'] })
  await run('RegisterIdentity', { identity: 'user:7' })
  const { position } = await run('AddIdentities', { pool: 'staff', identities: ['user:7'] })
  const readModel = orThrow(await startReadModel({ store })())
  if (position !== undefined) orThrow(await readModel.whenProcessed(position))
  const driver = byIdentity(orThrow(parse(IdentityId, 'user:7')))
  const answer = readModel.decide(orThrow(parse(ChargerId, 'bay-1')), driver)
  console.log(answer.decision, answer.decision === 'Granted' ? answer.basis : '', typeof storeContract, typeof openEventStoreDb)
  await readModel.stop()
  await store.close()
}
void main()
`
const expected = 'Granted Membership function function'

const run = (folder: string, command: string, ...args: readonly string[]): string => {
  try {
    return execFileSync(command, args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  } catch (error) {
    // What the command wrote is the reason; node's own message names only the command.
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`)
  }
}

const npm = (folder: string, ...args: readonly string[]): string =>
  run(folder, 'npm', ...args, '--no-audit', '--no-fund', '--loglevel=error')

describe('The packed packages', () => {
  let root: string
  const project = (name: string): string => join(root, name)

  const newProject = (name: string, type: 'commonjs' | 'module'): void => {
    mkdirSync(project(name))
    // fast-check is what ./testing asks of those who use it.
    const manifest = { name, private: true, type, dependencies: { 'fast-check': '^4.0.0' } }
    writeFileSync(join(project(name), 'package.json'), JSON.stringify(manifest))
    writeFileSync(join(project(name), 'program.ts'), program)
  }

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'access-pools-packages-'))
    npm(workspace, 'run', '-s', 'build')
    const tarballs = join(root, 'tarballs')
    mkdirSync(tarballs)
    const folders = published.map((name) => join(workspace, 'packages', name))
    npm(workspace, 'pack', ...folders, '--pack-destination', tarballs)

    newProject('commonjs', 'commonjs')
    newProject('module', 'module')
    const files = readdirSync(tarballs).map((name) => join(tarballs, name))
    npm(project('commonjs'), 'install', ...files, '--prefer-offline', '--ignore-scripts')
    cpSync(join(project('commonjs'), 'node_modules'), join(project('module'), 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    })
  }, PATIENCE)

  afterAll(() => rmSync(root, { recursive: true, force: true }))

  test.each(['commonjs', 'module'])('are imported, type-checked and run by a project of type %s', (name) => {
    const tsc = join(workspace, 'node_modules', 'typescript', 'bin', 'tsc')
    const types = ['--types', 'node', '--typeRoots', join(workspace, 'node_modules', '@types')]
    const options = ['--module', 'node20', '--target', 'es2022', '--strict', '--skipLibCheck', ...types]
    run(project(name), process.execPath, tsc, ...options, 'program.ts')

    expect(run(project(name), process.execPath, 'program.js')).toBe(expected)
  })

  test('bring the command', () => {
    expect(() =>
      run(project('commonjs'), join('node_modules', '.bin', 'access-pools'), '--help'),
    ).not.toThrow()
  })
})
