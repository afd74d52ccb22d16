/** Waiting for a condition, with a deadline. */
export const eventually = async (holds: () => boolean | Promise<boolean>, within = 20_000): Promise<void> => {
  const until = Date.now() + within
  while (!(await holds())) {
    if (Date.now() > until) throw new Error(`it did not come about within ${within} ms`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
