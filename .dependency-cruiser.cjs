// Which file may import which. Type imports count: a circle of types is a circle of thought.

/** The floors of the core, from the ground up: a folder imports from those before it only. */
const floors = ['domain', 'store', 'decision', 'commands', 'projection', 'reactions', 'audit', 'testing']

const core = '^packages/core/src'

/** One rule a floor: it does not look at the floors above it, nor at the entry that gathers them all. */
const floorRules = floors.map((floor, at) => {
  const above = floors.slice(at + 1).join('|')
  return {
    name: `floor-${floor}`,
    comment: `${floor} imports from ${floors.slice(0, at + 1).join(', ')} only`,
    severity: 'error',
    from: { path: `${core}/${floor}/` },
    to: { path: above === '' ? `${core}/index\\.ts$` : `${core}/((${above})/|index\\.ts$)` },
  }
})

/** Node's own modules and other packages of the workspace are judged by other rules. */
const thirdParty = (...allowed) => ({
  dependencyTypesNot: ['core'],
  path: 'node_modules/',
  pathNot: allowed.map((name) => `node_modules/(@types/)?${name}/`),
})

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'a circle has no reading order',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'a module that cannot be found: not installed, not built, or not a public entry',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    ...floorRules,
    {
      name: 'floor-is-known',
      comment: 'a new folder of the core takes its place among the floors (.dependency-cruiser.cjs)',
      severity: 'error',
      from: { path: `${core}/[^/]+/`, pathNot: `${core}/(${floors.join('|')})/` },
      to: {},
    },
    {
      name: 'entry-gathers-no-testing',
      comment: 'what only tests need stays behind ./testing, with its optional dependency',
      severity: 'error',
      from: { path: `${core}/index\\.ts$` },
      to: { path: `${core}/testing/` },
    },
    {
      name: 'core-needs-no-server',
      comment: 'a gateway installs the core: fp-ts, io-ts and Node, nothing else',
      severity: 'error',
      from: { path: `${core}/`, pathNot: `${core}/testing/` },
      to: thirdParty('fp-ts', 'io-ts'),
    },
    {
      name: 'core-testing-needs-fast-check-at-most',
      severity: 'error',
      from: { path: `${core}/testing/` },
      to: thirdParty('fp-ts', 'io-ts', 'fast-check'),
    },
    {
      name: 'core-knows-no-other-package',
      severity: 'error',
      from: { path: `${core}/` },
      to: { path: '^packages/(?!core/)' },
    },
    {
      name: 'sqlite-needs-its-binding-only',
      severity: 'error',
      from: { path: '^packages/sqlite/src/' },
      to: thirdParty('fp-ts', 'io-ts', '@photostructure/sqlite'),
    },
    {
      name: 'sqlite-knows-the-core-only',
      severity: 'error',
      from: { path: '^packages/sqlite/src/' },
      to: { path: '^packages/(?!core/|sqlite/)' },
    },
    {
      name: 'eventstoredb-needs-its-client-only',
      severity: 'error',
      from: { path: '^packages/eventstoredb/src/' },
      to: thirdParty('fp-ts', 'io-ts', '@eventstore/db-client', 'google-protobuf'),
    },
    {
      name: 'eventstoredb-knows-the-core-only',
      severity: 'error',
      from: { path: '^packages/eventstoredb/src/' },
      to: { path: '^packages/(?!core/|eventstoredb/)' },
    },
    {
      name: 'nobody-imports-an-application',
      comment: 'the command and the benchmarks are ends, not parts',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/(cli|benchmarks)/', pathNot: '^packages/$1/' },
    },
    {
      name: 'public-entries-only',
      comment: 'packages meet at "." and "./testing", as they would if they came from the registry',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: {
        path: '^packages/',
        pathNot: ['^packages/$1/', '^packages/[^/]+/dist/(testing/)?index\\.(js|d\\.ts)$'],
      },
    },
    {
      name: 'no-testing-in-production',
      comment: './testing needs fast-check, which those who run the software do not install',
      severity: 'error',
      from: { path: '^packages/(?!core/|benchmarks/)[^/]+/src/' },
      to: { path: '^packages/core/dist/testing/' },
    },
    {
      name: 'no-tests-in-sources',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { path: '^packages/[^/]+/test/' },
    },
    {
      name: 'dependencies-are-declared',
      comment: 'a peer of which only types are taken is called undeclared beside being called a peer',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm-peer'],
        path: 'node_modules/',
      },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['^packages/[^/]+/dist/.*\\.map$'] },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
      extensions: ['.ts', '.js', '.json', '.d.ts'],
    },
  },
}
