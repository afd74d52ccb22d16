import { storeContract } from '../../src/testing/store-contract'
import { type MemoryStore, memoryStore } from '../../src/store/memory-store'

describe('The store in memory keeps the contract', () => {
  const open = async () => {
    const store = memoryStore()
    const opened: MemoryStore[] = [store]
    return {
      store,
      reopen: async () => {
        const again = store.reopen()
        opened.push(again)
        return again
      },
      appendRaw: async (stream: string, events: Parameters<MemoryStore['appendRaw']>[2]) => {
        const end = await store.readBackward(stream, 1)()
        const expected = end._tag === 'Right' ? (end.right.events[0]?.revision ?? -1) : -1
        await store.appendRaw(stream, expected, events)()
      },
      close: async () => {
        for (const one of opened) await one.close()
      },
    }
  }
  for (const { name, run } of storeContract({ open })) test(name, run)
})
