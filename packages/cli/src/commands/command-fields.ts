/** The commands and their fields, for people: what `run` lists. The codecs of the library judge what is given. */
import type { CommandName } from '@access-pools/core'

/** Fields by name; a question mark: may be left out. */
export const commandFields: Readonly<Record<CommandName, readonly string[]>> = {
  CreatePool: ['pool?', 'organization', 'name', 'level?'],
  EditPool: ['pool', 'name?', 'level?', 'hidden?', 'freeVend?', 'memberRate?', 'requests?', 'partners?'],
  RenamePool: ['pool', 'name'],
  ChangeAccessLevel: ['pool', 'level'],
  SetHidden: ['pool', 'hidden'],
  SetFreeVend: ['pool', 'freeVend'],
  SetMemberRate: ['pool', 'memberRate'],
  ConfigureRequests: ['pool', 'enabled', 'notify?', 'expiresAfterDays?', 'waitAfterDenialHours?'],
  SetPartnerAccess: ['pool', 'partner', 'visible', 'control'],
  ArchivePool: ['pool', 'force?'],
  AddChargers: ['pool', 'chargers'],
  RemoveChargers: ['pool', 'chargers'],
  AllocateCharger: ['charger', 'host', 'organization', 'label?', 'hostLabel?', 'sourceVersion?'],
  DeallocateCharger: ['charger', 'sourceVersion?'],
  RegisterIdentity: ['identity', 'organization?', 'tokenType?', 'sourceVersion?'],
  BlockIdentity: ['identity', 'sourceVersion?'],
  UnblockIdentity: ['identity', 'sourceVersion?'],
  DeregisterIdentity: ['identity', 'sourceVersion?'],
  AddIdentities: ['pool', 'identities'],
  RemoveIdentities: ['pool', 'identities'],
  ChangeMembership: ['pool', 'identity', 'from?', 'until?'],
  RequestAccess: ['request?', 'identity', 'charger'],
  WithdrawRequest: ['pool', 'request'],
  ApproveRequest: ['pool', 'request'],
  DenyRequest: ['pool', 'request'],
  CloseExpiredRequests: ['pool'],
  RegisterPartner: ['partner'],
  SkipEvent: ['stream', 'revision', 'reason'],
}

/** Commands that are about no pool, or about one that is only made: they hold against no revision of it. */
export const ofNoPool: ReadonlySet<CommandName> = new Set<CommandName>([
  'CreatePool',
  'AllocateCharger',
  'DeallocateCharger',
  'RegisterIdentity',
  'BlockIdentity',
  'UnblockIdentity',
  'DeregisterIdentity',
  'RegisterPartner',
  'SkipEvent',
])

/** The list of commands. */
export const describeCommands = (): string => {
  const rows = Object.entries(commandFields)
  const width = Math.max(...rows.map(([name]) => name.length))
  return [
    'Commands and their fields (a question mark: may be left out; note? may stand in each):',
    '',
    ...rows.map(([name, fields]) => `  ${name.padEnd(width)}  ${fields.join(' ')}`),
    '',
    'For example:',
    `  access-pools run CreatePool '{"pool":"staff","organization":"harbour","name":"Staff"}'`,
    `  access-pools run AddIdentities '{"pool":"staff","identities":["user:7"]}' --as admin/harbour/desk`,
    '',
  ].join('\n')
}
