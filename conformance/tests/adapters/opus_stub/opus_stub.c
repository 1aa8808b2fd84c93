// No decoder: every answer follows from the arguments, so that a test sees whether they were passed on
// rightly.
//
// A packet is TOC, number of frames, their sizes, the frames, padding. DRED is there if the last byte is 'D';
// its first padding byte is dred_end. A last byte of 'X' is a damaged extension, of 'I' an internal error.
#include <stdlib.h>
#include <string.h>

#include "opus.h"

struct OpusDecoder {
  opus_int32 rate;
  int channels;
  int past;  // sum of the TOCs decoded
};
struct OpusDREDDecoder {
  int unused;
};
struct OpusDRED {
  int stage;
  int tag;
};

static int is_set(const char* name) {
  return getenv(name) != NULL;
}

const char* opus_get_version_string(void) {
  const char* version = getenv("STUB_OPUS_VERSION");
  return version != NULL ? version : "libopus 1.6.1";
}

const char* opus_strerror(int error) {
  return error == OPUS_INVALID_PACKET ? "corrupted stream" : error == OPUS_OK ? "success" : "another error";
}

int opus_packet_parse(const unsigned char* data, opus_int32 len, unsigned char* out_toc,
                      const unsigned char* frames[48], opus_int16 size[48], int* payload_offset) {
  if (len < 2 || data[1] < 1 || data[1] > 48 || len < 2 + data[1]) return OPUS_INVALID_PACKET;
  opus_int32 at = 2 + data[1];
  for (int i = 0; i < data[1]; ++i) {
    frames[i] = data + at;
    size[i] = data[2 + i];
    at += size[i];
  }
  if (at > len) return OPUS_INVALID_PACKET;
  *out_toc = data[0];
  *payload_offset = 2 + data[1];
  return data[1];
}

OpusDecoder* opus_decoder_create(opus_int32 rate, int channels, int* error) {
  OpusDecoder* decoder = calloc(1, sizeof *decoder);
  *error = is_set("STUB_NO_DECODER") || decoder == NULL ? OPUS_ALLOC_FAIL : OPUS_OK;
  if (*error != OPUS_OK) {
    free(decoder);
    return NULL;
  }
  decoder->rate = rate;
  decoder->channels = channels;
  return decoder;
}

void opus_decoder_destroy(OpusDecoder* decoder) {
  free(decoder);
}

int opus_decode(OpusDecoder* decoder, const unsigned char* data, opus_int32 len, opus_int16* pcm,
                int frame_size, int decode_fec) {
  if (len < 2 || data == NULL || decode_fec != 0) return OPUS_INVALID_PACKET;
  decoder->past += data[0];
  memset(pcm, 0, (size_t)frame_size * (size_t)decoder->channels * sizeof *pcm);
  return frame_size;
}

OpusDREDDecoder* opus_dred_decoder_create(int* error) {
  *error = is_set("STUB_NO_DRED") ? OPUS_UNIMPLEMENTED : OPUS_OK;
  return *error == OPUS_OK ? calloc(1, sizeof(OpusDREDDecoder)) : NULL;
}

void opus_dred_decoder_destroy(OpusDREDDecoder* decoder) {
  free(decoder);
}

OpusDRED* opus_dred_alloc(int* error) {
  *error = OPUS_OK;
  return calloc(1, sizeof(OpusDRED));
}

void opus_dred_free(OpusDRED* dred) {
  free(dred);
}

int opus_dred_parse(OpusDREDDecoder* decoder, OpusDRED* dred, const unsigned char* data, opus_int32 len,
                    opus_int32 max_dred_samples, opus_int32 sampling_rate, int* dred_end,
                    int defer_processing) {
  unsigned char toc;
  const unsigned char* frames[48];
  opus_int16 size[48];
  int offset;
  dred->stage = -1;
  *dred_end = 0;
  if (decoder == NULL || is_set("STUB_NO_MODEL")) return OPUS_UNIMPLEMENTED;
  const int count = opus_packet_parse(data, len, &toc, frames, size, &offset);
  if (len == 2) return 0;  // what the adapter asks at its start: a packet without DRED
  if (count < 0) return count;
  if (data[len - 1] == 'X') return OPUS_INVALID_PACKET;
  if (data[len - 1] == 'I') return OPUS_INTERNAL_ERROR;
  if (data[len - 1] != 'D') return 0;
  dred->stage = defer_processing ? 1 : 2;
  dred->tag = data[0];
  *dred_end = frames[count - 1][size[count - 1]];
  return max_dred_samples + sampling_rate / 1000 + (defer_processing ? 0 : 1);
}

int opus_dred_process(OpusDREDDecoder* decoder, const OpusDRED* src, OpusDRED* dst) {
  if (decoder == NULL || src->stage < 1 || is_set("STUB_NO_PROCESS")) return OPUS_BAD_ARG;
  dst->tag = src->tag;
  dst->stage = 2;
  return OPUS_OK;
}

int opus_decoder_dred_decode(OpusDecoder* decoder, const OpusDRED* dred, opus_int32 dred_offset,
                             opus_int16* pcm, opus_int32 frame_size) {
  if (dred->stage != 2 || is_set("STUB_NO_DECODE")) return OPUS_BAD_ARG;
  for (opus_int32 i = 0; i < frame_size * decoder->channels; ++i) pcm[i] = (opus_int16)(i - dred_offset);
  pcm[0] = (opus_int16)decoder->past;
  pcm[1] = (opus_int16)dred->tag;
  return frame_size;
}
