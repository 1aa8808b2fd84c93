#include "packet.h"

#include <opus.h>
#include <stdlib.h>

#include "encoding.h"
#include "errors.h"
#include "request.h"

enum { MOST_FRAMES = 48 };

// The padding is what follows the last frame: framing.md, step 8. `consumed` is left out, libopus does not
// tell it.
static json_t* parsed(const struct bytes* packet) {
  unsigned char toc = 0;
  const unsigned char* starts[MOST_FRAMES] = {NULL};
  opus_int16 sizes[MOST_FRAMES] = {0};
  int offset = 0;
  const int count = opus_packet_parse(packet->data, (opus_int32)packet->size, &toc, starts, sizes, &offset);
  if (count < 0) return refusal("packet", NULL, "opus_packet_parse: %s", opus_strerror(count));
  if (count == 0 || count > MOST_FRAMES)
    return refusal("packet", NULL, "opus_packet_parse: %d frames", count);
  json_t* frames = made(json_array());
  for (int i = 0; i < count; ++i) json_array_append_new(frames, to_hex(starts[i], (size_t)sizes[i]));
  const unsigned char* end = starts[count - 1] + sizes[count - 1];
  const size_t padding = (size_t)(packet->data + packet->size - end);
  return result(json_pack("{s:i, s:b, s:i, s:o, s:o}", "config", toc >> 3, "stereo", (toc & 4) != 0, "code",
                          toc & 3, "frames", frames, "padding", to_hex(end, padding)));
}

json_t* answer_packet(const json_t* request) {
  bool self_delimited = false;
  struct bytes packet = {NULL, 0};
  json_t* answer = read_optional_boolean(request, "self_delimited", &self_delimited);
  if (answer == NULL) answer = read_bytes(request, "packet", &packet);
  if (answer == NULL && self_delimited)
    answer = unsupported("the public API of libopus reads no self-delimited packets");
  if (answer == NULL) answer = parsed(&packet);
  free(packet.data);
  return answer;
}
