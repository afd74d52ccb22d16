// `node -r ./.ci/typescript.cjs file.ts` runs TypeScript without a build, the other packages' sources included:
// for tools, and for tests that need a process of their own (a writer that is killed, say).

const Module = require('node:module')
const { join } = require('node:path')
const { register } = require('esbuild-register/dist/node')

register({ target: 'node20' })

const entry = /^@access-pools\/([^/]+)(\/testing)?$/
const packages = join(__dirname, '..', 'packages')
const resolveFilename = Module._resolveFilename

Module._resolveFilename = function (request, ...rest) {
  const [, name, testing] = entry.exec(request) ?? []
  const file =
    name === undefined ? request : join(packages, name, 'src', testing ? 'testing' : '', 'index.ts')
  return resolveFilename.call(this, file, ...rest)
}
