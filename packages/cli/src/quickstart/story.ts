/** The story: a network comes in, a driver asks and is let in, a member is removed, a card is blocked. */
import {
  byIdentity,
  type ChargerId,
  IdentityId,
  NO_CREDENTIAL,
  parse,
  PoolId,
  type PoolListing,
} from '@access-pools/core'
import { actorNamed } from '../context'
import { failed } from '../failure'
import { made } from '../import/wanted'
import { table } from '../output/tables'
import type { Stage } from './telling'
import { Telling } from './telling'

const OPERATOR = actorNamed('operator/quickstart')
const DRIVER = made(parse(IdentityId, 'user:driver-1'))
const CARD = made(parse(IdentityId, 'rfid:04A1B2C3D4'))
const SYSTEM = 'system/accounts'
const REQUEST = 'first-request'

interface Scene {
  readonly pool: PoolListing
  readonly charger: ChargerId
  readonly administrator: string
}

/** A Restricted pool to play in: one of the file's, or one made for it where the file has none. */
const sceneOf = async (telling: Telling): Promise<Scene> => {
  const { directory } = telling.stage.readModel
  const restricted = directory
    .pools(OPERATOR)
    .find(({ level, chargers, requests }) => level === 'Restricted' && chargers > 0 && !requests.enabled)
  const pool = restricted ?? (await makePool(telling))
  const [charger] = directory.chargers(OPERATOR, { pool: pool.id })
  if (charger === undefined) throw failed('The file has no charger to tell of.')
  return { pool, charger: charger.id, administrator: `admin/${pool.organization}/desk` }
}

const makePool = async (telling: Telling): Promise<PoolListing> => {
  const { directory } = telling.stage.readModel
  const [charger] = directory.chargers(OPERATOR)
  if (charger === undefined || charger.pool === null) throw failed('The file has no charger to tell of.')
  const { organization } = charger
  const pool = made(parse(PoolId, 'quickstart'))
  const administrator = `admin/${organization}/desk`
  const chargers = [charger.id]
  await telling.say('', 'The file has no Restricted pool, so one is made, and a charger moves there:')
  await telling.act('A Restricted pool is created', administrator, 'CreatePool', {
    pool,
    organization,
    name: 'Quickstart',
    level: 'Restricted',
  })
  await telling.act('A charger leaves its pool', administrator, 'RemoveChargers', {
    pool: charger.pool,
    chargers,
  })
  await telling.act('… and joins the new one', administrator, 'AddChargers', { pool, chargers })
  const [listed] = directory.pools(OPERATOR, { pool })
  if (listed === undefined) throw failed('The pool that was created is not listed.')
  return listed
}

const theNetwork = async (telling: Telling): Promise<void> => {
  const pools = telling.stage.readModel.directory.pools(OPERATOR)
  const largest = [...pools].sort((a, b) => b.chargers - a.chargers).slice(0, 8)
  const shown = await table(
    ['pool', 'level', 'chargers', ''],
    largest.map(({ id, level, chargers, freeVend }) => [
      id,
      level,
      String(chargers),
      freeVend ? 'free vend' : '',
    ]),
  )
  await telling.chapter(
    'Chargers stand in pools',
    `   Each charger is in at most one pool, and its pool alone decides. The largest of ${pools.length}:`,
    '',
    ...shown
      .trimEnd()
      .split('\n')
      .map((line) => `   ${line}`),
  )
  const free = pools.find(({ freeVend, chargers }) => freeVend && chargers > 0)
  const [charger] =
    free === undefined ? [] : telling.stage.readModel.directory.chargers(OPERATOR, { pool: free.id })
  if (charger === undefined) return
  await telling.say('', `   Free vend lets anyone charge, without showing anything. At ${charger.id}:`)
  await telling.decide('nobody in particular', charger.id, NO_CREDENTIAL)
}

const aRequest = async (telling: Telling, { pool, charger, administrator }: Scene): Promise<void> => {
  await telling.chapter(
    'A driver asks to be let in',
    `   ${charger} is in ${pool.id}, a Restricted pool: members only, unless it takes requests.`,
  )
  await telling.act('A driver signs up', SYSTEM, 'RegisterIdentity', { identity: DRIVER })
  await telling.decide(DRIVER, charger, byIdentity(DRIVER))
  await telling.act('The site opens the pool to requests', administrator, 'EditPool', {
    pool: pool.id,
    requests: { enabled: true, notify: ['desk@example.org'] },
  })
  await telling.decide(DRIVER, charger, byIdentity(DRIVER))
  await telling.act('The driver requests access', `driver/${DRIVER}`, 'RequestAccess', {
    request: REQUEST,
    identity: DRIVER,
    charger,
  })
  await telling.act('The site approves it', administrator, 'ApproveRequest', {
    pool: pool.id,
    request: REQUEST,
  })
  await telling.decide(DRIVER, charger, byIdentity(DRIVER))
  await telling.say('', '   The events behind it:')
  await telling.events({ type: 'Identity', identity: DRIVER })
}

const aRemoval = async (telling: Telling, { pool, charger, administrator }: Scene): Promise<void> => {
  await telling.chapter('A member is removed', '   Removing takes back at once all that the pool gave.')
  await telling.act('The site removes the driver', administrator, 'RemoveIdentities', {
    pool: pool.id,
    identities: [DRIVER],
  })
  await telling.decide(DRIVER, charger, byIdentity(DRIVER))
  await telling.say('', '   The event behind it:')
  await telling.events({ type: 'Identity', identity: DRIVER })
}

const aCard = async (telling: Telling, { pool, charger, administrator }: Scene): Promise<void> => {
  await telling.chapter('A card is lost', '   Blocking a card overrides every membership, and keeps them.')
  await telling.act('A card is issued', SYSTEM, 'RegisterIdentity', {
    identity: CARD,
    organization: pool.organization,
  })
  await telling.act('The site adds it', administrator, 'AddIdentities', {
    pool: pool.id,
    identities: [{ identity: CARD }],
  })
  await telling.decide(CARD, charger, byIdentity(CARD))
  await telling.act('Its holder reports it lost', SYSTEM, 'BlockIdentity', { identity: CARD })
  await telling.decide(CARD, charger, byIdentity(CARD))
  await telling.say('', '   The events behind it:')
  await telling.events({ type: 'Identity', identity: CARD })
}

const whatNext = async (telling: Telling, { pool, charger }: Scene, url: string): Promise<void> => {
  const command = `npx access-pools --store ${quoted(url)}`
  await telling.chapter('What to try next', '   Everything above is in the store. Paste any of these:', '')
  await telling.say(
    `   ${command} pools`,
    `   ${command} decide ${quoted(charger)} --rfid ${CARD.slice('rfid:'.length)}`,
    `   ${command} history --identity ${DRIVER}`,
    `   ${command} run UnblockIdentity '{"identity":"${CARD}","note":"found again"}'`,
    `   ${command} run ChangeAccessLevel '{"pool":"${pool.id}","level":"Public"}'`,
    `   ${command} history --pool ${pool.id}`,
    `   npx access-pools run      # the commands there are`,
    '',
  )
}

/** A word for a shell. */
const quoted = (text: string): string =>
  /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

/** Tells the story on a store that was just filled. */
export const tellStory = async (stage: Stage, url: string): Promise<void> => {
  const telling = new Telling(stage)
  await theNetwork(telling)
  const scene = await sceneOf(telling)
  await aRequest(telling, scene)
  await aRemoval(telling, scene)
  await aCard(telling, scene)
  await whatNext(telling, scene, url)
}
