/**
 * A small world in memory: pools, chargers, identities and partners, decided by the very functions that decide
 * everywhere, one command after the other. No store, no promise: what a command comes to is there when it returns.
 */
import type { Actor } from '../../domain/language/actor'
import type { Command } from '../../domain/commands'
import type { CommandId } from '../../domain/language/ids'
import { addChargers, removeChargers } from './chargers'
import { issueToPool } from './pools'
import { type Answer, type Issue, WorldState } from './state'
import { issueToCharger, issueToIdentity, registerPartner, skipEvent } from './upstream'

export class World extends WorldState {
  /** Carries a command out, and answers what it came to. */
  issue(
    command: Command,
    actor: Actor,
    { id, ifRevision }: { readonly id?: CommandId; readonly ifRevision?: number } = {},
  ): Answer {
    const cause = this.cause(actor, command, id)
    const issue: Issue = { actor, cause, ...(ifRevision === undefined ? {} : { ifRevision }) }
    switch (command.type) {
      case 'AddChargers':
        return addChargers(this, command, issue)
      case 'RemoveChargers':
        return removeChargers(this, command, issue)
      case 'AllocateCharger':
      case 'DeallocateCharger':
        return issueToCharger(this, command, issue)
      case 'RegisterIdentity':
      case 'BlockIdentity':
      case 'UnblockIdentity':
      case 'DeregisterIdentity':
        return issueToIdentity(this, command, issue)
      case 'RegisterPartner':
        return registerPartner(this, command, issue)
      case 'SkipEvent':
        return skipEvent(command, issue)
      default:
        return issueToPool(this, command, issue)
    }
  }
}
