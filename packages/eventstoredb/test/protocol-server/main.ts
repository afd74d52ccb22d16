/**
 * The protocol server's own process: speaks EventStoreDB's protocol over a file, for tests.
 * `main.ts FILE PORT LIFETIME_MINUTES [tied]`; prints one line of JSON when it answers. `tied`: ends with its input.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ServerCredentials } from '@grpc/grpc-js'
import { Commits } from './commits'
import { adjustFaults, type Faults, noFaults } from './faults'
import { Log } from './log'
import { openReader, type Reader } from './reading'
import { grpcServer } from './services'

const main = async ([
  file = '',
  wantedPort = '0',
  minutes = '120',
  tied,
]: readonly string[]): Promise<void> => {
  const log = new Log(file)
  const faults = noFaults()
  const reader = openReader(log, faults)
  const commits = new Commits(log, faults, reader.wake)
  let port = Number(wantedPort)
  const server = grpcServer({ log, commits, reader, faults }, () => port)
  port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
  const end = (): void => {
    server.forceShutdown()
    log.close()
    process.exit(0)
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  setTimeout(end, Number(minutes) * 60_000)
  if (tied === 'tied') process.stdin.once('close', end).resume()
  const control = await openControl(faults, reader)
  process.stdout.write(`${JSON.stringify({ pid: process.pid, port, control, file })}\n`)
}

/** Where faults are told and open calls counted, beside the protocol. */
const openControl = async (faults: Faults, reader: Reader): Promise<number> => {
  const server = createServer((request, response) => {
    void answer(request, faults, reader).then((body) => {
      response.setHeader('connection', 'close')
      response.end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const answer = async (request: IncomingMessage, faults: Faults, reader: Reader): Promise<unknown> => {
  if (request.url === '/drop') return { dropped: reader.drop() }
  if (request.url === '/counts') return { pid: process.pid, ...reader.counts() }
  let body = ''
  for await (const chunk of request) body += String(chunk)
  adjustFaults(faults, JSON.parse(body) as Partial<Faults>)
  reader.wake()
  return faults
}

void main(process.argv.slice(2))
