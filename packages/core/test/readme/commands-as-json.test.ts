import { commands } from '../../src/domain/commands'
import { codeIn, tableUnder } from './documents'

/** The fields of `{a, b?, c: {…}}`: those of the object itself, with the mark of those that may be absent. */
const fieldsIn = (shape: string): readonly string[] => {
  let depth = 0
  let own = ''
  for (const char of shape) {
    if ('}]'.includes(char)) depth -= 1
    if (depth === 1) own += char
    if ('{['.includes(char)) depth += 1
  }
  return own
    .split(',')
    .map((field) => field.replace(/:.*/s, '').trim())
    .filter((field) => field !== '')
    .sort()
}

/** Fields that the text above the table tells of. */
const OF_MANY = ['note', 'sourceVersion']

describe('Commands as JSON in docs/command-line.md', () => {
  const [, ...rows] = tableUnder('docs/command-line.md', '## Commands as JSON')
  const written = rows.flatMap(([names = '', data = '']) =>
    codeIn(names).map((name) => ({ name, fields: fieldsIn(codeIn(data)[0] ?? '') })),
  )

  test('are all that there are', () => {
    expect(written.map(({ name }) => name).sort()).toEqual(Object.keys(commands).sort())
  })

  test.each(written)('$name has the fields of its codec', ({ name, fields }) => {
    const codec: object | undefined = Object.entries(commands).find(([of]) => of === name)?.[1]
    // The codec of a registration is one of its own: its fields are tested by what it decodes.
    if (codec === undefined || !('required' in codec) || !('optional' in codec)) return
    const required = Object.keys(codec.required as object)
    const optional = Object.keys(codec.optional as object).filter((field) => !OF_MANY.includes(field))
    expect(fields).toEqual([...required, ...optional.map((field) => `${field}?`)].sort())
  })
})
