/** What a connection string says, as the client is made of it: nodes, TLS, and who we are. */
import { readFileSync } from 'node:fs'
import type { ChannelCredentialOptions } from '@eventstore/db-client/dist/Client'
import {
  type ConnectionOptions,
  parseConnectionString,
} from '@eventstore/db-client/dist/Client/parseConnectionString'
import type { StoreError } from '@access-pools/core'
import { type Either, left, right } from 'fp-ts/Either'
import { messageOf, notUsable } from './failure'

export interface Credentials {
  readonly username: string
  readonly password: string
}

export interface Settings {
  readonly options: ConnectionOptions
  readonly channel: ChannelCredentialOptions
}

/** Reads a connection string (`esdb://` or `esdb+discover://`), and the files that it names. */
export const readSettings = (url: string, credentials?: Credentials): Either<StoreError, Settings> => {
  try {
    const parsed = parseConnectionString(url)
    const options = credentials === undefined ? parsed : { ...parsed, defaultCredentials: credentials }
    return right({ options, channel: channelOf(options) })
  } catch (error) {
    // The client quotes what it could not read, password and all.
    const reason = messageOf(error)
      .replaceAll(url, withoutSecret(url))
      .replaceAll(url.trim(), withoutSecret(url))
    return left(notUsable('NotAStore', `${withoutSecret(url)} cannot be connected to: ${reason}`))
  }
}

/** A connection string as it may be shown. */
export const withoutSecret = (url: string): string => url.replace(/\/\/[^@]*@/, '//')

const channelOf = (options: ConnectionOptions): ChannelCredentialOptions => {
  if (options.tls === false) return { insecure: true }
  const { tlsCAFile, userCertFile, userKeyFile } = options
  if ((userCertFile === undefined) !== (userKeyFile === undefined))
    throw new Error('userCertFile and userKeyFile go together')
  return {
    insecure: false,
    ...(tlsCAFile === undefined ? {} : { rootCertificate: readFileSync(tlsCAFile) }),
    ...(userCertFile === undefined || userKeyFile === undefined
      ? {}
      : { userCertFile: readFileSync(userCertFile), userKeyFile: readFileSync(userKeyFile) }),
  }
}
