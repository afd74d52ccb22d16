/**
 * What a reader of access changes must know to decide by them. A pool names in `needs` what its record relies on
 * beyond the first version of the contract; a reader that does not know one of them closes the pool, so an old
 * gateway never ignores a new restriction.
 */
import type * as t from 'io-ts'
import { canonical } from '../domain/language/struct'
import { left, right } from 'fp-ts/Either'

/** The name of a feature: lower-case letters, digits and dashes, a letter first. */
export type Feature = string & { readonly isFeature: true }

const isFeature = (text: string): text is Feature => /^[a-z][a-z0-9-]{0,31}$/.test(text)
export const Feature: t.Type<Feature, Feature> = canonical<Feature>('Feature', (text) =>
  isFeature(text) ? right(text) : left('must be 1 to 32 lower-case letters, digits, or - (a letter first)'),
)

/** What a pool that relies on nothing new needs: the first version knows levels, windows, requests, PINs, partners. */
export const NO_NEEDS: readonly Feature[] = []

const KNOWN: ReadonlySet<Feature> = new Set(NO_NEEDS)

/** Whether this version of the software knows all that a pool's record relies on. */
export const knowsAll = (needs: readonly Feature[]): boolean => needs.every((feature) => KNOWN.has(feature))
