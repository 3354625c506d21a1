// libavcodec's encoders end the process where one of their assertions fails, which a signal can make happen: AAC's does where the
// noise of neighbouring bands differs by more than 60 scale factors. Here the call ends.
#pragma once

/// avcodec_send_frame of an AVCodecContext and an AVFrame, or averror_bug() where an assertion fails: then the context is good for
/// nothing but avcodec_free_context.
int send_frame(void *context, const void *frame);
