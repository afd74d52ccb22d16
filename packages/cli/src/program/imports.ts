/** The grammar of `import`. */
import { type CommandUnknownOpts, InvalidArgumentError } from '@commander-js/extra-typings'
import { parse, PartnerId } from '@access-pools/core'
import { isLeft } from 'fp-ts/Either'
import { toTry } from '../context'
import type { ImportKind } from '../import/command'
import type { Partner, Partners } from '../import/wanted'
import { importFile } from '../import/command'
import type { Act } from './act'

const RIGHTS: Readonly<Record<string, Partner>> = {
  visible: { visible: true, control: false },
  control: { visible: true, control: true },
}

/** Reads `ID=visible` or `ID=control`, again and again. */
const partnersWith = (text: string, before: Partners): Partners => {
  const [id, right, ...more] = text.split('=')
  const partner = parse(PartnerId, id)
  const rights = Object.hasOwn(RIGHTS, right ?? '') ? RIGHTS[right ?? ''] : undefined
  if (isLeft(partner) || rights === undefined || more.length > 0)
    throw new InvalidArgumentError('It must be ID=visible or ID=control.')
  return new Map([...before, [partner.right, rights]])
}

const KINDS: readonly (readonly [ImportKind, string])[] = [
  ['stations', 'an AFDC station download: pools by network and access, a charger a port'],
  ['sessions', 'workplace charging sessions: a Private pool a site, with those who charged there'],
  ['members', 'identity,pool,from,until: members of pools that there are'],
]

/** Adds `import stations | sessions | members`. */
export const addImports = (program: CommandUnknownOpts, act: Act): void => {
  const parent = program
    .command('import')
    .description('bring a CSV file into the store; importing it again does only what is missing')
  for (const [kind, description] of KINDS)
    parent
      .command(kind)
      .description(description)
      .argument('<file>', 'the CSV file')
      .option('--dry-run', 'say what would be done, and write nothing')
      .option('--update', 'change back what was changed by hand since')
      .option(
        '--partner <id=right>',
        'stations: let a partner see (visible) or use (control) the Public pools; may be repeated',
        partnersWith,
        new Map() as Partners,
      )
      .option('--register', 'members: register identities that are not')
      .action(
        act((context, file, options) =>
          importFile(options.dryRun === true ? toTry(context) : context, kind, file, {
            partners: options.partner,
            dryRun: options.dryRun === true,
            update: options.update === true,
            register: options.register === true,
          }),
        ),
      )
}
