// The last line of .ci/run, for people and for scripts: `N passed, N failed`. A test file that could not even be
// loaded, checks that failed and tests that never started count as one failure each, so that the line is never
// better than the exit code.

import { readFileSync } from 'node:fs'

const [results, check] = process.argv.slice(2)

function tests() {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(results, 'utf8'),
    )
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites }
  } catch {
    return { passed: 0, failed: 1 }
  }
}

const { passed, failed } = tests()
if (check !== '0') console.log('npm run check failed, see above')
console.log(`${passed} passed, ${failed + (check === '0' ? 0 : 1)} failed`)
