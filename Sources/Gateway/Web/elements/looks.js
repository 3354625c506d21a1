// @ts-check
/** Light or dark, contrast, and whether single keys act: kept in this browser, set before anything is shown. */

const key = 'sweetspot.look'

/** @returns {{theme: string, contrast: string, keys: string}} '' follows the system; `keys` is `off` or '' */
export function look() {
  try {
    const { theme, contrast, keys } = JSON.parse(localStorage.getItem(key) ?? '{}')
    return { theme: ['light', 'dark'].includes(theme) ? theme : '', contrast: contrast === 'more' ? 'more' : '', keys: keys === 'off' ? 'off' : '' }
  } catch {
    return { theme: '', contrast: '', keys: '' }
  }
}

export function applyLook({ theme, contrast } = look()) {
  const root = document.documentElement
  for (const [name, value] of Object.entries({ theme, contrast })) {
    if (value) root.dataset[name] = value
    else delete root.dataset[name]
  }
}

/** @param {{theme?: string, contrast?: string, keys?: string}} change */
export function setLook(change) {
  const now = { ...look(), ...change }
  try {
    localStorage.setItem(key, JSON.stringify(now))
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  applyLook(now)
}
