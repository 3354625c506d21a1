/** Runs before the player's own code: catches all that its element sounds, and notes when it had to wait. */
(() => {
  const heard = window.heard = { audio: null, blocks: [], waits: [] }
  const ahead = () => {
    const { buffered, currentTime } = heard.audio
    for (let i = 0; i < buffered.length; i++) if (buffered.start(i) <= currentTime + 0.1 && currentTime < buffered.end(i)) return buffered.end(i) - currentTime
    return 0
  }
  const frames = () => heard.blocks.length * 128 * 64
  const OwnAudio = window.Audio
  window.Audio = function Audio() {
    const audio = new OwnAudio()
    heard.audio ??= audio
    // Of several elements, the one that was started last is listened to.
    audio.addEventListener('play', () => { heard.audio = audio })
    audio.addEventListener('waiting', () => heard.waits.push({ frame: frames(), time: audio.currentTime, ahead: ahead() }))
    audio.addEventListener('playing', () => { for (const wait of heard.waits) wait.to ??= frames() })
    const context = new AudioContext({ sampleRate: 48_000, latencyHint: 'playback' })
    const source = context.createMediaElementSource(audio)
    context.audioWorklet.addModule('/probe/capture.js').then(() => {
      const worklet = new AudioWorkletNode(context, 'capture', { channelCount: 2, channelCountMode: 'explicit' })
      worklet.port.onmessage = ({ data }) => { if (audio === heard.audio) heard.blocks.push(data) }
      source.connect(worklet).connect(context.destination)
    })
    return audio
  }
  heard.state = () => heard.audio && {
    time: heard.audio.currentTime, paused: heard.audio.paused, ended: heard.audio.ended, ahead: ahead(), frames: frames(), waits: heard.waits,
    hidden: document.hidden,
  }
  /** Sends what was caught, and begins anew. */
  heard.send = async () => {
    const whole = new Float32Array(frames())
    heard.blocks.forEach((block, i) => whole.set(block, i * 128 * 64))
    heard.blocks.length = 0
    const waits = heard.waits.splice(0)
    await fetch('/probe/caught', { method: 'POST', body: whole })
    return waits
  }
})()
