// The measures of the house: files and functions that can be read in one go, and folders that can be listed.
// Prints them for packages/*/src, and fails where one is broken. What ESLint can say of a single file (400 lines
// at most, 80 a function) it says earlier and better; the shape of the whole only shows here.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const limits = {
  medianFile: 150,
  p90File: 280,
  longestFile: 400,
  p90Function: 40,
  filesInFolder: 15,
  publicNames: 160,
}
/** One file a chapter of the product, and one more than elsewhere is a sign that it has them all. */
const filesInPool = 16

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const broken = []
const hold = (what, measured, limit) => {
  if (measured > limit) broken.push(`${what}: ${measured}, at most ${limit}`)
}

/** The value that so large a part of the numbers does not exceed. */
function quantile(numbers, part) {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0
}

/** Lines that hold a comment, found by TypeScript's own scanner: `//` in a string is none. */
function commentLines(source) {
  const lines = new Set()
  const visit = (node) => {
    for (const range of ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? []) add(range)
    for (const range of ts.getTrailingCommentRanges(source.text, node.getEnd()) ?? []) add(range)
    node.getChildren(source).forEach(visit)
  }
  const add = ({ pos, end }) => {
    const last = source.getLineAndCharacterOfPosition(end).line
    for (let line = source.getLineAndCharacterOfPosition(pos).line; line <= last; line++) lines.add(line)
  }
  visit(source)
  return lines.size
}

function functionLengths(source) {
  const lengths = []
  const visit = (node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const line = (at) => source.getLineAndCharacterOfPosition(at).line
      lengths.push(line(node.getEnd()) - line(node.getStart(source)) + 1)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return lengths
}

function measure(path) {
  const text = readFileSync(path, 'utf8')
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  return {
    path: relative(root, path),
    folder: relative(root, dirname(path)),
    lines: text.trimEnd().split('\n').length,
    comments: commentLines(source),
    functions: functionLengths(source),
  }
}

const typescriptIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.split(/[/\\]/).includes('dist'))
        .map((name) => join(folder, name))
        .sort()
    : []

const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
)
const files = packages.flatMap((name) => typescriptIn(join(root, 'packages', name, 'src'))).map(measure)
const tests = packages.flatMap((name) => typescriptIn(join(root, 'packages', name, 'test')))

// Folders

const folders = new Map()
for (const file of files) folders.set(file.folder, [...(folders.get(file.folder) ?? []), file])

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)
const row = (...cells) =>
  console.log(
    cells.map((cell, at) => (at === 0 ? String(cell).padEnd(40) : String(cell).padStart(8))).join(''),
  )

row('folder', 'files', 'lines', 'longest')
for (const [folder, held] of [...folders].sort(([a], [b]) => a.localeCompare(b))) {
  row(folder, held.length, sum(held.map((file) => file.lines)), Math.max(...held.map((file) => file.lines)))
  hold(`files in ${folder}`, held.length, basename(folder) === 'pool' ? filesInPool : limits.filesInFolder)
}

// Files and functions

const lengths = files.map((file) => file.lines)
const functions = files.flatMap((file) => file.functions)
row('all', files.length, sum(lengths), Math.max(...lengths))
console.log(`\nfiles      median ${quantile(lengths, 0.5)}, 90th percentile ${quantile(lengths, 0.9)} lines`)
console.log(
  `functions  median ${quantile(functions, 0.5)}, 90th percentile ${quantile(functions, 0.9)} lines, longest ${Math.max(0, ...functions)}`,
)
console.log(
  `comments   ${((100 * sum(files.map((file) => file.comments))) / sum(lengths)).toFixed(1)} % of the lines (10 to 20 are aimed at)`,
)
hold('median of file lengths', quantile(lengths, 0.5), limits.medianFile)
hold('90th percentile of file lengths', quantile(lengths, 0.9), limits.p90File)
hold('90th percentile of function lengths', quantile(functions, 0.9), limits.p90Function)
for (const file of files) hold(`lines of ${file.path}`, file.lines, limits.longestFile)

for (const file of [...files.map(({ path }) => path), ...tests.map((path) => relative(root, path))])
  if (/(^|[-_])(utils?|helpers?|common|misc|manager|impl)([-_]|\.)/.test(basename(file)))
    broken.push(`${file}: name it after what it does`)

// Public names

const entry = join(root, 'packages/core/src/index.ts')
const names = [...readFileSync(entry, 'utf8').matchAll(/export\s+(?:type\s+)?\{([^}]*)\}/g)].flatMap(
  ([, list]) => list.split(',').filter((name) => name.replace(/\/\/.*|\/\*[^]*?\*\//g, '').trim() !== ''),
).length
console.log(`names      ${names} public in @access-pools/core`)
hold('public names of @access-pools/core', names, limits.publicNames)

// Exceptions

const disabled = [...files.map((file) => join(root, file.path)), ...tests].flatMap((path) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text, at) =>
      text.includes('eslint-disable') ? [{ at: `${relative(root, path)}:${at + 1}`, text }] : [],
    ),
)
console.log(
  `exceptions ${disabled.length} from ESLint's rules${disabled.map(({ at }) => `\n  ${at}`).join('')}`,
)
for (const { at, text } of disabled)
  if (!/eslint-disable(-next-line|-line)? [^*]* -- \S/.test(text))
    broken.push(`${at}: an exception without a rule or a reason ("-- reason")`)

for (const fault of broken) console.error(`✗ ${fault}`)
process.exitCode = broken.length > 0 ? 1 : 0
