#include <lame/lame.h>
#include <stdarg.h>

// LAME reports through callbacks that take a va_list, which a Swift closure cannot; its own default prints to stderr.
static inline void lame_drop_message(const char *format, va_list arguments) {
    (void)format;
    (void)arguments;
}

static inline void lame_set_silent(lame_global_flags *encoder) {
    lame_set_errorf(encoder, lame_drop_message);
    lame_set_debugf(encoder, lame_drop_message);
    lame_set_msgf(encoder, lame_drop_message);
}
