/** A small network as a station file, always the same: in the columns of the AFDC station download. */

/** Numbers in [0, 1), the same ones for a seed (mulberry32). */
const seeded = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const COLUMNS = [
  'Fuel Type Code',
  'Station Name',
  'City',
  'Status Code',
  'EV Level1 EVSE Num',
  'EV Level2 EVSE Num',
  'EV DC Fast Count',
  'EV Network',
  'ID',
  'Access Code',
  'EV Pricing',
  'Restricted Access',
] as const

type Station = Readonly<Record<(typeof COLUMNS)[number], string>>

const PLACES = [
  'Central Library Garage',
  'Town Hall Car Park',
  'Station Square',
  'Riverside Park & Ride',
  'Hospital, North Entrance',
  'Harbour "Pier 3"',
  'University Campus East',
  'Market Street Garage',
  'Stadium West Lot',
  'Ferry Terminal',
  'City Depot',
  'Airport Long Stay',
]
const NETWORKS = ['Sample Network A', 'Sample Network B', 'Non-Networked']

/** Who may use a station and what it costs, as the file says it; the first ones are the commoner. */
const ACCESSES = [
  { access: 'public', restricted: 'false', pricing: '$0.35 per kWh' },
  { access: 'public', restricted: '', pricing: '' },
  { access: 'public', restricted: 'true', pricing: '$0.20 per kWh' },
  { access: 'public', restricted: 'false', pricing: 'Free' },
  { access: 'private', restricted: '', pricing: '' },
] as const

const SEED = 2025
const STATIONS = 30

const stationsOf = (random: () => number): readonly Station[] => {
  const oneOf = <A>(things: readonly [A, ...A[]] | readonly A[], skew = 1): A | undefined =>
    things[Math.floor(random() ** skew * things.length)]
  const stations: Station[] = []
  for (let n = 0; n < STATIONS; n += 1) {
    // Each way of access once, whatever chance brings after.
    const found = ACCESSES[n] ?? oneOf(ACCESSES, 1.6) ?? ACCESSES[0]
    const fast = random() < 0.25
    stations.push({
      'Fuel Type Code': n % 11 === 10 ? 'LPG' : 'ELEC',
      'Station Name': `${PLACES[n % PLACES.length] ?? 'Station'}${n < PLACES.length ? '' : ` ${1 + Math.floor(n / PLACES.length)}`}`,
      City: 'Sampleton',
      'Status Code': n === 17 ? 'P' : 'E',
      'EV Level1 EVSE Num': '',
      'EV Level2 EVSE Num': String(1 + Math.floor(random() * 6)),
      'EV DC Fast Count': fast ? String(1 + Math.floor(random() * 4)) : '',
      'EV Network': (n < ACCESSES.length ? NETWORKS[0] : oneOf(NETWORKS)) ?? '',
      ID: String(90_001 + n * 7),
      'Access Code': found.access,
      'EV Pricing': found.pricing,
      'Restricted Access': found.restricted,
    })
  }
  return stations
}

const quoted = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

/** The file's text. */
export const sampleStations = (): string =>
  [COLUMNS, ...stationsOf(seeded(SEED)).map((station) => COLUMNS.map((column) => station[column]))]
    .map((values) => `${values.map(quoted).join(',')}\r\n`)
    .join('')
