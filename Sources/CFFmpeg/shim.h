#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/cpu.h>
#include <libavutil/display.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/tx.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

// The AVERROR family and AV_NOPTS_VALUE are macros with casts or arguments, which Swift does not import.
static inline int averror_again(void) { return AVERROR(EAGAIN); }
static inline int averror_bug(void) { return AVERROR_BUG; }
static inline int averror_eof(void) { return AVERROR_EOF; }
static inline int averror_io(void) { return AVERROR(EIO); }
static inline int averror_refused(void) { return AVERROR(EPERM); }
static inline int64_t av_no_timestamp(void) { return AV_NOPTS_VALUE; }
