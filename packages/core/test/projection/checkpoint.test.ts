import {
  BEGINNING,
  PROJECTION_VERSION,
  readCheckpoint,
  writeCheckpoint,
} from '../../src/projection/checkpoint'
import { isEpoch } from '../../src/domain/event/position'

const epoch = 'e1'
if (!isEpoch(epoch)) throw new Error(epoch)
const stored = { projection: PROJECTION_VERSION, storedAt: 5, position: 'e1:7' }

describe('A checkpoint is kept beside its state', () => {
  test('and read as it was written', () => {
    const checkpoint = { position: { epoch, commit: 7, prepare: 7 }, storedAt: 5 }
    expect(writeCheckpoint(checkpoint)).toEqual(stored)
    expect(readCheckpoint(stored, epoch)).toEqual({ _tag: 'Right', right: checkpoint })
    expect(readCheckpoint(writeCheckpoint(BEGINNING), epoch)).toEqual({ _tag: 'Right', right: BEGINNING })
  })

  test.each([
    ['another epoch', { ...stored, position: 'e2:7' }, 'epoch e2'],
    ['another version of the folding code', { ...stored, projection: PROJECTION_VERSION + 1 }, 'version'],
    ['no position', { ...stored, position: '7' }, 'no position'],
    ['damaged', { ...stored, storedAt: 'yesterday' }, 'storedAt'],
    ['nothing', null, 'object'],
  ])('%s is refused, with a reason', (_, given, reason) => {
    expect(readCheckpoint(given, epoch)).toMatchObject({
      _tag: 'Left',
      left: expect.stringContaining(reason),
    })
  })
})
