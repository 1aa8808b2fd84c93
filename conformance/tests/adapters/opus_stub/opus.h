// The public declarations of libopus 1.5 and newer that the adapter uses, for a library that only pretends.
#ifndef OPUS_STUB_H
#define OPUS_STUB_H

#include <stdint.h>

typedef int16_t opus_int16;
typedef int32_t opus_int32;
typedef struct OpusDecoder OpusDecoder;
typedef struct OpusDREDDecoder OpusDREDDecoder;
typedef struct OpusDRED OpusDRED;

#define OPUS_OK 0
#define OPUS_BAD_ARG -1
#define OPUS_INTERNAL_ERROR -3
#define OPUS_INVALID_PACKET -4
#define OPUS_UNIMPLEMENTED -5
#define OPUS_ALLOC_FAIL -7

const char* opus_get_version_string(void);
const char* opus_strerror(int error);
int opus_packet_parse(const unsigned char* data, opus_int32 len, unsigned char* out_toc,
                      const unsigned char* frames[48], opus_int16 size[48], int* payload_offset);
OpusDecoder* opus_decoder_create(opus_int32 rate, int channels, int* error);
void opus_decoder_destroy(OpusDecoder* decoder);
int opus_decode(OpusDecoder* decoder, const unsigned char* data, opus_int32 len, opus_int16* pcm,
                int frame_size, int decode_fec);
OpusDREDDecoder* opus_dred_decoder_create(int* error);
void opus_dred_decoder_destroy(OpusDREDDecoder* decoder);
OpusDRED* opus_dred_alloc(int* error);
void opus_dred_free(OpusDRED* dred);
int opus_dred_parse(OpusDREDDecoder* decoder, OpusDRED* dred, const unsigned char* data, opus_int32 len,
                    opus_int32 max_dred_samples, opus_int32 sampling_rate, int* dred_end,
                    int defer_processing);
int opus_dred_process(OpusDREDDecoder* decoder, const OpusDRED* src, OpusDRED* dst);
int opus_decoder_dred_decode(OpusDecoder* decoder, const OpusDRED* dred, opus_int32 dred_offset,
                             opus_int16* pcm, opus_int32 frame_size);

#endif
