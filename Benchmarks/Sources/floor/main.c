// The floor under the codec loop: the least that decoding a file and encoding it once, from start to end, costs with the same
// libraries and settings. No chunks, no ranges, no exact length, no process boundary.
//
//   floor INPUT mp3|opus KBITS EFFORT OUTPUT      prints {"cpu":seconds,"wall":seconds}

#include <lame/lame.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswresample/swresample.h>
#include <opus/opus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void check(int holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "floor: %s\n", what);
    exit(70);
}

int main(int argc, char **argv) {
    check(argc == 6, "usage: floor INPUT mp3|opus KBITS EFFORT OUTPUT");
    int is_opus = strcmp(argv[2], "opus") == 0;
    int kbits = atoi(argv[3]), effort = atoi(argv[4]);
    av_log_set_level(AV_LOG_QUIET);

    AVFormatContext *format = NULL;
    check(avformat_open_input(&format, argv[1], NULL, NULL) >= 0, "open");
    check(avformat_find_stream_info(format, NULL) >= 0, "stream info");
    int index = av_find_best_stream(format, AVMEDIA_TYPE_AUDIO, -1, -1, NULL, 0);
    check(index >= 0, "no audio");
    AVCodecParameters *parameters = format->streams[index]->codecpar;
    const AVCodec *codec = avcodec_find_decoder(parameters->codec_id);
    if (parameters->codec_id == AV_CODEC_ID_OPUS) codec = avcodec_find_decoder_by_name("libopus");
    AVCodecContext *decoder = avcodec_alloc_context3(codec);
    avcodec_parameters_to_context(decoder, parameters);
    decoder->thread_count = 1;
    check(avcodec_open2(decoder, codec, NULL) >= 0, "decoder");

    int channels = parameters->ch_layout.nb_channels < 2 ? 1 : 2;
    int rate = is_opus ? 48000 : parameters->sample_rate;
    AVChannelLayout layout;
    av_channel_layout_default(&layout, channels);
    struct SwrContext *resampler = NULL;
    swr_alloc_set_opts2(&resampler, &layout, is_opus ? AV_SAMPLE_FMT_FLT : AV_SAMPLE_FMT_FLTP, rate, &parameters->ch_layout,
                        decoder->sample_fmt, parameters->sample_rate, 0, NULL);
    check(swr_init(resampler) >= 0, "resampler");

    lame_t lame = NULL;
    OpusEncoder *opus = NULL;
    if (is_opus) {
        int error;
        opus = opus_encoder_create(48000, channels, OPUS_APPLICATION_AUDIO, &error);
        opus_encoder_ctl(opus, OPUS_SET_BITRATE(kbits * 1000));
        opus_encoder_ctl(opus, OPUS_SET_VBR(0));
        opus_encoder_ctl(opus, OPUS_SET_COMPLEXITY(effort));
        opus_encoder_ctl(opus, OPUS_SET_SIGNAL(OPUS_SIGNAL_MUSIC));
        opus_encoder_ctl(opus, OPUS_SET_FORCE_CHANNELS(channels));
        opus_encoder_ctl(opus, OPUS_SET_BANDWIDTH(OPUS_BANDWIDTH_FULLBAND));
    } else {
        lame = lame_init();
        lame_set_in_samplerate(lame, rate);
        lame_set_out_samplerate(lame, rate);
        lame_set_num_channels(lame, channels);
        lame_set_mode(lame, channels == 1 ? MONO : JOINT_STEREO);
        lame_set_brate(lame, kbits);
        lame_set_VBR(lame, vbr_off);
        lame_set_quality(lame, effort);
        lame_set_bWriteVbrTag(lame, 0);
        check(lame_init_params(lame) >= 0, "LAME");
    }

    FILE *output = fopen(argv[5], "wb");
    check(output != NULL, "output");
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    enum { ROOM = 1 << 20 };
    float *left = malloc(ROOM * sizeof(float)), *right = malloc(ROOM * sizeof(float));
    unsigned char *encoded = malloc(ROOM);
    int held = 0;

    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
    while (av_read_frame(format, packet) >= 0) {
        if (packet->stream_index == index && avcodec_send_packet(decoder, packet) >= 0) {
            while (avcodec_receive_frame(decoder, frame) >= 0) {
                uint8_t *planes[2] = {(uint8_t *)(is_opus ? left + held * channels : left), (uint8_t *)right};
                int count = swr_convert(resampler, planes, ROOM / 2 - held, (const uint8_t **)frame->extended_data, frame->nb_samples);
                if (is_opus) {
                    held += count;
                    int used = 0;
                    for (; held - used >= 960; used += 960) {
                        int size = opus_encode_float(opus, left + used * channels, 960, encoded, kbits * 5 / 2);
                        fwrite(encoded, 1, size, output);
                    }
                    memmove(left, left + used * channels, (size_t)(held - used) * channels * sizeof(float));
                    held -= used;
                } else {
                    int size = lame_encode_buffer_ieee_float(lame, left, channels == 1 ? left : right, count, encoded, ROOM);
                    fwrite(encoded, 1, size, output);
                }
            }
        }
        av_packet_unref(packet);
    }
    if (!is_opus) fwrite(encoded, 1, lame_encode_flush(lame, encoded, ROOM), output);
    fclose(output);
    printf("{\"cpu\":%.4f,\"wall\":%.4f}\n", seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, seconds(CLOCK_MONOTONIC) - wall);
    return 0;
}
