// `MUTANT={"file": …, "edits": [[find, replace], …]}` loads one file of the core with its text changed. The text is
// changed as it is loaded: nothing in the code knows of it. Comes after `.ci/typescript.cjs`, whose loader it wraps.

const Module = require('node:module')
const { join } = require('node:path')

const { file, edits } = JSON.parse(process.env.MUTANT ?? '')
const target = join(__dirname, '..', '..', 'src', file)

const mutate = (source) =>
  edits.reduce((text, [find, replace]) => {
    const found = text.split(find).length - 1
    if (found !== 1) throw new Error(`${file} holds ${found} times, not once: ${find}`)
    return text.split(find).join(replace)
  }, source)

const load = Module._extensions['.ts']
Module._extensions['.ts'] = (module, filename) => {
  if (filename !== target) return load(module, filename)
  // The loader puts its own step before the module's compilation: what reaches that step is the source.
  let compile = module._compile
  let wrapped = false
  Object.defineProperty(module, '_compile', {
    configurable: true,
    get: () => compile,
    set: (next) => {
      compile = wrapped ? next : (source, name) => next.call(module, mutate(source), name)
      wrapped = true
    },
  })
  return load(module, filename)
}
