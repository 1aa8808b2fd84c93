#include "request.h"

#include "errors.h"

json_t* read_bytes(const json_t* request, const char* name, struct bytes* bytes) {
  const json_t* member = json_object_get(request, name);
  if (!json_is_string(member)) return refusal("protocol", NULL, "%s is missing or no string", name);
  if (!from_hex(json_string_value(member), json_string_length(member), bytes))
    return refusal("protocol", NULL, "%s is not hexadecimal", name);
  return NULL;
}

json_t* read_optional_boolean(const json_t* request, const char* name, bool* value) {
  const json_t* member = json_object_get(request, name);
  if (member == NULL) return NULL;
  if (!json_is_boolean(member)) return refusal("protocol", NULL, "%s is not true or false", name);
  *value = json_is_true(member);
  return NULL;
}

json_t* read_integer(const json_t* request, const char* stage, const char* name, json_int_t least,
                     json_int_t most, json_int_t* value) {
  const json_t* member = json_object_get(request, name);
  if (!json_is_integer(member)) return refusal("protocol", NULL, "%s is missing or no integer", name);
  *value = json_integer_value(member);
  if (*value < least || *value > most)
    return refusal(stage, "W1",
                   "%s is %" JSON_INTEGER_FORMAT "; libopus is asked for %" JSON_INTEGER_FORMAT
                   " to %" JSON_INTEGER_FORMAT,
                   name, *value, least, most);
  return NULL;
}

json_t* read_text(const json_t* request, const char* name, const char** text) {
  const json_t* member = json_object_get(request, name);
  if (!json_is_string(member)) return refusal("protocol", NULL, "%s is missing or no string", name);
  *text = json_string_value(member);
  return NULL;
}
