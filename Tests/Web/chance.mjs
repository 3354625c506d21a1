// Chance for tests: the seed is printed, and `SEED=… node --test` repeats a run.
import { random } from '/core/random.js'

export const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
console.log(`SEED=${seed}`)

/** @param {number} [salt] */
export function chance(salt = 0) {
  const next = random(seed * 1009 + salt)
  return {
    next,
    /** An integer from `least` to `most`. */
    int: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick: list => list[Math.floor(next() * list.length)],
    bytes: length => Uint8Array.from({ length }, () => Math.floor(next() * 256)),
  }
}
