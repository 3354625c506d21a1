// @ts-check
import { showTracks } from '/views/tracks.js'

showTracks(/** @type {HTMLElement} */ (document.querySelector('main')))
