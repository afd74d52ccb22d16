/** How a parsed command is carried out. */
import type { Context, GlobalOptions, Run } from '../context'

/** Carries a command out, with what the global options say. */
export type Start = (options: GlobalOptions, run: Run) => Promise<void>

/** Makes a command's action: what it is given becomes what is run. */
export type Act = <A extends readonly unknown[]>(
  run: (context: Context, ...given: A) => ReturnType<Run>,
) => (...given: A) => Promise<void>
