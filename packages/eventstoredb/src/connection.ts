/**
 * The client, one a process and connection string, shared by all stores that are opened on it. It opens its own
 * stream of batch appends: the client's keeps what is under way in a map that all clients of a process share, which
 * any of them clears when it fails, and then falls over the answers of the others.
 */
import { EventStoreDBClient } from '@eventstore/db-client'
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb'
import type { Runtime, StoreError } from '@access-pools/core'
import { type Either, right } from 'fp-ts/Either'
import { type Appends, type BatchCall, openAppends } from './appends'
import { type Credentials, readSettings, type Settings } from './connection-string'

export class Client extends EventStoreDBClient {
  constructor({ options, channel }: Settings) {
    const [first, ...others] = options.hosts
    if (first === undefined) throw new Error('a connection string names a host')
    if (options.dnsDiscover) super({ ...options, discover: first }, channel, options.defaultCredentials)
    else if (others.length > 0)
      super({ ...options, endpoints: options.hosts }, channel, options.defaultCredentials)
    else super({ ...options, endpoint: first }, channel, options.defaultCredentials)
  }

  openBatch(): Promise<BatchCall> {
    return this.GRPCStreamCreator(StreamsClient, 'batchAppend', (client) =>
      client.batchAppend(...this.callArguments({}, { deadline: Infinity })),
    )()
  }

  /** Ends all calls and the connection; the client's own `dispose` leaves the connection open. */
  async close(): Promise<void> {
    await this.dispose()
    // Where a cluster does not answer, finding a node to disconnect from is not worth waiting for.
    void this.getChannel().then(
      (channel) => channel.close(),
      () => undefined,
    )
  }
}

export interface Connection {
  readonly client: Client
  readonly appends: Appends
  /** Ends it where nobody else uses it. */
  readonly release: () => Promise<void>
}

interface Shared {
  readonly client: Client
  readonly appends: Appends
  users: number
}

const shared = new Map<string, Shared>()

/** The connection of a connection string: the one that is open, or a new one. */
export const connect = (
  url: string,
  credentials: Credentials | undefined,
  runtime: Runtime,
): Either<StoreError, Connection> => {
  const key = JSON.stringify([url, credentials?.username, credentials?.password])
  let entry = shared.get(key)
  if (entry === undefined) {
    const settings = readSettings(url, credentials)
    if (settings._tag === 'Left') return settings
    const client = new Client(settings.right)
    entry = { client, appends: openAppends(() => client.openBatch(), runtime), users: 0 }
    shared.set(key, entry)
  }
  const { client, appends } = entry
  const held = entry
  held.users += 1
  return right({
    client,
    appends,
    release: async () => {
      held.users -= 1
      if (held.users > 0) return
      shared.delete(key)
      await client.close()
    },
  })
}
