/** The lines of a file or of standard input, as they come; blank ones are passed over. */
import { createReadStream } from 'node:fs'
import { codeOf, failed, messageOf } from '../failure'
import type { Terminal } from '../terminal'

export interface Line {
  readonly number: number
  readonly text: string
}

/** A line this long is no command of ours. */
const LONGEST = 8 * 1024 * 1024

const chunksOf = ({ input }: Terminal, file: string): AsyncIterable<Uint8Array> =>
  file === '-' ? input() : createReadStream(file)

/** Whatever is not UTF-8 becomes a character that no id holds, so that its line alone is refused. */
async function* texts(terminal: Terminal, file: string): AsyncIterable<string> {
  const decoder = new TextDecoder()
  try {
    for await (const chunk of chunksOf(terminal, file)) yield decoder.decode(chunk, { stream: true })
  } catch (error) {
    throw failed(
      codeOf(error) === 'ENOENT'
        ? `There is no file ${file}.`
        : `${file} cannot be read: ${messageOf(error)}.`,
    )
  }
  yield decoder.decode()
}

/** Reads line by line. */
export async function* linesOf(terminal: Terminal, file: string): AsyncIterable<Line> {
  let rest = ''
  let number = 0
  for await (const text of texts(terminal, file)) {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST)
      throw failed(`Line ${number + lines.length + 1} is longer than ${LONGEST} characters.`)
    for (const line of lines) {
      number += 1
      if (line.trim() !== '') yield { number, text: line }
    }
  }
  if (rest.trim() !== '') yield { number: number + 1, text: rest }
}

/** All of standard input. */
export const readInput = async (terminal: Terminal): Promise<string> => {
  let all = ''
  for await (const text of texts(terminal, '-')) all += text
  return all
}
