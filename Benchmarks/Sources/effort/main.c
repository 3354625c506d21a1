// What an encoder's effort costs and gives: a sound as the chunks of a rung, with the C floor, at any effort.
//
//   effort SOUND RATE CHANNELS RUNG FOLDER ROUNDS EFFORT...
//
// SOUND has interleaved floats, EFFORT a number and libavcodec's options: 10, 1, 1:aac_pns=0. Prints a line of JSON for each: processor
// seconds of its encoder round by round, the efforts taking turns. Writes into FOLDER, as interleaved floats of the rung's rate and
// channels without any delay: `signal`, what the encoders are fed; EFFORT, the chunks decoded; EFFORT.whole, one continuous encode
// decoded, for AAC chunks with a pre-roll of 40 frames.

#include <libavcodec/avcodec.h>
#include <opus/opus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "floor.h"

enum { MOST_EFFORTS = 32, PACKET = 1024, MARGIN = 2048, LONG_PREROLL = 40 };

// As Audio.FrameGrid has it, for sounds of 44.1 and 48 kHz; lengths in samples per channel.
typedef struct {
    enum floor_codec codec;
    int kbits, source_rate, source_channels, rate, channels, samples_per_frame, per_chunk, pre_roll, look_ahead, delay;
    int64_t source_samples, samples;
    int frames;
} grid;

typedef struct {
    const char *name, *options;
    int effort;
} effort;

static uint8_t *sound, *out;
static const size_t room = 64 << 20;
static floor_state *state;

static void check(int holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "effort: %s\n", what);
    exit(70);
}

static double cpu(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static grid make_grid(const char *rung, int rate, int channels, int64_t samples) {
    grid g = {.source_rate = rate, .source_channels = channels, .source_samples = samples, .rate = rate};
    char codec[8];
    check(sscanf(rung, "%7[a-z0-9]-%d", codec, &g.kbits) == 2, "no such rung");
    check(rate == 44100 || rate == 48000, "no such sample rate");
    int mono_up_to;
    if (strcmp(codec, "mp3") == 0) {
        g.codec = FLOOR_MP3;
        mono_up_to = 48;
        g.rate = g.kbits <= 64 ? 24000 : g.kbits == 96 ? 32000 : rate;
        g.samples_per_frame = g.rate >= 32000 ? 1152 : 576;
        g.per_chunk = g.rate == 44100 ? 98 : 100;
        g.pre_roll = 5;
        g.look_ahead = 1;
        g.delay = 576 + 529;
    } else if (strcmp(codec, "opus") == 0) {
        g.codec = FLOOR_OPUS;
        mono_up_to = 24;
        g.rate = 48000;
        g.samples_per_frame = 960;
        g.per_chunk = 150;
        g.pre_roll = 8;
        g.delay = 312;
    } else {
        g.codec = FLOOR_AAC;
        mono_up_to = 32;
        g.samples_per_frame = 1024;
        g.per_chunk = g.rate == 44100 ? 126 : 135;
        g.pre_roll = 12;
        g.look_ahead = 1;
        g.delay = 1024;
    }
    g.channels = g.kbits <= mono_up_to ? 1 : channels < 2 ? channels : 2;
    g.samples = (samples * g.rate + rate - 1) / rate;
    g.frames = (g.samples + (g.codec == FLOOR_MP3 ? 1152 : g.delay) + g.samples_per_frame - 1) / g.samples_per_frame;
    return g;
}

static size_t chunk_bytes(const grid *g, int frames, int ends_track) {
    int64_t share = g->kbits * INT64_C(128000), most = (int64_t)(768 * g->channels * 65 / 100) * g->rate;
    return 2 * frames + (frames + (ends_track ? 2 : 0)) * (share < most ? share : most) / g->rate;
}

static int64_t divisor(int64_t a, int64_t b) { return b == 0 ? a : divisor(b, a % b); }

// Renders frames that begin at `first` into `out`. Gives the bytes.
static size_t render(const grid *g, enum floor_codec codec, const effort *e, int first, int frames, int pre_roll, int alone) {
    int64_t start = (int64_t)(first - pre_roll) * g->samples_per_frame;
    int64_t end = (int64_t)(first + frames + g->look_ahead) * g->samples_per_frame;
    // Where the resampler's phase is zero.
    int64_t unit = g->source_rate / divisor(g->source_rate, g->rate);
    int64_t from = (start * g->source_rate / g->rate - MARGIN) / unit * unit, to = end * g->source_rate / g->rate + MARGIN;
    if (from < 0) from = 0;
    if (to > g->source_samples) to = g->source_samples;
    static floor_packet packets[1 << 13];
    int count = 0;
    int64_t packet = from / PACKET * PACKET, sample_bytes = 4 * g->source_channels;
    for (int64_t at = packet; at < to; at += PACKET, count++) {
        int samples = g->source_samples - at < PACKET ? g->source_samples - at : PACKET;
        packets[count] = (floor_packet){.size = samples * sample_bytes, .samples = samples};
    }
    floor_job job = {
        .decoder = "pcm_f32le", .block_align = sample_bytes, .bits_per_coded_sample = 32, .knows_no_rate = 1, .source_rate = g->source_rate,
        .source_channels = g->source_channels, .first_packet_sample = packet, .source_start = from, .source_end = to,
        .ends_track = to == g->source_samples, .packets = packets, .packet_count = count, .codec = codec, .effort = e->effort,
        .options = e->options, .kbits = g->kbits, .rate = g->rate, .channels = g->channels, .resampled_start = from * g->rate / g->source_rate,
        .encoder_start = start, .output_samples = g->samples, .samples_per_frame = g->samples_per_frame, .pre_roll = pre_roll,
        .frames = frames, .look_ahead = g->look_ahead, .stands_alone = alone,
        .bytes = chunk_bytes(g, frames, first + frames == g->frames)};
    return floor_render(state, &job, sound + packet * sample_bytes, out, room);
}

typedef void (*taker)(const grid *g, const uint8_t *bytes, size_t size, void *context);

// All chunks, or one continuous encode.
static void render_all(const grid *g, enum floor_codec codec, const effort *e, int is_whole, taker take, void *context) {
    int step = is_whole && g->codec != FLOOR_AAC ? g->frames : g->per_chunk;
    for (int chunk = 0, first = 0; first < g->frames; chunk++, first += step) {
        int frames = g->frames - first < step ? g->frames - first : step;
        int pre_roll = chunk == 0 && g->codec != FLOOR_AAC ? 0 : is_whole ? LONG_PREROLL : g->pre_roll;
        size_t size = render(g, codec, e, first, frames, pre_roll, g->codec == FLOOR_OPUS && chunk > 0 && chunk % 2 == 0);
        if (take) take(g, out, size, context);
    }
}

// A decoder and the file for what it gives.
typedef struct {
    FILE *file;
    OpusDecoder *opus;
    AVCodecContext *context;
    AVPacket *packet;
    AVFrame *frame;
    int64_t skipped, left;
} listener;

static void keep(listener *l, const grid *g, const float *samples, int64_t count) {
    int64_t skip = l->skipped < count ? l->skipped : count;
    l->skipped -= skip;
    count -= skip;
    if (count > l->left) count = l->left;
    l->left -= count;
    fwrite(samples + skip * g->channels, 4 * g->channels, count, l->file);
}

static void keep_signal(const grid *g, const uint8_t *bytes, size_t size, void *context) {
    keep(context, g, (const float *)bytes, size / (4 * g->channels));
}

static listener open_listener(const grid *g, const char *folder, const char *name, const char *ending) {
    listener l = {.skipped = g->delay, .left = g->samples};
    char path[4096];
    snprintf(path, sizeof path, "%s/%s%s", folder, name, ending);
    check((l.file = fopen(path, "wb")) != NULL, path);
    int error;
    if (g->codec == FLOOR_OPUS) {
        l.opus = opus_decoder_create(48000, g->channels, &error);
        return l;
    }
    const AVCodec *codec = avcodec_find_decoder_by_name(g->codec == FLOOR_MP3 ? "mp3float" : "aac");
    l.context = avcodec_alloc_context3(codec);
    l.context->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL;
    if (g->codec == FLOOR_AAC) {
        // AudioSpecificConfig: AAC-LC, the rate's index, the channels.
        int configuration = 2 << 11 | (g->rate == 48000 ? 3 : 4) << 7 | g->channels << 3;
        l.context->extradata = av_mallocz(2 + AV_INPUT_BUFFER_PADDING_SIZE);
        l.context->extradata[0] = configuration >> 8;
        l.context->extradata[1] = configuration;
        l.context->extradata_size = 2;
    }
    check(avcodec_open2(l.context, codec, NULL) >= 0, "no decoder");
    l.packet = av_packet_alloc();
    l.frame = av_frame_alloc();
    return l;
}

static void close_listener(listener *l) {
    fclose(l->file);
    if (l->opus) opus_decoder_destroy(l->opus);
    av_packet_free(&l->packet);
    av_frame_free(&l->frame);
    avcodec_free_context(&l->context);
}

static void decode(const grid *g, const uint8_t *bytes, size_t size, void *context) {
    listener *l = context;
    static float samples[1 << 14];
    const int packet_bytes = g->kbits * 5 / 2;
    for (size_t at = 0; at < size;) {
        if (l->opus) {
            check(opus_decode_float(l->opus, bytes + at, packet_bytes, samples, 960, 0) == 960, "libopus does not decode");
            keep(l, g, samples, 960);
            at += packet_bytes;
            continue;
        }
        size_t length;
        if (g->codec == FLOOR_AAC) {
            length = bytes[at] << 8 | bytes[at + 1];
            at += 2;
            if (length == 0) return;
        } else {
            length = g->samples_per_frame / 8 * g->kbits * 1000 / g->rate + (bytes[at + 2] >> 1 & 1);
        }
        check(av_new_packet(l->packet, length) >= 0, "no memory");
        memcpy(l->packet->data, bytes + at, length);
        check(avcodec_send_packet(l->context, l->packet) >= 0, "libavcodec does not decode");
        av_packet_unref(l->packet);
        at += length;
        while (avcodec_receive_frame(l->context, l->frame) >= 0) {
            for (int k = 0; k < g->channels; k++)
                for (int n = 0; n < l->frame->nb_samples; n++) samples[n * g->channels + k] = ((float *)l->frame->extended_data[k])[n];
            keep(l, g, samples, l->frame->nb_samples);
        }
    }
}

int main(int argc, char **argv) {
    check(argc > 7 && argc - 7 < MOST_EFFORTS, "usage: effort SOUND RATE CHANNELS RUNG FOLDER ROUNDS EFFORT...");
    av_log_set_level(AV_LOG_QUIET);
    FILE *file = fopen(argv[1], "rb");
    check(file != NULL, argv[1]);
    sound = malloc(room);
    out = malloc(room);
    size_t bytes = fread(sound, 1, room, file);
    fclose(file);
    grid g = make_grid(argv[4], atoi(argv[2]), atoi(argv[3]), bytes / (4 * atoi(argv[3])));
    state = floor_open();

    effort efforts[MOST_EFFORTS];
    int count = argc - 7, rounds = atoi(argv[6]);
    for (int k = 0; k < count; k++) {
        char *options = strchr(argv[7 + k], ':');
        efforts[k] = (effort){.name = argv[7 + k], .effort = atoi(argv[7 + k]), .options = options ? options + 1 : NULL};
    }
    grid plain = g;
    plain.delay = 0;
    plain.look_ahead = 0;
    plain.frames = (g.samples + g.samples_per_frame - 1) / g.samples_per_frame;
    listener signal = open_listener(&g, argv[5], "signal", "");
    signal.skipped = 0;
    render_all(&plain, FLOOR_NONE, &efforts[0], 0, keep_signal, &signal);
    close_listener(&signal);
    for (int k = 0; k < count; k++) {
        for (int whole = 0; whole < 2; whole++) {
            listener l = open_listener(&g, argv[5], efforts[k].name, whole ? ".whole" : "");
            render_all(&g, g.codec, &efforts[k], whole, decode, &l);
            close_listener(&l);
        }
    }
    // The first place is the signal alone, whose time is taken from the others'.
    double *times = calloc((size_t)rounds * (count + 1), sizeof *times);
    for (int round = 0; round < rounds; round++) {
        for (int place = 0; place <= count; place++) {
            int k = round % 2 == 0 ? place : count - place;
            double start = cpu();
            render_all(&g, k == 0 ? FLOOR_NONE : g.codec, &efforts[k == 0 ? 0 : k - 1], 0, NULL, NULL);
            times[round * (count + 1) + k] = cpu() - start;
        }
    }
    for (int k = 0; k < count; k++) {
        printf("{\"effort\":\"%s\",\"cpu\":[", efforts[k].name);
        for (int round = 0; round < rounds; round++) {
            const double *row = times + round * (count + 1);
            printf("%s%.6f", round == 0 ? "" : ",", row[k + 1] - row[0]);
        }
        printf("]}\n");
    }
    floor_close(state);
    return 0;
}
