// @ts-check
/** The service worker's registration, and what it is told. */
import { scriptURL } from '/lib/html.js'

/** The page's own files, as the import map and the links name them. */
function files() {
  const map = document.querySelector('script[type=importmap]')?.textContent ?? '{}'
  const links = [...document.querySelectorAll('link[href]')].map(link => /** @type {HTMLLinkElement} */ (link).href)
  const scripts = [...document.querySelectorAll('script[src]')].map(script => /** @type {HTMLScriptElement} */ (script).src)
  // The manifest names its pictures without their versions.
  const pictures = ['/icons/icon.svg', '/icons/icon-192.png']
  return [...new Set([...Object.values(JSON.parse(map).imports ?? {}), ...links, ...scripts, ...pictures])]
}

/** Registers the worker where the browser has one, and gives it the files to keep. */
export async function install() {
  const { serviceWorker } = navigator
  if (!serviceWorker) return
  try {
    await serviceWorker.register(/** @type {any} */ (scriptURL('/worker.js')))
    const { active } = await serviceWorker.ready
    active?.postMessage({ type: 'shell', urls: files() })
  } catch {
    // Private windows and plain HTTP have no workers: the page works without.
  }
}
