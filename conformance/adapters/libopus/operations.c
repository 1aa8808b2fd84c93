#include "operations.h"

#include <string.h>

#include "dred.h"
#include "errors.h"
#include "packet.h"
#include "request.h"

static void add(json_t* list, const char* name) {
  json_array_append_new(list, made(json_string(name)));
}

// Only what this libopus can tell: `only` narrows operations to values of their members.
static json_t* hello(const json_t* request, const struct ability* ability) {
  const json_t* protocol = json_object_get(request, "protocol");
  if (!json_is_integer(protocol) || json_integer_value(protocol) != 1)
    return refusal("protocol", NULL, "protocol is not 1");
  const struct release* release = &ability->release;
  json_t* stages = made(json_pack("[s]", "packet"));
  json_t* operations = made(json_pack("[s]", "packet"));
  json_t* wire = made(json_array());
  json_t* models = made(json_array());
  json_t* only = made(json_pack("{s:{s:[b]}}", "packet", "self_delimited", 0));
  if (ability->has_dred && release->wire != NULL && release->model != NULL) {
    add(wire, release->wire);
    add(models, release->model);
    if (release->rule != NULL) {
      add(stages, "payload");
      add(operations, "availability");
      json_object_set_new(only, "availability", made(json_pack("{s:[s]}", "rule", release->rule)));
    }
    add(stages, "audio");
    add(operations, "dred_audio");
  }
  return made(json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "name", "libopus", "version", release->version,
                        "stages", stages, "wire", wire, "models", models, "operations", operations, "only",
                        only));
}

json_t* answer_request(const json_t* request, const struct ability* ability) {
  const char* op = NULL;
  json_t* answer = read_text(request, "op", &op);
  if (answer != NULL) return answer;
  if (strcmp(op, "hello") == 0) return hello(request, ability);
  if (strcmp(op, "packet") == 0) return answer_packet(request);
  if (strcmp(op, "availability") == 0 && ability->has_dred)
    return answer_availability(request, &ability->release);
  if (strcmp(op, "dred_audio") == 0 && ability->has_dred)
    return answer_dred_audio(request, &ability->release);
  return unsupported("libopus %s cannot do this operation through its public API", ability->release.version);
}
