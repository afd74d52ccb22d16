/** How the story is told: chapters, what is done and by whom, decisions, and the events behind them. */
import {
  type AccessPools,
  by,
  type ChargerId,
  type CommandName,
  comparePositions,
  type Credential,
  decodeCommand,
  describeCommandError,
  type EventStore,
  history,
  type HistorySubject,
  type Position,
  type ReadModel,
  writeActor,
} from '@access-pools/core'
import { isLeft } from 'fp-ts/Either'
import { createColors } from 'picocolors'
import { briefly } from '../commands/history'
import { actorNamed } from '../context'
import { describeDecision } from '../documents/decision'
import { failed, storeFailed } from '../failure'
import type { Terminal } from '../terminal'

export interface Stage {
  readonly terminal: Terminal
  readonly store: EventStore
  readonly pools: AccessPools
  readonly readModel: ReadModel
}

export class Telling {
  readonly #colors: ReturnType<typeof createColors>
  #chapter = 0
  #shown: Position | undefined

  constructor(readonly stage: Stage) {
    const { output, environment } = stage.terminal
    this.#colors = createColors(output.isTerminal && (environment['NO_COLOR'] ?? '') === '')
    this.#shown = stage.readModel.position()
  }

  async chapter(title: string, ...lines: readonly string[]): Promise<void> {
    this.#chapter += 1
    await this.say('', this.#colors.bold(`${this.#chapter}. ${title}`), ...lines)
  }

  async say(...lines: readonly string[]): Promise<void> {
    await this.stage.terminal.output.write(lines.map((line) => `${line}\n`).join(''))
  }

  /** Carries a command out, and waits until decisions see it. */
  async act(sentence: string, actor: string, type: CommandName, data: object): Promise<void> {
    const { pools, readModel } = this.stage
    const command = decodeCommand(type, data)
    if (isLeft(command)) throw failed(`${type}: ${command.left.join('; ')}`)
    const answer = await pools.execute(command.right, by(actorNamed(actor)))()
    if (isLeft(answer)) throw failed(`${type}: ${describeCommandError(answer.left)}`)
    const { position } = answer.right
    const seen =
      position === undefined ? undefined : await readModel.whenProcessed(position, { within: 60_000 })
    if (seen !== undefined && isLeft(seen)) throw failed('What was written could not be read back.')
    await this.say(`   ${this.#colors.cyan('→')} ${sentence} ${this.#colors.dim(`[${type}, ${actor}]`)}`)
  }

  /** Asks for a decision. */
  async decide(who: string, charger: ChargerId, credential: Credential): Promise<void> {
    const answer = this.stage.readModel.decide(charger, credential)
    const { green, red, yellow } = this.#colors
    const colored = { Granted: green, Denied: red, Refer: yellow }[answer.decision]
    await this.say(
      `   ${colored(answer.decision === 'Granted' ? '✓' : '✗')} ${who}: ${colored(describeDecision(answer))}`,
    )
  }

  /** Shows the events about something that were written since the last time. */
  async events(subject: HistorySubject): Promise<void> {
    const read = await history(this.stage.store, subject, actorNamed('operator/quickstart'))()
    if (isLeft(read)) throw storeFailed(read.left)
    const since = this.#shown
    for (const { position, type, stream, actor, data } of read.right) {
      if (since !== undefined && comparePositions(position, since) <= 0) continue
      this.#shown = position
      const who = actor === undefined ? '' : `, by ${writeActor(actor)}`
      const what = briefly(data)
      await this.say(this.#colors.dim(`     ${type} in ${stream}${who}${what === '' ? '' : `: ${what}`}`))
    }
  }
}
