/** Progress of long work, for people at a terminal only: how much, how fast, how long still. */
import type { Terminal } from '../terminal'

export interface Progress {
  readonly advance: (steps: number) => void
  readonly end: () => void
}

export interface ProgressOptions {
  readonly shown: boolean
  readonly total: number
  readonly what: string
}

const NONE: Progress = { advance: () => undefined, end: () => undefined }

/** Starts a bar on the messages' side, so that documents stay clean. */
export const startProgress = async (
  { messages, runtime }: Terminal,
  { shown, total, what }: ProgressOptions,
): Promise<Progress> => {
  if (!shown || !messages.isTerminal || total === 0) return NONE
  const { SingleBar } = await import('cli-progress')
  const bar = new SingleBar({
    format: `${what} {bar} {percentage} % │ {value} of {total} │ {rate} a second │ {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 30,
  })
  const begun = runtime.monotonic()
  let done = 0
  bar.start(total, 0, { rate: '–' })
  return {
    advance: (steps) => {
      done += steps
      const seconds = (runtime.monotonic() - begun) / 1000
      bar.update(done, { rate: seconds > 0 ? Math.round(done / seconds) : '–' })
    },
    end: () => bar.stop(),
  }
}
