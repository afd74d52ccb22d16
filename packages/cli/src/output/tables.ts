/** Tables for people: plain columns, without lines. */

/** Control characters of ids and labels must not reach a terminal; none should hold any. */
const plain = (text: string): string => text.replace(/\p{Cc}/gu, '·')

/** Rows under a head. */
export const table = async (
  head: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<string> => {
  const { default: Table } = await import('cli-table3')
  const none = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left']
  const lines = [...none, 'bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid']
  const drawn = new Table({
    head: [...head],
    chars: { ...Object.fromEntries(lines.map((name) => [name, ''])), middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  for (const row of rows) drawn.push(row.map(plain))
  return `${drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`
}
