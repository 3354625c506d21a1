// @ts-check
/** The latest tracks, each with the browser's own player. @param {HTMLElement} main */
export async function showTracks(main) {
  const answer = await fetch('/api/v1/tracks?limit=20')
  if (!answer.ok) return main.append(`The server says ${answer.status}.`)
  for (const track of (await answer.json()).items) {
    const name = document.createElement('p')
    const audio = document.createElement('audio')
    name.textContent = `${track.artist} – ${track.title}`
    audio.controls = true
    audio.preload = 'none'
    audio.src = `/stream/${track.id}/mp3-128.mp3`
    main.append(name, audio)
  }
}
