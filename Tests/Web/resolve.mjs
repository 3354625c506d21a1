// The server's import map for node: `/core/queue.js` is a file under Sources/Gateway/Web.
import { existsSync } from 'node:fs'

const web = new URL('../../Sources/Gateway/Web/', import.meta.url)

export async function resolve(specifier, context, next) {
  const inner = specifier.startsWith('/') ? new URL(specifier.slice(1), web) : null
  // node names the test files themselves by absolute paths too.
  if (inner && existsSync(inner)) return { url: inner.href, format: 'module', shortCircuit: true }
  return next(specifier, context)
}
