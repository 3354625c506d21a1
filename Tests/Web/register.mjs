// `node --import ./Tests/Web/register.mjs --test Tests/Web/` runs the player's modules as the browser's import map names them.
import { register } from 'node:module'

register('./resolve.mjs', import.meta.url)
