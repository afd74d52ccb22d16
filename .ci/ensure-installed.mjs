// Makes `npm test` and its like work as the first command in a fresh clone: installs when node_modules is
// missing or does not hold what package-lock.json asks for. Runs before anything is installed, hence no imports
// but Node's own, and writes to standard error only, since some commands print a document on standard output.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const hiddenLock = join(root, 'node_modules', '.package-lock.json')

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages

/** The first package that the lock asks for and node_modules lacks, or undefined. */
function missing() {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const present = packagesOf(hiddenLock)
  return Object.keys(wanted).find((path) => {
    const { version, link, optional, peer } = wanted[path]
    // Optional ones depend on the platform; workspaces themselves (no node_modules in the path) are just there.
    if (!path.includes('node_modules/') || optional || peer) return false
    return present[path]?.version !== version || present[path]?.link !== link
  })
}

function install(args, because) {
  process.stderr.write(`${because}: npm ${args.join(' ')}\n`)
  const options = {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
    shell: process.platform === 'win32',
  }
  const { status } = spawnSync('npm', args, options)
  if (status !== 0) process.exit(status ?? 1)
}

if (!existsSync(hiddenLock)) {
  install(['ci', '--no-audit', '--no-fund'], 'Installing dependencies')
} else {
  const absent = missing()
  // Not `npm ci`: that would take away node_modules from whatever else is running in this checkout.
  if (absent)
    install(['install', '--no-save', '--no-audit', '--no-fund'], `${absent} is missing or another version`)
}
