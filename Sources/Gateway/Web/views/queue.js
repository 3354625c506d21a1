// @ts-check
/** The queue as a view. */
import { t } from '/text/text.js'
import { queuePanel } from '/elements/queue-panel.js'

/** @param {any} app @param {import('/lib/router.js').Place} place @param {AbortSignal} signal */
export const show = async (app, place, signal) => ({ title: t('queue'), node: queuePanel(app, { signal }) })
