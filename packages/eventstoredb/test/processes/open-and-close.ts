/** Opens a store twice, uses it, closes it, and does nothing to end its own process. */
import { openEventStoreDb } from '../../src'
import { event, got, only, written } from '../events'

const main = async (url: string): Promise<void> => {
  for (const round of [1, 2]) {
    const store = await got(openEventStoreDb({ url }))
    const subscription = await got(store.subscribe({ filter: only(`p${round}`), most: 5 }))
    void subscription.next()
    await written(store, `p${round}-1`, -1, [event()])
    await got(store.head(only(`p${round}`)))
    await store.close()
  }
  process.stdout.write('closed\n')
}

void main(process.argv[2] ?? '')
