#include <stddef.h>
#include <zlib.h>

// Compresses `count` bytes of `text` into a gzip file (RFC 1952) of at most `room` bytes, and returns its length: 0 if it does not fit.
// deflateInit2 is a macro, which Swift does not import. 15 is the largest window, 16 asks for gzip's header and trailer.
static inline size_t gzip(const unsigned char *text, unsigned count, unsigned char *output, unsigned room, int level) {
    z_stream stream = {0};
    if (deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    stream.next_in = (unsigned char *)text;
    stream.avail_in = count;
    stream.next_out = output;
    stream.avail_out = room;
    int status = deflate(&stream, Z_FINISH);
    size_t length = room - stream.avail_out;
    deflateEnd(&stream);
    return status == Z_STREAM_END ? length : 0;
}
