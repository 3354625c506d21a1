import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStore, initial, reduce } from '/core/reducer.js'
import { createActs } from '/elements/acts.js'
import { moreWords } from '/text/text.js'

/** A page whose answers come when the test says so. */
function world() {
  const store = createStore(reduce, initial)
  const [sent, failures, marks, said] = [[], [], [], []]
  const ask = what => new Promise((yes, no) => sent.push({ what, yes, no }))
  const app = {
    store, say() {}, live: { show: text => said.push(text) }, fail: error => failures.push(error.message), fresh: item => ({ ...item, ...Object.assign({}, ...marks) }),
    mark: (kind, item, change) => marks.push(change), current: () => null,
    player: { startWith: change => change(), toggle() {}, pause() {} },
    client: { put: (path, body) => ask(['put', path, body]), delete: path => ask(['delete', path]) },
  }
  const acts = app.acts = createActs(app)
  return { acts, ask, store, said, sent, failures, marks, titles: () => store.get().queue.items.map(item => item.track.title).join(), now: () => Object.assign({}, ...marks) }
}
const settle = async () => { for (let i = 0; i < 4; i++) await new Promise(resolve => setImmediate(resolve)) }
const track = title => ({ id: title, title })

test('what was chosen last plays, whatever comes last', async () => {
  const { acts, ask, sent, titles } = world()
  const [slow, fast] = [acts.playWhatComes(() => ask('slow'), acts.play), acts.playWhatComes(() => ask('fast'), acts.play)]
  sent[1].yes([track('fast')])
  await fast
  sent[0].yes([track('slow')])
  await slow
  assert.equal(titles(), 'fast')
})

test('a pause, a jump or another list is newer than an answer that is on its way', async () => {
  const choices = { pause: acts => acts.pause(), toggle: acts => acts.toggle(), jump: acts => acts.jump('q0'), play: acts => acts.play([track('other')]) }
  for (const [name, choose] of Object.entries(choices)) {
    const { acts, ask, sent, titles } = world()
    acts.play([track('own')])
    const late = acts.playWhatComes(() => ask('late'), acts.play)
    choose(acts)
    sent[0].yes([track('late')])
    await late
    assert.equal(titles(), name === 'play' ? 'other' : 'own', name)
  }
})

test('changes of one thing go one after the other, and of those that wait the newest alone', async () => {
  const { acts, sent } = world()
  const all = [3, 4, 5].map(rating => acts.rate('tracks', { id: 'a' }, rating))
  acts.rate('tracks', { id: 'b' }, 1)
  assert.deepEqual(sent.map(({ what }) => what[2].rating), [3, 1])
  sent[0].yes(null)
  await settle()
  assert.deepEqual(sent.map(({ what }) => what[2].rating), [3, 1, 5])
  sent[2].yes(null)
  await Promise.all(all)
})

test('what is refused goes back to what the server has', async () => {
  const { acts, sent, failures, now } = world()
  for (const rating of [3, 4, 5]) acts.rate('tracks', { id: 'a', rating: 0 }, rating)
  sent[0].yes(null)
  await settle()
  sent[1].no(new Error('no'))
  await settle()
  assert.deepEqual([now().rating, failures], [3, ['no']])
  for (const rating of [1, 2]) acts.rate('tracks', { id: 'a' }, rating)
  sent[2].no(new Error('no'))
  await settle()
  sent[3].no(new Error('no'))
  await settle()
  assert.deepEqual([now().rating, failures.length], [3, 2])
})

test('a change that is kept is sent between others, and a refusal of it is its own', async () => {
  const { acts, ask, sent, failures } = world()
  const backs = []
  const change = (name, isKept) => acts.inTurn('list', () => ask(name), () => backs.push(name), isKept)
  change('one')
  change('lost')
  change('two')
  change('kept', true)
  change('kept too', true)
  const all = change('three')
  for (const answer of ['yes', 'no', 'no', 'yes', 'yes']) {
    const { [answer]: reply } = sent.at(-1)
    reply(answer === 'no' ? new Error('no') : null)
    await settle()
  }
  await all
  assert.deepEqual(sent.map(({ what }) => what), ['one', 'two', 'kept', 'kept too', 'three'])
  assert.deepEqual([backs, failures], [['lost', 'kept'], ['no', 'no']])
})

test('a queue that is full says how much it took', async () => {
  await moreWords()
  const { acts, said } = world()
  const many = n => Array.from({ length: n }, (_, i) => track(`t${i}`))
  acts.play(many(9_990))
  acts.add(many(4))
  acts.playNext(many(9))
  assert.deepEqual(said, ['4 tracks added to the queue', 'The queue is full: it took 6 tracks, and left 3 out'])
})
