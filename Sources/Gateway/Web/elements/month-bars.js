// @ts-check
/** The plays of twelve months as bars. A screen reader has them as a list with a sentence. */
import { html } from '/lib/html.js'
import { t, language } from '/text/text.js'
import { bars, busiest, readMonths } from '/core/year.js'

const names = (/** @type {'long' | 'short' | 'narrow'} */ month) => {
  const format = new Intl.DateTimeFormat(language, { month, timeZone: 'UTC' })
  return Array.from({ length: 12 }, (_, i) => format.format(Date.UTC(2024, i, 1)))
}

/** @param {any} counts plays of each month */
export function monthBars(counts) {
  const months = readMonths(counts)
  const [long, short, narrow] = [names('long'), names('short'), names('narrow')]
  const most = busiest(months)
  const columns = bars(months).map(({ plays, part }, i) => {
    const said = t('heard.n', { n: plays })
    const bar = html`<i></i>`
    bar.style.setProperty('--part', String(part))
    return html`<li title=${t('year.month', { month: long[i], plays: said })}><span class="unseen">${t('year.month', { month: long[i], plays: said })}</span>
      <span class="bar" aria-hidden="true">${bar}</span><span class="quiet wide" aria-hidden="true">${short[i]}</span><span class="quiet narrow" aria-hidden="true">${narrow[i]}</span></li>`
  })
  return html`<figure class="part months"><figcaption><h2>${t('year.months')}</h2>
    ${most && html`<p class="quiet">${t('year.most', { month: long[most.month] })}</p>`}</figcaption><ol>${columns}</ol></figure>`
}
