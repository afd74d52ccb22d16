/** Runs one mutant in a process of its own: the scenarios one by one, until one of them sees it. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Mutant } from './mutants'

export interface Killed {
  readonly name: string
  readonly killed: boolean
  /** The scenario that saw it, and what was wrong there. */
  readonly by?: string
  readonly what?: string
}

const ROOT = join(__dirname, '..', '..', '..', '..')

/** What the process prints that runs a mutant. */
export interface Verdict {
  readonly by?: string
  readonly what?: string
}

/** Runs a mutant; an error where it could not be run, which says nothing of it. */
export const runMutant = (mutant: Mutant): Promise<Killed> =>
  new Promise((resolve, reject) => {
    const loaders = [join(ROOT, '.ci', 'typescript.cjs'), require.resolve('./mutate.cjs')]
    const child = spawn(
      process.execPath,
      [...loaders.flatMap((loader) => ['-r', loader]), require.resolve('./mutated.ts')],
      { env: { ...process.env, MUTANT: JSON.stringify(mutant) }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) {
        reject(new Error(`the mutant "${mutant.name}" could not be run:\n${err}`))
        return
      }
      const verdict = JSON.parse(out) as Verdict
      resolve({ name: mutant.name, killed: verdict.by !== undefined, ...verdict })
    })
  })
