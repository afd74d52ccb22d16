/** JSON as it is given on a command line or in a file's lines, with errors that name the field. */
import { type Either, left, right } from 'fp-ts/Either'
import { messageOf } from '../failure'

/** The fields of a JSON object. */
export type Fields = ReadonlyMap<string, unknown>

/** Reads JSON; the error says where it is none. */
export const parseJson = (text: string): Either<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text)
    return right(value)
  } catch (error) {
    return left(`is no JSON: ${messageOf(error)}`)
  }
}

/** Reads a JSON object that has these fields at most. */
export const fieldsOf = (value: unknown, known: readonly string[]): Either<readonly string[], Fields> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return left(['the value: must be an object'])
  const fields = new Map<string, unknown>(Object.entries(value))
  const unknown = [...fields.keys()].filter((name) => !known.includes(name))
  return unknown.length === 0 ? right(fields) : left(unknown.map((name) => `${name}: is not a field here`))
}
