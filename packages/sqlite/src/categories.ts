/**
 * The kinds of streams in a file, numbered: what comes before the first dash of a name, with the dash, or the whole
 * name where it has none. So a namesake (`epoch-2` beside `epoch`) is another kind.
 */
import type { StreamFilter } from '@access-pools/core'
import type { Connection } from './connection'

export const categoryOf = (stream: string): string => {
  const dash = stream.indexOf('-')
  return dash < 0 ? stream : stream.slice(0, dash + 1)
}

/** What a filter takes of the kinds that are there. */
export interface Taken {
  readonly categories: readonly number[]
  /** Streams that it names, of kinds that it does not take as a whole. */
  readonly streams: readonly string[]
  /** All kinds that are there: nothing needs to be left out. */
  readonly everything: boolean
}

export interface Categories {
  /** The number of a stream's category; gives it one, in the transaction under way. */
  readonly numberOf: (stream: string) => number
  readonly takenBy: (filter: StreamFilter) => Taken
  /** What was numbered in a transaction that was rolled back is not. */
  readonly forget: () => void
}

/** A store in a shared file might hold any number of kinds; ours has six. */
const MOST_KNOWN = 1000

export const openCategories = (connection: Connection): Categories => {
  const known = new Map<string, number>()
  const find = connection.prepare('SELECT id FROM categories WHERE name = ?')
  const count = connection.prepare('SELECT count(*) FROM categories')
  const add = connection.prepare('INSERT INTO categories (name) VALUES (?) RETURNING id')

  const lookUp = (name: string): number | undefined => {
    const there = known.get(name) ?? find.number(name)
    if (there !== undefined && known.size < MOST_KNOWN) known.set(name, there)
    return there
  }

  const resolved = new WeakMap<StreamFilter, { readonly there: number; readonly taken: Taken }>()
  const resolve = ({ categories, names }: StreamFilter, there: number): Taken => {
    const whole = new Set([
      ...categories.map((name) => `${name}-`),
      ...names.filter((name) => !name.includes('-')),
    ])
    const numbers = [...whole].map(lookUp).filter((number) => number !== undefined)
    return {
      categories: numbers,
      streams: [...new Set(names)].filter((name) => name.includes('-') && !whole.has(categoryOf(name))),
      everything: numbers.length === there,
    }
  }

  return {
    numberOf: (stream) => {
      const name = categoryOf(stream)
      const number = lookUp(name) ?? add.number(name)
      if (number === undefined) throw new Error('a category got no number')
      return number
    },
    takenBy: (filter) => {
      // Categories are only ever added: while there are as many, a filter takes the same ones.
      const there = count.number() ?? 0
      const before = resolved.get(filter)
      if (before?.there === there) return before.taken
      const taken = resolve(filter, there)
      resolved.set(filter, { there, taken })
      return taken
    },
    forget: () => known.clear(),
  }
}
