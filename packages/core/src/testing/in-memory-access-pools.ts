/**
 * All of Access Pools in one process and in memory, with a clock that a test moves: store, commands, read model,
 * reactions, and a second index fed by the access changes alone, as a gateway's replica is.
 */
import { type Either, isLeft, isRight } from 'fp-ts/Either'
import { type AccessPools, accessPools, withMethods } from '../commands/access-pools'
import type { CommandError } from '../commands/writing/command-error'
import type { Done } from '../commands/done'
import type { ChargerId } from '../domain/language/ids'
import { type Instant, millisecondsOf } from '../domain/language/window'
import type { AccessIndexView } from '../decision/access-index'
import type { Answer } from '../decision/answer'
import type { Credential } from '../decision/credential'
import { decide } from '../decision/decide'
import { emptyAccessIndex } from '../decision/map-index'
import { WHOLLY_FRESH } from '../decision/staleness'
import { type ReadModel, startReadModel } from '../projection/read-model'
import { type Reactions, startReactions } from '../reactions/reactions'
import { type MemoryStore, memoryStore } from '../store/memory-store'
import { type TestRuntime, testRuntime } from './test-runtime'

export interface InMemoryAccessPools {
  /** The commands: each answers once the read model has seen what it wrote. */
  readonly pools: AccessPools
  readonly store: MemoryStore
  readonly readModel: ReadModel
  /** What the read model decides at the clock's instant. */
  readonly decide: (charger: ChargerId, credential: Credential) => Answer
  /** What an index decides that knows the access changes only. */
  readonly decideByReplica: (charger: ChargerId, credential: Credential) => Answer
  readonly replica: AccessIndexView
  readonly reactions: Reactions
  readonly runtime: TestRuntime
  readonly stop: () => Promise<void>
}

const standing = <E, A>(result: Either<E, A>): A => {
  if (isLeft(result)) throw new Error(`what is in memory did not start: ${JSON.stringify(result.left)}`)
  return result.right
}

/** Starts it at an instant; the clock stands still until `runtime.advance` moves it. */
export const inMemoryAccessPools = async ({
  now,
}: {
  readonly now: Instant
}): Promise<InMemoryAccessPools> => {
  const runtime = testRuntime({ now: millisecondsOf(now) })
  const store = memoryStore({ runtime })
  const readModel = standing(await startReadModel({ store, runtime })())
  const replica = emptyAccessIndex()
  readModel.onChange((change) => replica.apply(change))
  const commands = accessPools({ store, runtime })
  const reactions = startReactions({ store, readModel, runtime })
  const execute: AccessPools['execute'] = (command, by) => async (): Promise<Either<CommandError, Done>> => {
    const done = await commands.execute(command, by)()
    if (isRight(done) && done.right.position !== undefined) await readModel.whenProcessed(done.right.position)
    return done
  }
  return {
    pools: withMethods(execute),
    store,
    readModel,
    decide: (charger, credential) => readModel.decide(charger, credential),
    decideByReplica: (charger, credential) =>
      decide(replica, charger, credential, runtime.now(), WHOLLY_FRESH),
    replica,
    reactions,
    runtime,
    stop: async () => {
      await reactions.stop()
      await readModel.stop()
      await store.close()
    },
  }
}
