/** The lines of a file or of standard input, as they come; blank ones are passed over. */
import { createReadStream } from 'node:fs'
import { type Either, isLeft, left, right } from 'fp-ts/Either'
import { codeOf, failed, messageOf, usage } from '../failure'
import type { Terminal } from '../terminal'

export interface Line {
  readonly number: number
  /** Its text, or what is wrong with its bytes. */
  readonly text: Either<string, string>
}

/** A line this long is no command of ours. */
const LONGEST = 8 * 1024 * 1024

const NEWLINE = 0x0a

const chunksOf = ({ input }: Terminal, file: string): AsyncIterable<Uint8Array> =>
  file === '-' ? input() : createReadStream(file)

async function* bytesOf(terminal: Terminal, file: string): AsyncIterable<Uint8Array> {
  try {
    yield* chunksOf(terminal, file)
  } catch (error) {
    throw failed(
      codeOf(error) === 'ENOENT'
        ? `There is no file ${file}.`
        : `${file} cannot be read: ${messageOf(error)}.`,
    )
  }
}

/** A byte-order mark is passed over where a file begins, and nowhere else. */
const textOf = (bytes: Uint8Array, begins: boolean): Either<string, string> => {
  try {
    return right(new TextDecoder('utf-8', { fatal: true, ignoreBOM: !begins }).decode(bytes))
  } catch {
    return left('is not UTF-8')
  }
}

const isBlank = ({ text }: Line): boolean => !isLeft(text) && text.right.trim() === ''

/** Reads line by line. */
export async function* linesOf(terminal: Terminal, file: string): AsyncIterable<Line> {
  let parts: Uint8Array[] = []
  let length = 0
  let number = 1
  const add = (part: Uint8Array): void => {
    parts.push(part)
    length += part.length
    if (length > LONGEST) throw failed(`Line ${number} is longer than ${LONGEST} bytes.`)
  }
  const line = (): Line => ({ number, text: textOf(Buffer.concat(parts, length), number === 1) })
  for await (const chunk of bytesOf(terminal, file)) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end))
      const whole = line()
      if (!isBlank(whole)) yield whole
      start = end + 1
      number += 1
      parts = []
      length = 0
    }
    add(chunk.subarray(start))
  }
  const last = line()
  if (!isBlank(last)) yield last
}

/** All of standard input. */
export const readInput = async (terminal: Terminal): Promise<string> => {
  const parts: Uint8Array[] = []
  for await (const part of bytesOf(terminal, '-')) parts.push(part)
  const text = textOf(Buffer.concat(parts), true)
  if (isLeft(text)) throw usage(`Standard input ${text.left}.`)
  return text.right
}
