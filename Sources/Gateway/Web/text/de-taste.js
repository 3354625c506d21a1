// @ts-check
/** Deutsch: Vorschläge, Tage und Jahre, und was vom Geschmack bekannt ist. */
export default {
  'foryou.hide': 'Das nicht',
  'why.few.track': 'weil Sie {a} spielen',
  'why.few.artist': 'weil Sie {a} spielen',
  'why.few.both': 'weil Sie {a} und {b} spielen',
  'why.few.sound': 'klingt wie {a}',
  'why.few.session': 'wird zusammen mit {a} gehört',
  'why.few.genre': 'weil Sie {a} spielen',
  'why.title': 'Warum {title}?',
  'why.track': 'Sie spielen diesen Titel, und wer ihn spielt, spielt oft auch den Vorschlag.',
  'why.artist': 'Sie spielen diesen Interpreten, und wer das tut, spielt oft auch den Vorschlag.',
  'why.sound': 'Die beiden klingen ähnlich: Das ist am Klang selbst gemessen.',
  'why.session': 'Die beiden werden in denselben Stunden gehört.',
  'why.genre': 'Sie spielen viel von diesem Genre.',
  'why.none': 'Es liegt nahe bei dem, was Sie spielen und besitzen; einen einzelnen Grund gibt es nicht.',
  'why.basis.listeners': 'Auf diesem Server ausgerechnet, aus dem, was Sie spielen, und aus dem, was seine Hörer gemeinsam haben. Hinter jeder Verbindung stehen mindestens drei, und niemand sieht, wer.',
  'why.basis.library': 'Auf diesem Server ausgerechnet, allein aus Ihrer Bibliothek und dem, was Sie spielen.',
  'why.more': 'Was von Ihrem Geschmack bekannt ist',
}
