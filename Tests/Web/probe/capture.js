/** Sends every sample of the left channel to the page, and where the context's clock was. */
registerProcessor('capture', class extends AudioWorkletProcessor {
  block = new Float32Array(128 * 64)
  filled = 0

  process([[channel]]) {
    if (channel) this.block.set(channel, this.filled)
    else this.block.fill(0, this.filled, this.filled + 128)
    this.filled += 128
    if (this.filled === this.block.length) {
      this.port.postMessage(this.block)
      this.filled = 0
    }
    return true
  }
})
