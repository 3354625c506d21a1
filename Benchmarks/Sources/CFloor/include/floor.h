// The floor under the codec loop: one chunk rendered by the least C that gives the same bytes with the same libraries.
#ifndef FLOOR_H
#define FLOOR_H

#include <stddef.h>
#include <stdint.h>

enum floor_codec { FLOOR_MP3, FLOOR_OPUS, FLOOR_AAC, FLOOR_NONE };

typedef struct {
    size_t skip, size;  // bytes
    int samples;        // per channel, that the packet decodes to
} floor_packet;

// As Audio.RenderJob has it; positions and lengths in samples per channel.
typedef struct {
    const char *decoder;  // libavcodec's name
    const uint8_t *extradata;
    int extradata_size, block_align, bits_per_coded_sample, knows_no_rate;
    int64_t bit_rate;
    int source_rate, source_channels;
    int64_t first_packet_sample, source_start, source_end;
    int ends_track;
    const floor_packet *packets;
    int packet_count;

    enum floor_codec codec;
    int effort;           // as Audio.Rendition has it
    const char *options;  // more of libavcodec's for AAC, "aac_pns=0:aac_is=0", or NULL
    int kbits, rate, channels;
    int64_t resampled_start, encoder_start, output_samples;
    int samples_per_frame, pre_roll, frames, look_ahead;
    int stands_alone;  // the first kept packet of Opus is made without prediction
    size_t bytes;      // of the chunk; AAC is steered towards them
} floor_job;

// What is kept from chunk to chunk.
typedef struct floor_state floor_state;
floor_state *floor_open(void);
void floor_close(floor_state *state);

// Renders a chunk from its packets into `out`: MP3 and Opus frames back to back, AAC frames each behind its size in 16 bits, big-endian,
// and zeros up to the chunk's size; without an encoder, what one would be fed, interleaved floats. Gives the bytes; ends the process
// where a library fails, and where a frame of AAC would not fit.
size_t floor_render(floor_state *state, const floor_job *job, const uint8_t *bytes, uint8_t *out, size_t room);

#endif
