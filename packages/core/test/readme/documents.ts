/** The documents of the repository, and what tests read out of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const repository = join(__dirname, '..', '..', '..', '..')

export const read = (path: string): string => readFileSync(join(repository, path), 'utf8')

/** What installing, building and testing leave behind is not the repository's. */
const notOurs = new Set(['node_modules', 'dist', 'coverage', '.git', '.turbo', 'package-lock.json'])

/** The files of the repository whose names end like one of these, by their paths from its top. */
export const filesEndingIn = (...endings: readonly string[]): readonly string[] => {
  const within = (folder: string): string[] =>
    readdirSync(join(repository, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name)
      if (notOurs.has(entry.name)) return []
      if (entry.isDirectory()) return within(path)
      return entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)) ? [path] : []
    })
  return within('.').sort()
}

/** The rows of the first table under a heading, each as its cells; without the line that divides them. */
export const tableUnder = (path: string, heading: string): readonly (readonly string[])[] => {
  const lines = read(path).split('\n')
  const rows: string[][] = []
  for (const line of lines.slice(lines.indexOf(heading) + 1)) {
    if (line.startsWith('|'))
      rows.push(
        line
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
    else if (rows.length > 0) break
  }
  return rows.filter(([first]) => first === undefined || !/^-+$/.test(first))
}

/** What stands between backticks, piece by piece. */
export const codeIn = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)

/** The fenced blocks under a heading, in order. */
export const fenced = (path: string, heading: string): readonly string[] => {
  const [, section = ''] = read(path).split(`\n${heading}\n`)
  const [own = ''] = section.split(/^## /m)
  return [...own.matchAll(/^```\w*\n(.*?)^```$/gms)].map(([, block = '']) => block)
}

/** The program that a test holds: what it imports from packages, and its lines between the two marks. */
export const programIn = (source: string): string => {
  const imports = source.split('\n').filter((line) => /^import .* from '(@access-pools|fp-ts)\//.test(line))
  const [, body = ''] = /\/\/ README begins\n(.*?)\n *\/\/ README ends/s.exec(source) ?? []
  const indent = /^ */.exec(body)?.[0] ?? ''
  const lines = body.split('\n').map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
  return [...imports, '', ...lines, ''].join('\n')
}
