// An adapter of the conformance suite for libopus 1.5 or newer, through its public API alone.

#include <opus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dred.h"
#include "errors.h"
#include "lines.h"
#include "operations.h"

static const char usage[] =
    "usage: dred-libopus-adapter [--rule 2026-06|1.6.1] [--wire NAME] [--model NAME] [--version]\n"
    "Speaks the adapter protocol on stdin and stdout. The options replace what is known of the version of "
    "libopus.\n";

static bool read_arguments(int count, char** arguments, struct release* release) {
  for (int i = 1; i < count; i += 2) {
    if (i + 1 == count) return false;
    if (strcmp(arguments[i], "--rule") == 0) {
      release->rule = arguments[i + 1];
      if (strcmp(release->rule, "2026-06") != 0 && strcmp(release->rule, "1.6.1") != 0) return false;
    } else if (strcmp(arguments[i], "--wire") == 0) {
      release->wire = arguments[i + 1];
    } else if (strcmp(arguments[i], "--model") == 0) {
      release->model = arguments[i + 1];
    } else {
      return false;
    }
  }
  return true;
}

// The seq of a request: an integer from 0 on; NULL where there is none.
static json_t* seq_of(const json_t* request) {
  json_t* seq = json_object_get(request, "seq");
  return json_is_integer(seq) && json_integer_value(seq) >= 0 ? json_incref(seq) : NULL;
}

static json_t* answer_line(const struct line* line, const struct ability* ability) {
  json_error_t error;
  json_t* request = json_loadb(line->size == 0 ? "" : line->text, line->size, 0, &error);
  json_t* seq = seq_of(request);
  json_t* answer;
  if (request == NULL) {
    answer = refusal("protocol", NULL, "the line is no JSON: %s", error.text);
  } else if (seq == NULL) {
    answer = refusal("protocol", NULL, "the line is no object with a seq");
  } else {
    answer = answer_request(request, ability);
  }
  json_object_set_new(answer, "seq", seq == NULL ? json_null() : seq);
  json_decref(request);
  return answer;
}

static bool put(json_t* answer) {
  char* text = json_dumps(answer, JSON_COMPACT);
  if (text == NULL) made(NULL);
  const bool is_written = puts(text) >= 0 && fflush(stdout) == 0;
  free(text);
  json_decref(answer);
  return is_written;
}

static int serve(const struct ability* ability) {
  struct line line = {NULL, 0, 0};
  enum line_state state;
  bool is_open = true;
  while (is_open && (state = read_line(stdin, &line)) != LINE_END) {
    json_t* answer;
    if (state == LINE_TOO_LONG) {
      answer = refusal("protocol", NULL, "the line is longer than %d bytes", LONGEST_LINE);
      json_object_set_new(answer, "seq", json_null());
    } else {
      answer = answer_line(&line, ability);
    }
    is_open = put(answer);
  }
  free(line.text);
  return is_open ? 0 : 1;
}

int main(int count, char** arguments) {
  struct ability ability = {.release = release_of(opus_get_version_string())};
  if (count == 2 && strcmp(arguments[1], "--help") == 0) return fputs(usage, stdout) < 0;
  if (count == 2 && strcmp(arguments[1], "--version") == 0) {
    printf("dred-libopus-adapter for libopus %s\n", ability.release.version);
    return 0;
  }
  if (!read_arguments(count, arguments, &ability.release)) {
    fputs(usage, stderr);
    return 2;
  }
  ability.has_dred = has_dred();
  return serve(&ability);
}
