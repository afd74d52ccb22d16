/** The services of EventStoreDB's protocol that the client needs, over the log. */
import { type handleBidiStreamingCall, type handleClientStreamingCall, Server } from '@grpc/grpc-js'
import { GossipService, type IGossipServer } from '@eventstore/db-client/generated/gossip_grpc_pb'
import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb'
import {
  type IServerFeaturesServer,
  ServerFeaturesService,
} from '@eventstore/db-client/generated/serverfeatures_grpc_pb'
import { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb'
import { type StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb'
import { type IStreamsServer, StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb'
import {
  type AppendReq,
  type AppendResp,
  type BatchAppendReq,
  type BatchAppendResp,
  DeleteResp,
  TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb'
import type { Commits } from './commits'
import type { Faults } from './faults'
import type { Log, Proposed } from './log'
import { batchAnswer, nameOf, proposedOf, refusal, unaryAnswer } from './messages'
import type { Reader } from './reading'
import { append, type Expected, remove } from './writing'

interface Parts {
  readonly log: Log
  readonly commits: Commits
  readonly reader: Reader
  readonly faults: Faults
}

export const grpcServer = (parts: Parts, port: () => number): Server => {
  const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 })
  const streams: IStreamsServer = {
    read: parts.reader.read,
    append: unaryAppend(parts),
    batchAppend: batchAppend(parts),
    delete: (call, callback) => {
      const options = call.request.getOptions()
      const stream = nameOf(options?.getStreamIdentifier())
      removal(parts, stream, expectedOf(options), 'soft', (error) => callback(error, new DeleteResp()))
    },
    tombstone: (call, callback) => {
      const options = call.request.getOptions()
      const stream = nameOf(options?.getStreamIdentifier())
      removal(parts, stream, expectedOf(options), 'hard', (error) => callback(error, new TombstoneResp()))
    },
  }
  server.addService(StreamsService, streams)
  server.addService(ServerFeaturesService, features)
  server.addService(GossipService, gossip(port))
  return server
}

interface ExpectedOptions {
  readonly hasNoStream: () => boolean
  readonly hasStreamExists: () => boolean
  readonly hasAny: () => boolean
  readonly getRevision: () => string
  readonly getStreamIdentifier: () => StreamIdentifier | undefined
}

const expectedOf = (options: ExpectedOptions | undefined): Expected => {
  if (options === undefined || options.hasAny()) return 'any'
  if (options.hasNoStream()) return 'no stream'
  return options.hasStreamExists() ? 'stream exists' : Number(options.getRevision())
}

const batchExpected = (options: BatchAppendReq.Options): Expected => {
  if (options.hasAny()) return 'any'
  if (options.hasNoStream()) return 'no stream'
  return options.hasStreamExists() ? 'stream exists' : Number(options.getStreamPosition())
}

const unaryAppend = ({ log, commits }: Parts): handleClientStreamingCall<AppendReq, AppendResp> => {
  return (call, callback) => {
    let options: AppendReq.Options | undefined
    const events: Proposed[] = []
    call.on('data', (request: AppendReq) => {
      options = request.getOptions() ?? options
      const proposed = request.getProposedMessage()
      if (proposed !== undefined) events.push(proposedOf(proposed))
    })
    call.on('end', () => {
      const stream = nameOf(options?.getStreamIdentifier())
      const expected = expectedOf(options)
      const deadline = Number(call.getDeadline())
      commits.submit({
        decide: () => append(log, { stream, expected, events, deadline }),
        answer: (outcome) => {
          const answer = unaryAnswer(expected, outcome)
          if (answer === undefined) callback(refusal(stream, expected, outcome))
          else callback(null, answer)
        },
      })
    })
  }
}

interface Gathering {
  readonly options: BatchAppendReq.Options
  readonly events: Proposed[]
}

const batchAppend = ({
  log,
  commits,
  faults,
}: Parts): handleBidiStreamingCall<BatchAppendReq, BatchAppendResp> => {
  return (call) => {
    const open = new Map<string, Gathering>()
    call.on('data', (request: BatchAppendReq) => {
      const correlation = request.getCorrelationId()
      const id = correlation?.getString() ?? ''
      const options = request.getOptions()
      if (options !== undefined) open.set(id, { options, events: [] })
      const gathering = open.get(id)
      if (gathering === undefined) return
      for (const proposed of request.getProposedMessagesList()) gathering.events.push(proposedOf(proposed))
      if (!request.getIsFinal()) return
      open.delete(id)
      const { events } = gathering
      const stream = nameOf(gathering.options.getStreamIdentifier())
      const expected = batchExpected(gathering.options)
      const deadline = gathering.options.getDeadline()?.toDate().getTime() ?? Infinity
      commits.submit({
        decide: () => append(log, { stream, expected, events, deadline }),
        answer: (outcome) => {
          if (call.cancelled) return
          const answer = batchAnswer(correlation, stream, expected, outcome)
          call.write(answer)
          if (faults.answerTwice) call.write(answer)
        },
      })
    })
    call.on('end', () => call.end())
  }
}

const removal = (
  { log, commits }: Parts,
  stream: string,
  expected: Expected,
  how: 'soft' | 'hard',
  callback: (error: ReturnType<typeof refusal> | null) => void,
): void =>
  commits.submit({
    decide: () => remove(log, stream, expected, how),
    answer: (outcome) => callback(outcome.type === 'written' ? null : refusal(stream, expected, outcome)),
  })

const features: IServerFeaturesServer = {
  getSupportedMethods: (_call, callback) => {
    const methods = ['read', 'append', 'batchappend', 'delete', 'tombstone'].map((name) =>
      new SupportedMethod().setServiceName('event_store.client.streams.streams').setMethodName(name),
    )
    const answer = new SupportedMethods().setEventStoreServerVersion('23.10.6').setMethodsList(methods)
    callback(null, answer)
  },
}

const gossip = (port: () => number): IGossipServer => ({
  read: (_call, callback) => {
    const member = new MemberInfo()
      .setInstanceId(new UUID().setString('00000000-0000-4000-8000-000000000001'))
      .setTimeStamp(`${Date.now()}0000`)
      .setState(MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new EndPoint().setAddress('127.0.0.1').setPort(port()))
    callback(null, new ClusterInfo().setMembersList([member]))
  },
})
