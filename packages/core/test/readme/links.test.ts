/** What documents point at is there; and nothing in the repository depends on where it was written. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { filesEndingIn, read, repository } from './documents'

const documents = filesEndingIn('.md')

const withoutCode = (text: string): string => text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '')

/** Where a document points at within the repository. */
const linksIn = (text: string): readonly string[] =>
  [...withoutCode(text).matchAll(/\]\(\s*<?([^)\s>]+)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))

/** The names by which headings are linked to. */
const anchorsOf = (path: string): ReadonlySet<string> => {
  const headings = [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading)
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

const isBroken = (document: string, link: string): boolean => {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? document : join(dirname(document), path)
  if (target.startsWith('..') || !existsSync(join(repository, target))) return true
  return anchor !== undefined && !anchorsOf(target).has(anchor)
}

test.each(documents)('The links of %s lead somewhere', (document) => {
  expect(linksIn(read(document)).filter((link) => isBroken(document, link))).toEqual([])
})

test('Every decision stands in the list of decisions, and is short', () => {
  const listed = linksIn(read('docs/decisions/README.md'))
  const decisions = documents.filter((path) => /^docs\/decisions\/\d{4}-/.test(path))
  expect(decisions.map((path) => path.slice('docs/decisions/'.length))).toEqual(listed)
  expect(decisions.filter((path) => read(path).trimEnd().split('\n').length > 40)).toEqual([])
})

/** Folders of somebody's machine, and hosts that packages came from. The strings are cut, so as not to be found here. */
const foreign = [
  /(?<![\w.}@-])\/(?:home|root|Users|work|mnt|srv)\/[\w.-]/,
  /[A-Z]:\\(?:Users|work)\\/,
  /\.\.\/shared\b/,
  new RegExp(['registry', 'npmjs', 'org'].join('\\.')),
  /"resolved": *"[a-z]+:\/\//,
  /\/\/[\w.-]*(?:artifactory|verdaccio|nexus|npm-proxy)[\w.-]*/,
]

test('No file names a folder of a machine or the host of a registry', () => {
  const files = filesEndingIn('.md', '.ts', '.json', '.mjs', '.cjs', '.js', '.yaml', '.yml', '.npmrc', 'run')
  const found = [...files, 'package-lock.json'].flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, at) =>
        foreign.some((pattern) => pattern.test(line))
          ? [`${path}:${at + 1}: ${line.trim().slice(0, 120)}`]
          : [],
      ),
  )
  expect(found).toEqual([])
})
