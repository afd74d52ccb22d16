/** @jest-config-loader esbuild-register */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from 'jest'

/** Tests see the sources of the other packages, so that they need no build. */
const sources = {
  '^@access-pools/([^/]+)$': `${__dirname}/packages/$1/src/index.ts`,
  '^@access-pools/([^/]+)/testing$': `${__dirname}/packages/$1/src/testing/index.ts`,
}

/** Tests wait for conditions, never for a time, and a busy machine takes its own. */
const testTimeout = 30_000

const packages = readdirSync(join(__dirname, 'packages')).filter((name) =>
  existsSync(join(__dirname, 'packages', name, 'test')),
)

const config: Config = {
  maxWorkers: 2,
  testTimeout,
  projects: packages.map((name) => ({
    displayName: name,
    rootDir: join(__dirname, 'packages', name),
    testMatch: ['<rootDir>/test/**/*.test.ts'],
    testEnvironment: 'node',
    modulePathIgnorePatterns: ['<rootDir>/dist/'],
    moduleNameMapper: sources,
    transform: {
      '\\.ts$': ['@swc/jest', { swcrc: false, jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
    },
  })),
}

export default config
