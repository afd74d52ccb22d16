/** Says a line at once, so that it is known however this process ends; waits where the reader is behind. */
import { writeSync } from 'node:fs'

export const say = (line: string): void => {
  for (let rest = Buffer.from(`${line}\n`); rest.length > 0;)
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
    }
}
