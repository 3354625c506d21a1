#include "floor.h"

#include <lame/lame.h>
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
#include <opus/opus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct floor_state {
    AVPacket *packet;
    AVFrame *frame;
    AVBufferRef *buffer;
    size_t buffer_size;
    float *signal;  // planar, or interleaved for Opus
    size_t signal_size;
    OpusEncoder *opus;
    int opus_channels;
};

static void check(int holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "floor: %s\n", what);
    exit(70);
}

floor_state *floor_open(void) {
    floor_state *state = calloc(1, sizeof *state);
    state->packet = av_packet_alloc();
    state->frame = av_frame_alloc();
    return state;
}

void floor_close(floor_state *state) {
    state->packet->buf = NULL;
    av_packet_free(&state->packet);
    av_frame_free(&state->frame);
    av_buffer_unref(&state->buffer);
    if (state->opus) opus_encoder_destroy(state->opus);
    free(state->signal);
    free(state);
}

static AVCodecContext *open_decoder(const floor_job *job) {
    const AVCodec *codec = avcodec_find_decoder_by_name(job->decoder);
    check(codec != NULL, "no decoder");
    AVCodecContext *context = avcodec_alloc_context3(codec);
    context->thread_count = 1;
    context->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL;
    context->block_align = job->block_align;
    context->bits_per_coded_sample = job->bits_per_coded_sample;
    context->bit_rate = job->bit_rate;
    if (job->knows_no_rate) {
        context->sample_rate = job->source_rate;
        av_channel_layout_default(&context->ch_layout, job->source_channels);
    }
    if (strcmp(job->decoder, "libopus") == 0) context->request_sample_fmt = AV_SAMPLE_FMT_FLT;
    if (job->extradata_size > 0) {
        context->extradata = av_mallocz(job->extradata_size + AV_INPUT_BUFFER_PADDING_SIZE);
        memcpy(context->extradata, job->extradata, job->extradata_size);
        context->extradata_size = job->extradata_size;
    }
    check(avcodec_open2(context, codec, NULL) >= 0, "the decoder does not open");
    return context;
}

static SwrContext *open_resampler(const floor_job *job, enum AVSampleFormat format) {
    AVChannelLayout in, out;
    av_channel_layout_default(&in, job->source_channels);
    av_channel_layout_default(&out, job->channels);
    SwrContext *context = NULL;
    swr_alloc_set_opts2(&context, &out, job->codec == FLOOR_OPUS ? AV_SAMPLE_FMT_FLT : AV_SAMPLE_FMT_FLTP, job->rate, &in, format,
                        job->source_rate, 0, NULL);
    av_opt_set_sample_fmt(context, "internal_sample_fmt", AV_SAMPLE_FMT_FLTP, 0);
    av_opt_set_double(context, "rematrix_maxval", 1, 0);
    check(swr_init(context) >= 0, "the resampler does not open");
    return context;
}

// The signal of one chunk as it is filled, and the encoder that follows it.
typedef struct {
    const floor_job *job;
    floor_state *state;
    int64_t count, audible, filled, excess, encoded;
    lame_t lame;
    AVCodecContext *aac;
    AVFrame *input;
    AVPacket *output;
    int discarding, missing, keeping;
    double share, aim;  // bytes of a frame of AAC, and of what its frames should have together
    size_t used;
    int discarded;      // bytes of the pre-roll's last frame, 0 before it
    uint8_t *out;
    size_t size, room;
} chunk;

static float *sample(const chunk *c, int channel, int64_t at) {
    return c->job->codec == FLOOR_OPUS ? c->state->signal + at * c->job->channels : c->state->signal + channel * c->count + at;
}

static void silence(chunk *c, int64_t samples) {
    if (samples > c->count - c->filled) samples = c->count - c->filled;
    if (samples <= 0) return;
    if (c->job->codec == FLOOR_OPUS) memset(sample(c, 0, c->filled), 0, samples * c->job->channels * sizeof(float));
    else for (int k = 0; k < c->job->channels; k++) memset(sample(c, k, c->filled), 0, samples * sizeof(float));
    c->filled += samples;
}

// The bit rate of the next frame of AAC, as Codec.AACSteering has it.
static int64_t request(const chunk *c) {
    double most = 768 * c->job->channels * 65 / 100, even = (c->aim - c->used) / (c->missing > 1 ? c->missing : 1);
    double wanted = even < c->share ? 2 * even - c->share : even, least = 0.1;
    if (c->discarding > 0 && c->discarded > 0) wanted = c->share + (c->share - c->discarded) / 2, least = 0.7;
    if (wanted < c->share * least) wanted = c->share * least;
    if (wanted > c->share * 1.3) wanted = c->share * 1.3;
    return (wanted < most ? wanted : most) * (8 * (double)c->job->rate / c->job->samples_per_frame);
}

// Where the sound of AAC ends, in Hz, at so many bit/s, as Codec.AACEncoder has it.
static int cutoff(const floor_job *job, int64_t bits) {
    double rate = (double)bits / job->channels * 1.15, end = rate * 15 / 32 - 5500;
    if (end < rate / 5) end = rate / 5;
    if (end > 3000 + rate / 4) end = 3000 + rate / 4;
    if (end > 12000 + rate / 16) end = 12000 + rate / 16;
    if (end > 22000) end = 22000;
    if (end > job->rate / 2.0) end = job->rate / 2.0;
    return end < 3000 ? 3000 : end;
}

static void open_encoder(chunk *c) {
    const floor_job *job = c->job;
    c->discarding = job->pre_roll;
    c->missing = job->frames;
    c->keeping = job->pre_roll == 0;
    if (job->codec == FLOOR_MP3) {
        c->lame = lame_init();
        lame_set_in_samplerate(c->lame, job->rate);
        lame_set_out_samplerate(c->lame, job->rate);
        lame_set_num_channels(c->lame, job->channels);
        lame_set_mode(c->lame, job->channels == 1 ? MONO : JOINT_STEREO);
        lame_set_quality(c->lame, job->effort);
        lame_set_VBR(c->lame, vbr_off);
        lame_set_brate(c->lame, job->kbits);
        lame_set_bWriteVbrTag(c->lame, 0);
        check(lame_init_params(c->lame) >= 0, "LAME does not open");
    } else if (job->codec == FLOOR_OPUS) {
        if (c->state->opus && c->state->opus_channels != job->channels) {
            opus_encoder_destroy(c->state->opus);
            c->state->opus = NULL;
        }
        int error;
        if (!c->state->opus) c->state->opus = opus_encoder_create(48000, job->channels, OPUS_APPLICATION_AUDIO, &error);
        c->state->opus_channels = job->channels;
        OpusEncoder *opus = c->state->opus;
        opus_encoder_ctl(opus, OPUS_RESET_STATE);
        opus_encoder_ctl(opus, OPUS_SET_VBR(0));
        opus_encoder_ctl(opus, OPUS_SET_BITRATE(job->kbits * 1000));
        opus_encoder_ctl(opus, OPUS_SET_COMPLEXITY(job->effort));
        opus_encoder_ctl(opus, OPUS_SET_SIGNAL(OPUS_SIGNAL_MUSIC));
        opus_encoder_ctl(opus, OPUS_SET_FORCE_CHANNELS(job->channels));
        opus_encoder_ctl(opus, OPUS_SET_BANDWIDTH(OPUS_BANDWIDTH_FULLBAND));
    } else if (job->codec == FLOOR_AAC) {
        const AVCodec *codec = avcodec_find_encoder_by_name("aac");
        c->aac = avcodec_alloc_context3(codec);
        c->aac->thread_count = 1;
        c->aac->flags |= AV_CODEC_FLAG_BITEXACT;
        c->aac->sample_rate = job->rate;
        c->aac->time_base = (AVRational){1, job->rate};
        av_channel_layout_default(&c->aac->ch_layout, job->channels);
        c->aac->sample_fmt = AV_SAMPLE_FMT_FLTP;
        int64_t share = job->kbits * INT64_C(128000), most = (int64_t)(768 * job->channels * 65 / 100) * job->rate;
        c->share = (double)(share < most ? share : most) / job->rate;
        double all = job->frames * c->share, reserved = (double)(job->bytes - 2 * job->frames) - (job->frames < 100 ? 0.75 : 1.25) * c->share;
        c->aim = job->frames < 16 && all < reserved ? all : reserved;
        // As AACSteering has it: opened below the share, with lambda where it settles.
        double part = c->share / (768 * job->channels), opening = (8 * part - 1) / (7 * part), least = job->channels == 1 ? 0.4 : 0.6;
        c->aac->bit_rate = c->share * (opening > least ? opening : least) * (8 * (double)job->rate / job->samples_per_frame);
        c->aac->global_quality = 600;
        c->aac->cutoff = cutoff(job, (share < most ? share : most) / 128);
        av_opt_set(c->aac->priv_data, "aac_coder", job->effort == 0 ? "fast" : "twoloop", 0);
        if (job->options) check(av_set_options_string(c->aac->priv_data, job->options, "=", ":") >= 0, "no such option");
        check(avcodec_open2(c->aac, codec, NULL) >= 0, "the AAC encoder does not open");
        c->aac->global_quality = 0;
        c->input = av_frame_alloc();
        c->input->format = AV_SAMPLE_FMT_FLTP;
        c->input->sample_rate = job->rate;
        c->input->nb_samples = job->samples_per_frame;
        av_channel_layout_copy(&c->input->ch_layout, &c->aac->ch_layout);
        check(av_frame_get_buffer(c->input, 0) >= 0, "no frame");
        c->output = av_packet_alloc();
    }
}

static void close_encoder(chunk *c) {
    if (c->lame) lame_close(c->lame);
    if (c->aac) {
        av_frame_free(&c->input);
        av_packet_free(&c->output);
        avcodec_free_context(&c->aac);
    }
}

static void encode_mp3(chunk *c) {
    const floor_job *job = c->job;
    int before = lame_get_frameNum(c->lame), last = job->pre_roll + job->frames;
    if (before >= last) return;
    float *left = sample(c, 0, c->encoded);
    float *right = job->channels == 1 ? left : sample(c, 1, c->encoded);
    int size = lame_encode_buffer_ieee_float(c->lame, left, right, job->samples_per_frame, c->out + c->size, c->room - c->size);
    int now = lame_get_frameNum(c->lame);
    if (c->keeping) c->size += size;
    if (now > before && (now == last || (!c->keeping && now == job->pre_roll))) {
        size = lame_encode_flush_nogap(c->lame, c->out + c->size, c->room - c->size);
        if (c->keeping) c->size += size;
        c->keeping = 1;
    }
}

static void encode_opus(chunk *c) {
    int alone = c->job->stands_alone && c->discarding == 0 && c->size == 0;
    if (alone) opus_encoder_ctl(c->state->opus, OPUS_SET_PREDICTION_DISABLED(1));
    int size = opus_encode_float(c->state->opus, sample(c, 0, c->encoded), c->job->samples_per_frame, c->out + c->size, 1 << 15);
    check(size > 0, "libopus failed");
    if (alone) opus_encoder_ctl(c->state->opus, OPUS_SET_PREDICTION_DISABLED(0));
    if (c->discarding > 0) c->discarding--;
    else c->size += size;
}

static void encode_aac(chunk *c) {
    for (int k = 0; k < c->job->channels; k++)
        memcpy(c->input->extended_data[k], sample(c, k, c->encoded), c->job->samples_per_frame * sizeof(float));
    c->aac->bit_rate = request(c);
    // What lambda is divided by; libavcodec's own number after the pre-roll.
    int index = c->job->pre_roll - c->discarding;
    c->aac->global_quality = c->discarding > 0 ? 120 + 280 * (index < 8 ? 8 - index : 0) / 8 : 0;
    check(avcodec_send_frame(c->aac, c->input) >= 0, "the AAC encoder failed");
    if (avcodec_receive_packet(c->aac, c->output) < 0) return;
    if (c->discarding > 0) {
        c->discarding--;
        c->discarded = c->output->size;
    } else if (c->missing > 0) {
        c->missing--;
        c->used += c->output->size;
        uint8_t *out = c->out + c->size;
        out[0] = c->output->size >> 8;
        out[1] = c->output->size;
        memcpy(out + 2, c->output->data, c->output->size);
        c->size += 2 + c->output->size;
        check(c->size <= c->job->bytes, "a chunk of AAC is too large");
        if (c->missing == 0) {
            memset(c->out + c->size, 0, c->job->bytes - c->size);
            c->size = c->job->bytes;
        }
    }
}

static void keep_signal(chunk *c) {
    if (c->discarding-- > 0) return;
    for (int at = 0; at < c->job->samples_per_frame; at++)
        for (int k = 0; k < c->job->channels; k++, c->size += sizeof(float)) memcpy(c->out + c->size, sample(c, k, c->encoded + at), sizeof(float));
}

static void encode(chunk *c) {
    for (; c->encoded + c->job->samples_per_frame <= c->filled; c->encoded += c->job->samples_per_frame) {
        switch (c->job->codec) {
            case FLOOR_MP3: encode_mp3(c); break;
            case FLOOR_OPUS: encode_opus(c); break;
            case FLOOR_AAC: encode_aac(c); break;
            case FLOOR_NONE: keep_signal(c); break;
        }
    }
}

// Resamples into the signal; a NULL `input` fetches the end.
static void convert(chunk *c, SwrContext *resampler, const uint8_t **input, int count) {
    for (;;) {
        int64_t room = (c->audible < c->count ? c->audible : c->count) - c->filled;
        int64_t wanted = c->excess > 0 && c->excess < room ? c->excess : room;
        if (wanted <= 0) return;
        uint8_t *planes[2] = {(uint8_t *)sample(c, 0, c->filled), (uint8_t *)sample(c, 1, c->filled)};
        int made = swr_convert(resampler, planes, wanted, input, count);
        check(made >= 0, "the resampler failed");
        if (c->excess > 0) c->excess -= made;
        else c->filled += made;
        if (made != wanted) return;
        if (input) count = 0;
    }
}

size_t floor_render(floor_state *state, const floor_job *job, const uint8_t *bytes, uint8_t *out, size_t room) {
    chunk c = {.job = job, .state = state, .out = out, .room = room};
    c.count = (int64_t)(job->pre_roll + job->frames + job->look_ahead) * job->samples_per_frame;
    if (state->signal_size < c.count * job->channels) {
        free(state->signal);
        state->signal_size = c.count * job->channels;
        state->signal = malloc(state->signal_size * sizeof(float));
    }
    c.audible = job->output_samples - job->encoder_start;
    if (c.audible > c.count) c.audible = c.count;
    int64_t before = job->resampled_start - job->encoder_start;
    if (-job->encoder_start > before) before = -job->encoder_start;
    silence(&c, before > 0 ? before : 0);
    c.excess = job->encoder_start + c.filled - job->resampled_start;
    if (c.excess < 0) c.excess = 0;
    open_encoder(&c);

    AVCodecContext *decoder = open_decoder(job);
    SwrContext *resampler = NULL;
    AVFrame *frame = state->frame;
    int64_t position = job->first_packet_sample, fed = job->source_start;
    const uint8_t *next = bytes;
    for (int k = 0; k < job->packet_count && fed < job->source_end && c.filled < c.audible; k++) {
        floor_packet p = job->packets[k];
        next += p.skip;
        if (!state->buffer || p.size > state->buffer_size || av_buffer_is_writable(state->buffer) != 1) {
            av_buffer_unref(&state->buffer);
            state->buffer_size = p.size > 1 << 16 ? p.size : 1 << 16;
            state->buffer = av_buffer_alloc(state->buffer_size + AV_INPUT_BUFFER_PADDING_SIZE);
        }
        memcpy(state->buffer->data, next, p.size);
        memset(state->buffer->data + p.size, 0, AV_INPUT_BUFFER_PADDING_SIZE);
        state->packet->buf = state->buffer;
        state->packet->data = state->buffer->data;
        state->packet->size = p.size;
        next += p.size;
        int64_t end = position + p.samples;
        for (int flushes = 0; flushes < 2; flushes++) {
            if (flushes == 1 && !(position < end && job->ends_track && k == job->packet_count - 1)) break;
            if (avcodec_send_packet(decoder, flushes ? NULL : state->packet) < 0) continue;
            while (avcodec_receive_frame(decoder, frame) >= 0) {
                int64_t count = frame->nb_samples < end - position ? frame->nb_samples : end - position;
                if (!resampler) resampler = open_resampler(job, frame->format);
                int64_t first = fed > position ? fed : position;
                int64_t last = position + count < job->source_end ? position + count : job->source_end;
                int64_t skipped = first - position;
                position += count;
                if (first >= last) continue;
                int planar = av_sample_fmt_is_planar(frame->format);
                int stride = av_get_bytes_per_sample(frame->format) * (planar ? 1 : job->source_channels);
                const uint8_t *planes[8];
                for (int plane = 0; plane < (planar ? job->source_channels : 1); plane++)
                    planes[plane] = frame->extended_data[plane] + skipped * stride;
                fed = last;
                convert(&c, resampler, planes, last - first);
            }
        }
        // A decoder that starts in the middle gives less of its first packets, which are there for that.
        check(position == end || end <= fed, "a packet decodes to less than the map says");
        position = end;
        encode(&c);
    }
    if (c.filled < c.audible && job->ends_track && resampler) convert(&c, resampler, NULL, 0);
    silence(&c, c.count - c.filled);
    encode(&c);

    swr_free(&resampler);
    avcodec_free_context(&decoder);
    close_encoder(&c);
    return c.size;
}
