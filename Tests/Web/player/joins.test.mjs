import { test } from 'node:test'
import assert from 'node:assert/strict'
import { watchJoins } from '/player/joins.js'

class Cue {
  constructor(startTime, endTime) { Object.assign(this, { startTime, endTime }) }
}

function elementWithCues() {
  const audio = new EventTarget()
  const track = { mode: 'disabled', cues: [], addCue(cue) { this.cues.push(cue) }, removeCue(cue) { this.cues.splice(this.cues.indexOf(cue), 1) } }
  audio.addTextTrack = () => track
  return { audio, track }
}

test('the element tells the time at the next join, and there is one cue at most', () => {
  const { audio, track } = elementWithCues()
  const joins = watchJoins(audio, Cue)
  let told = 0
  audio.addEventListener('timeupdate', () => { told += 1 })
  assert.equal(track.mode, 'hidden')
  joins.expect(5.25)
  const [first] = track.cues
  joins.expect(5.25)
  assert.deepEqual(track.cues, [first])
  first.onenter()
  assert.equal(told, 1)
  joins.expect(9)
  assert.deepEqual(track.cues.map(cue => cue.startTime), [9])
  joins.expect(Infinity)
  assert.deepEqual(track.cues, [])
})

test('a browser without cues tells the time as ever', () => {
  watchJoins(new EventTarget(), undefined).expect(5)
  watchJoins(elementWithCues().audio, null).expect(5)
})
