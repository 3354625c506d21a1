// @ts-check
/** English: suggestions, days and years, and what is known of one's taste. */
export default {
  'foryou.hide': 'Not this',
  'why.few.track': 'because you play {a}',
  'why.few.artist': 'because you play {a}',
  'why.few.both': 'because you play {a} and {b}',
  'why.few.sound': 'sounds like {a}',
  'why.few.session': 'is heard along with {a}',
  'why.few.genre': 'because you play {a}',
  'why.title': 'Why {title}?',
  'why.track': 'You play this track, and whoever plays it tends to play the suggestion too.',
  'why.artist': 'You play this artist, and whoever does so tends to play the suggestion too.',
  'why.sound': 'The two sound alike: that was measured from the sound itself.',
  'why.session': 'The two are heard in the same hours.',
  'why.genre': 'You play much of this genre.',
  'why.none': 'It is close to what you play and own; there is no single reason.',
  'why.basis.listeners': 'Worked out on this server, from what you play and from what its listeners have in common. At least three of them are behind each link, and no one can see who.',
  'why.basis.library': 'Worked out on this server, from your own library and your own plays alone.',
  'why.more': 'What is known of your taste',
}
