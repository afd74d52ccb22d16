/** Runs a task for each of many, so many at a time; answers in the order given. Tasks must not reject. */
export const concurrently = async <A, B>(
  most: number,
  items: readonly A[],
  task: (item: A) => Promise<B>,
): Promise<readonly B[]> => {
  const answers = new Map<number, B>()
  let next = 0
  const work = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) {
      const item = items[i]
      if (item !== undefined) answers.set(i, await task(item))
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work))
  return [...answers].sort(([a], [b]) => a - b).map(([, answer]) => answer)
}
