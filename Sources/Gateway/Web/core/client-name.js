// @ts-check
/** The program and the system that a User-Agent names, in the names that people know. */

/**
 * Brands, those first that also claim to be a later one. Chrome is Chromium where distributions build it.
 * @type {Array<[RegExp, string]>}
 */
const browsers = [
  [/\bEdgA?(?:iOS)?\//, 'Edge'], [/\bOPR\/|\bOpera\b/, 'Opera'], [/\bSamsungBrowser\//, 'Samsung Internet'], [/\bVivaldi\//, 'Vivaldi'],
  [/\bYaBrowser\//, 'Yandex'], [/\b(?:Firefox|FxiOS)\//, 'Firefox'], [/\bEpiphany\//, 'GNOME Web'], [/\bElectron\//, 'Electron'],
  [/\bCriOS\//, 'Chrome'], [/\bHeadlessChrome\/|\bChromium\//, 'Chromium'], [/\bX11;.*\bChrome\//, 'Chromium'], [/\bChrome\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
]
/** @type {Array<[RegExp, string]>} */
const systems = [
  [/\biPhone\b/, 'iPhone'], [/\biPad\b/, 'iPad'], [/\bAndroid\b/, 'Android'], [/\bCrOS\b/, 'ChromeOS'], [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'], [/\bLinux\b|\bX11\b/, 'Linux'],
]

/**
 * @param {string} text a User-Agent (RFC 9110 §10.1.5)
 * @returns {{program: string, system: string}} each '' if it is not told; a program that is no browser by its own name
 */
export function clientName(text) {
  const system = systems.find(([pattern]) => pattern.test(text))?.[1] ?? ''
  const browser = browsers.find(([pattern]) => pattern.test(text))?.[1]
  const product = /^([^\s/()]{1,40})(?:\/|\s|$)/.exec(text)?.[1] ?? ''
  return { program: browser ?? (product === 'Mozilla' ? '' : product), system }
}
