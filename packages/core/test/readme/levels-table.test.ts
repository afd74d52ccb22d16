import { capabilities, DEFAULT_LEVEL } from '../../src/domain/capabilities'
import { codeIn, read, tableUnder } from './documents'

describe('The levels in docs/product.md', () => {
  const [[, ...levels] = [], ...rows] = tableUnder('docs/product.md', '## Levels')
  const written = levels.map((level, at) => [
    level,
    Object.fromEntries(
      rows.map(([what = '', ...cells]) => {
        const cell = cells[at] ?? ''
        return [codeIn(what)[0], codeIn(cell)[0] ?? { yes: true, no: false }[cell]]
      }),
    ),
  ])

  test('allow what the table in the code allows', () => {
    expect(Object.fromEntries(written)).toEqual(capabilities)
  })

  test('name the default', () => {
    expect(read('docs/product.md')).toContain(`The default level is ${DEFAULT_LEVEL}.`)
  })
})
