#include "lines.h"

#include "errors.h"

static void append(struct line* line, int byte) {
  if (line->size == line->room) {
    line->room = line->room == 0 ? 4096 : 2 * line->room;
    line->text = resized(line->text, line->room);
  }
  line->text[line->size++] = (char)byte;
}

enum line_state read_line(FILE* stream, struct line* line) {
  size_t length = 0;
  int byte;
  line->size = 0;
  while ((byte = getc(stream)) != EOF && byte != '\n') {
    if (length++ < LONGEST_LINE) append(line, byte);
  }
  if (byte == EOF && length == 0) return LINE_END;
  return length > LONGEST_LINE ? LINE_TOO_LONG : LINE_READ;
}
