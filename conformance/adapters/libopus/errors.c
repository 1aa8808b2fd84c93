#include "errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void end_without_memory(void) {
  fputs("dred-libopus-adapter: out of memory\n", stderr);
  exit(3);
}

json_t* made(json_t* value) {
  if (value == NULL) end_without_memory();
  return value;
}

void* resized(void* memory, size_t size) {
  void* larger = realloc(memory, size == 0 ? 1 : size);
  if (larger == NULL) end_without_memory();
  return larger;
}

static json_t* sentence(const char* format, va_list arguments) {
  char text[256];
  vsnprintf(text, sizeof text, format, arguments);
  // A cut in the middle of a character would be no UTF-8.
  json_t* value = json_string(text);
  return value != NULL ? value : made(json_string("the request has what cannot be shown"));
}

json_t* refusal(const char* stage, const char* rule, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  json_t* message = sentence(format, arguments);
  va_end(arguments);
  json_t* error = made(json_pack("{s:s, s:o}", "stage", stage, "message", message));
  if (rule != NULL) json_object_set_new(error, "rule", made(json_string(rule)));
  return made(json_pack("{s:o}", "error", error));
}

json_t* unsupported(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  json_t* why = sentence(format, arguments);
  va_end(arguments);
  return made(json_pack("{s:o}", "unsupported", why));
}

json_t* result(json_t* value) {
  return made(json_pack("{s:o}", "result", made(value)));
}
