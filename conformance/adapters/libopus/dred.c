#include "dred.h"

#include <opus.h>
#include <stdlib.h>
#include <string.h>

#include "encoding.h"
#include "errors.h"
#include "request.h"

enum {
  LARGEST_RATE = 96000,        // offset * rate must fit 32 bits inside libopus
  LARGEST_REQUEST = 20000000,  // and so must 100 * samples
  LONGEST_PACKET_UNITS = 48,   // of 2.5 ms
};

// A decoder of DRED and what it found; both NULL where libopus refuses.
struct dred {
  OpusDREDDecoder* decoder;
  OpusDRED* found;
  int error;
};

static struct dred dred_made(void) {
  struct dred dred = {NULL, NULL, OPUS_OK};
  dred.decoder = opus_dred_decoder_create(&dred.error);
  if (dred.decoder != NULL && dred.error == OPUS_OK) dred.found = opus_dred_alloc(&dred.error);
  if (dred.error == OPUS_OK && (dred.decoder == NULL || dred.found == NULL)) dred.error = OPUS_ALLOC_FAIL;
  return dred;
}

static void dred_freed(struct dred* dred) {
  if (dred->found != NULL) opus_dred_free(dred->found);
  if (dred->decoder != NULL) opus_dred_decoder_destroy(dred->decoder);
}

bool has_dred(void) {
  static const unsigned char silk_frame[] = {0x08, 0x00};
  int dred_end = 0;
  struct dred dred = dred_made();
  bool is_there = dred.error == OPUS_OK;
  if (is_there)
    is_there = opus_dred_parse(dred.decoder, dred.found, silk_frame, sizeof silk_frame, 960, 48000, &dred_end,
                               1) >= 0;
  dred_freed(&dred);
  return is_there;
}

// libopus has one code for framing and extensions; its packet parser tells them apart.
static json_t* parse_refused(const struct bytes* packet, int code) {
  unsigned char toc = 0;
  const unsigned char* starts[LONGEST_PACKET_UNITS] = {NULL};
  opus_int16 sizes[LONGEST_PACKET_UNITS] = {0};
  int offset = 0;
  const char* stage = "payload";
  if (code == OPUS_INVALID_PACKET) {
    const bool is_framed =
        opus_packet_parse(packet->data, (opus_int32)packet->size, &toc, starts, sizes, &offset) >= 0;
    stage = is_framed ? "extension" : "packet";
  }
  return refusal(stage, NULL, "opus_dred_parse: %s", opus_strerror(code));
}

static json_t* read_profile(const json_t* request, const struct release* release) {
  const char* wire = NULL;
  const char* model = NULL;
  json_t* answer = read_text(request, "wire", &wire);
  if (answer == NULL) answer = read_text(request, "model", &model);
  if (answer != NULL) return answer;
  if (release->wire == NULL || strcmp(wire, release->wire) != 0)
    return unsupported("libopus %s does not have this wire profile", release->version);
  if (release->model == NULL || strcmp(model, release->model) != 0)
    return unsupported("libopus %s does not have this model", release->version);
  return NULL;
}

static json_t* parsed_availability(const struct bytes* packet, json_int_t rate, json_int_t most) {
  struct dred dred = dred_made();
  json_t* answer;
  if (dred.error != OPUS_OK) {
    answer = refusal("payload", NULL, "no DRED decoder: %s", opus_strerror(dred.error));
  } else {
    int dred_end = 0;
    const int samples = opus_dred_parse(dred.decoder, dred.found, packet->data, (opus_int32)packet->size,
                                        (opus_int32)most, (opus_int32)rate, &dred_end, 1);
    answer = samples < 0 ? parse_refused(packet, samples)
                         : result(json_pack("{s:i, s:i}", "samples", samples, "dred_end", dred_end));
  }
  dred_freed(&dred);
  return answer;
}

json_t* answer_availability(const json_t* request, const struct release* release) {
  struct bytes packet = {NULL, 0};
  json_int_t rate = 0;
  json_int_t most = 0;
  const char* rule = NULL;
  json_t* answer = read_bytes(request, "packet", &packet);
  if (answer == NULL) answer = read_integer(request, "payload", "sampling_rate", 1, LARGEST_RATE, &rate);
  if (answer == NULL) answer = read_integer(request, "payload", "max_samples", 0, LARGEST_REQUEST, &most);
  if (answer == NULL) answer = read_text(request, "rule", &rule);
  if (answer == NULL) answer = read_profile(request, release);
  if (answer == NULL && (release->rule == NULL || strcmp(rule, release->rule) != 0))
    answer = unsupported("libopus %s follows another rule", release->version);
  if (answer == NULL) answer = parsed_availability(&packet, rate, most);
  free(packet.data);
  return answer;
}

struct audio_request {
  struct bytes packet;
  const json_t* past;
  json_int_t rate;
  json_int_t channels;
  json_int_t offset;
  json_int_t frame_size;
};

static json_t* read_audio_request(const json_t* request, struct audio_request* wanted) {
  json_t* answer = read_bytes(request, "packet", &wanted->packet);
  if (answer == NULL) answer = read_integer(request, "audio", "sampling_rate", 8000, 48000, &wanted->rate);
  if (answer == NULL && json_object_get(request, "channels") != NULL)
    answer = read_integer(request, "audio", "channels", 1, 2, &wanted->channels);
  if (answer == NULL)
    answer = read_integer(request, "audio", "offset", -LARGEST_REQUEST, LARGEST_REQUEST, &wanted->offset);
  if (answer == NULL)
    answer = read_integer(request, "audio", "frame_size", 1, wanted->rate, &wanted->frame_size);
  if (answer != NULL) return answer;
  if (48000 % wanted->rate != 0 || wanted->rate % 4000 != 0)
    return refusal("audio", "W1", "sampling_rate is none of Opus");
  if (wanted->frame_size % (wanted->rate / 400) != 0)
    return refusal("audio", "W1", "frame_size is no multiple of 2.5 ms");
  wanted->past = json_object_get(request, "past");
  if (wanted->past != NULL && !json_is_array(wanted->past))
    return refusal("protocol", NULL, "past is no list");
  return NULL;
}

// Gives the decoder its history.
static json_t* decode_past(OpusDecoder* decoder, const struct audio_request* wanted, opus_int16* pcm) {
  for (size_t i = 0; i < json_array_size(wanted->past); ++i) {
    const json_t* item = json_array_get(wanted->past, i);
    struct bytes packet = {NULL, 0};
    if (!json_is_string(item) || !from_hex(json_string_value(item), json_string_length(item), &packet))
      return refusal("protocol", NULL, "past has what is not hexadecimal");
    const int longest = (int)wanted->rate / 400 * LONGEST_PACKET_UNITS;
    const int count = packet.size == 0
                          ? OPUS_INVALID_PACKET
                          : opus_decode(decoder, packet.data, (opus_int32)packet.size, pcm, longest, 0);
    free(packet.data);
    if (count < 0) return refusal("audio", NULL, "packet %zu of the past: %s", i, opus_strerror(count));
  }
  return NULL;
}

static json_t* decoded_audio(OpusDecoder* decoder, struct dred* dred, const struct audio_request* wanted,
                             opus_int16* pcm) {
  int dred_end = 0;
  const opus_int32 rate = (opus_int32)wanted->rate;
  json_t* answer = decode_past(decoder, wanted, pcm);
  if (answer != NULL) return answer;
  const int samples = opus_dred_parse(dred->decoder, dred->found, wanted->packet.data,
                                      (opus_int32)wanted->packet.size, rate, rate, &dred_end, 1);
  if (samples < 0) return parse_refused(&wanted->packet, samples);
  if (samples == 0) return result(json_null());
  const int status = opus_dred_process(dred->decoder, dred->found, dred->found);
  if (status != OPUS_OK) return refusal("audio", NULL, "opus_dred_process: %s", opus_strerror(status));
  const int count = opus_decoder_dred_decode(decoder, dred->found, (opus_int32)wanted->offset, pcm,
                                             (opus_int32)wanted->frame_size);
  if (count < 0) return refusal("audio", NULL, "opus_decoder_dred_decode: %s", opus_strerror(count));
  return result(json_pack("{s:o, s:i}", "samples", to_base64(pcm, (size_t)count * (size_t)wanted->channels),
                          "sample_count", count));
}

json_t* answer_dred_audio(const json_t* request, const struct release* release) {
  struct audio_request wanted = {.channels = 1};
  json_t* answer = read_audio_request(request, &wanted);
  if (answer == NULL) answer = read_profile(request, release);
  if (answer == NULL) {
    int error = OPUS_OK;
    OpusDecoder* decoder = opus_decoder_create((opus_int32)wanted.rate, (int)wanted.channels, &error);
    struct dred dred = dred_made();
    if (error == OPUS_OK) error = dred.error;
    // One second: the longest frame_size, and more than any packet.
    opus_int16* pcm = resized(NULL, (size_t)wanted.rate * (size_t)wanted.channels * sizeof *pcm);
    answer = decoder == NULL || error != OPUS_OK
                 ? refusal("audio", NULL, "no decoder: %s", opus_strerror(error))
                 : decoded_audio(decoder, &dred, &wanted, pcm);
    free(pcm);
    dred_freed(&dred);
    if (decoder != NULL) opus_decoder_destroy(decoder);
  }
  free(wanted.packet.data);
  return answer;
}
