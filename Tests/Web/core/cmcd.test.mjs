import test from 'node:test'
import assert from 'node:assert/strict'
import { cmcd } from '/core/cmcd.js'

test('the fields are those of CTA-5004, rounded to hundreds', () => {
  assert.deepEqual(cmcd({ session: 's', content: 't', throughput: 1234, buffer: 12.345, bitrate: 128, length: 6, next: '5.m4s' }), {
    'CMCD-Object': 'br=128,d=6000,ot=a', 'CMCD-Request': 'bl=12300,dl=12300,mtp=1200,nor="5.m4s"', 'CMCD-Session': 'cid="t",sid="s"',
  })
})

test('a start, a stall and a speed are said; what is unknown is not', () => {
  assert.deepEqual(cmcd({ session: 's', buffer: 0, isStarting: true, wasStarved: true, speed: 2, throughput: 48 }), {
    'CMCD-Object': 'ot=a', 'CMCD-Request': 'bl=0,dl=0,mtp=48,su', 'CMCD-Session': 'pr=2,sid="s"', 'CMCD-Status': 'bs',
  })
  assert.deepEqual(cmcd({ session: 's' }), { 'CMCD-Object': 'ot=a', 'CMCD-Session': 'sid="s"' })
})

test('no text breaks out of its quotes or its field', () => {
  assert.equal(cmcd({ session: 'a"b\\c\r\nX: y' })['CMCD-Session'], 'sid="a\\"b\\\\cX: y"')
})
