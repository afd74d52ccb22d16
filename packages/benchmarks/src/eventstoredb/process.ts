/** The process of one side: `process.js ours|raw URL`, asked over its channel; ends with it. */
import { ourSide } from './ours'
import { rawSide } from './raw'
import type { Ask, Side, Told } from './side'

const carryOut = async (side: Side, ask: Ask): Promise<readonly number[]> => {
  switch (ask.job) {
    case 'oneByOne':
      return [await side.oneByOne(ask.count)]
    case 'inLanes':
      return [await side.inLanes(ask.count, ask.each)]
    case 'onOne':
      return [await side.onOne(ask.count)]
    case 'delays':
      return side.delays(ask.count)
    case 'catchUp':
      return [await side.catchUp()]
    case 'end':
      await side.end()
      return []
  }
}

const isAsk = (message: unknown): message is Ask =>
  typeof message === 'object' && message !== null && 'job' in message

const [name, url = ''] = process.argv.slice(2)
const side = name === 'ours' ? ourSide(url) : rawSide(url)

const answer = async (message: unknown): Promise<Told> => {
  try {
    if (!isAsk(message)) throw new Error('no question was understood')
    return { figures: await carryOut(await side, message) }
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) }
  }
}

process.on('message', (message) => {
  void answer(message).then((told) => process.send?.(told))
})
process.once('disconnect', () => process.exit(0))
