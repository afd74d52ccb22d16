// Two kinds of rules: those that need types (a promise nobody waits for is a lost event), and the measures of the
// house, which keep files and functions readable. Exceptions carry a reason; `npm run house` counts them.

import tseslint from 'typescript-eslint'

const CLOCK = 'Take it from a Runtime (packages/core/src/domain/runtime.ts): a test must be able to move it.'
const ENTROPY =
  'Take it from a Runtime (packages/core/src/domain/runtime.ts): a run must be repeatable from a seed.'

/** The machine's clock, timers and randomness are ports; everything else asks the port. */
const portsOnly = {
  'no-restricted-globals': [
    'error',
    ...['setTimeout', 'setInterval', 'setImmediate', 'performance'].map((name) => ({ name, message: CLOCK })),
  ],
  'no-restricted-imports': [
    'error',
    {
      paths: [
        ...['timers', 'timers/promises', 'perf_hooks']
          .flatMap((name) => [name, `node:${name}`])
          .map((name) => ({ name, message: CLOCK })),
        ...['crypto', 'node:crypto'].map((name) => ({
          name,
          importNames: ['randomUUID', 'randomBytes', 'randomInt', 'getRandomValues', 'webcrypto'],
          message: ENTROPY,
        })),
      ],
      patterns: [
        {
          regex: '^@access-pools/[^/]+/(?!testing$)',
          message: 'Packages meet at their public entries only.',
        },
      ],
    },
  ],
  'no-restricted-syntax': [
    'error',
    { selector: "MemberExpression[object.name='Date'][property.name='now']", message: CLOCK },
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: CLOCK },
    { selector: "CallExpression[callee.name='Date']", message: CLOCK },
    { selector: "MemberExpression[object.name='process'][property.name='hrtime']", message: CLOCK },
    {
      selector:
        "MemberExpression[object.name='globalThis'][property.name=/^(setTimeout|setInterval|setImmediate|performance)$/]",
      message: CLOCK,
    },
    { selector: "MemberExpression[object.name='Math'][property.name='random']", message: ENTROPY },
    {
      selector:
        "TSAsExpression:not([typeAnnotation.typeName.name='const']) > ObjectExpression.expression[properties.length>0]",
      message: 'An assertion hides a missing field: annotate the variable, or use satisfies.',
    },
    {
      selector: 'ExportAllDeclaration',
      message: 'Public names are exported one by one, so that each is meant.',
    },
  ],
}

const typeAware = {
  '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    // A default that is written down says what becomes of the rest; one that nothing reaches would hide the case
    // that is added next year.
    { considerDefaultExhaustiveForUnions: true, allowDefaultCaseForExhaustiveSwitch: false },
  ],
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
  ],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  // A port's function is async for those that wait, whether or not this one does.
  '@typescript-eslint/require-await': 'off',
  eqeqeq: 'error',
}

/** The measures of the house, and the shape of a function that can be read in one go. */
const measures = {
  'max-lines': ['error', { max: 400 }],
  'max-lines-per-function': ['error', { max: 80 }],
  // A switch over a closed union counts once: one case an event is the plainest form there is.
  complexity: ['error', { max: 14, variant: 'modified' }],
  'max-depth': ['error', 4],
  'max-params': ['error', 5],
}

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '.turbo/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['packages/*/src/**/*.ts', 'packages/*/test/**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: typeAware,
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: { ...measures, ...portsOnly },
  },
  {
    // The port itself. The other bans hold here too, but these are what it is made of.
    files: ['packages/core/src/domain/runtime.ts'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-imports': 'off', 'no-restricted-syntax': 'off' },
  },
  {
    files: ['packages/*/test/**/*.ts'],
    rules: {
      // One describe is a chapter of the product, and tables of rows are long: only files are measured.
      'max-lines': ['error', { max: 500 }],
      // Tests look into parsed documents, whose shape is what they assert.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/consistent-type-assertions': 'off',
    },
  },
  {
    files: ['*.{ts,mjs,cjs}', '.*.cjs', '.ci/*.{mjs,cjs}', 'packages/*/bin/*.js'],
    languageOptions: { parser: tseslint.parser },
    rules: { eqeqeq: 'error', 'no-unused-vars': 'error', 'no-undef': 'off' },
  },
)
