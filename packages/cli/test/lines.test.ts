/** What comes in as bytes, and what stands in documents where there is nothing. */
import { right } from 'fp-ts/Either'
import { outcomeDocument } from '../src/documents/outcome'
import { file } from './files'
import { shell } from './shell'

const bytes = (...parts: readonly (string | number)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))))

const pool = (id: string, name: string): string =>
  `{"command":"CreatePool","data":{"pool":"${id}","organization":"o","name":"${name}"}}`

const NOT_UTF8 = { outcome: 'Invalid', errors: ['the line: is not UTF-8'] }

describe('Bytes that are not UTF-8', () => {
  const [before, after] = pool('bad', 'Caf?').split('?')
  const bad = bytes(before ?? '', 0xe9, after ?? '')

  test('are an invalid line of apply, and nothing of it is written', async () => {
    const s = shell()
    const text = Buffer.concat([
      bytes(0xef, 0xbb, 0xbf, pool('p', 'Café 💥'), '\r\n \n'),
      bad,
      bytes('\n', pool('q', 'Q')),
    ])
    for (const source of ['-', file('lines.jsonl', text)]) {
      const said = await s.fed(text, '--json', 'apply', source)
      const outcome = source === '-' ? 'Done' : 'Refused'
      expect(said.docs).toMatchObject([{ outcome }, NOT_UTF8, { outcome }])
    }
    expect((await s.json('pools')).doc.map(({ name }: { name: string }) => name)).toEqual(['Café 💥', 'Q'])
    expect((await s.fed(bad, 'apply', '-')).out).toBe('line 1: invalid. the line: is not UTF-8\n')
  })

  test('are an invalid line of a batch', async () => {
    const text = bytes('{"charger":"c","none":true}\n{"charger":"', 0xff, '","none":true}\n')
    const said = await shell().fed(text, '--json', 'decide', '--batch', '-')
    expect([said.code, said.docs[0].reason, said.docs[1]]).toEqual([6, 'NotInPool', NOT_UTF8])
  })

  test('are no data of run', async () => {
    const s = shell()
    const before = await s.events()
    const data = bytes('{"pool":"p","organization":"o","name":"', 0xe9, '"}')
    const said = await s.fed(data, '--json', 'run', 'CreatePool', '-')
    expect([said.code, said.out, said.err]).toEqual([2, '', expect.stringContaining('is not UTF-8')])
    expect(await s.events()).toBe(before)
  })
})

test('A byte-order mark is passed over where a file begins alone', async () => {
  const said = await shell().fed(`\uFEFF${pool('p', 'P')}\n\uFEFF${pool('q', 'Q')}\n`, '--json', 'apply', '-')
  expect(said.docs.map(({ outcome }) => outcome)).toEqual(['Done', 'Invalid'])
})

test('A line without data, or of no command, says so by the name of the field', async () => {
  const said = await shell().fed(
    '{"command":"Nope","data":{}}\n{"command":"CreatePool"}\n{"command":"CreatePool","data":null}',
    '--json',
    'apply',
    '-',
  )
  expect(said.docs.map(({ errors }) => errors)).toEqual([
    ['command: there is no command "Nope"'],
    ['data: is missing'],
    ['data: the value: must be an object'],
  ])
})

describe('--if-revision', () => {
  test.each([
    ['CreatePool', { organization: 'o', name: 'P' }],
    ['AllocateCharger', { charger: 'c', host: 'h', organization: 'o' }],
    ['DeallocateCharger', { charger: 'c' }],
    ['RegisterIdentity', { identity: 'user:1' }],
    ['BlockIdentity', { identity: 'user:1' }],
    ['UnblockIdentity', { identity: 'user:1' }],
    ['DeregisterIdentity', { identity: 'user:1' }],
    ['RegisterPartner', { partner: 'ampup' }],
    ['SkipEvent', { stream: 'accessPool-p', revision: 1, reason: 'broken' }],
  ])('is no option of %s', async (command, data) => {
    const s = shell()
    const before = await s.events()
    const said = await s.run(command, data, '--if-revision', '0')
    expect([said.code, said.out]).toEqual([2, ''])
    expect(said.err).toContain(`--if-revision: ${command}`)
    expect(await s.events()).toBe(before)
  })
})

test('Before the first event there is no revision and no position', async () => {
  const done = right({ events: [], value: {}, warnings: [], revision: -1, position: undefined })
  expect(outcomeDocument(done)).toMatchObject({ outcome: 'Done', revision: null, position: null })
  const s = shell()
  await s.run('CreatePool', { pool: 'p', organization: 'o', name: 'P' })
  const asked = ['decide', 'c', '--none', '--known', '2000-01-01T00:00:00Z']
  expect((await s.json(...asked)).doc).toHaveProperty('position', null)
  expect((await s.json(...asked, '--plain')).doc).not.toHaveProperty('position')
})
