import test from 'node:test'
import assert from 'node:assert/strict'
import { createReports } from '/state/reports.js'
import { listener, settle } from '../fakes/listener.mjs'

/** A listener whose plays are written down as they are told. */
async function world({ seconds = 12, learns = false } = {}) {
  const parts = listener({ a: { samples: 48000 * seconds } })
  const told = []
  const report = createReports({ engine: parts.engine, outbox: { play: play => told.push(play) }, durationOf: () => seconds, learns: () => learns })
  parts.engine.on('heard', heard => report(heard))
  parts.engine.start({ id: 'a' })
  await settle(3)
  return { ...parts, told, report }
}

test('a play is told once half of it was heard, and again at its end as the same one', async () => {
  const { play, told } = await world()
  await play(5)
  assert.equal(told.length, 0)
  await play(3)
  assert.deepEqual(told.map(one => [one.track, one.stopped, Math.floor(one.heard)]), [['a', null, 6]])
  await play(20)
  assert.deepEqual(told.map(one => [one.at === told[0].at, one.stopped, Math.floor(one.heard + 0.01)]), [[true, null, 6], [true, null, 12]])
})

test('a track that is left early is told as a skip, to an account that learns', async () => {
  for (const learns of [false, true]) {
    const { play, told, engine } = await world({ learns })
    await play(1)
    engine.stop()
    assert.equal(told.length, learns ? 1 : 0)
  }
})
