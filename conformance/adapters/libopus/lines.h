// Lines of any length that cost no more memory than the longest one allowed.
#ifndef DRED_LINES_H
#define DRED_LINES_H

#include <stddef.h>
#include <stdio.h>

enum { LONGEST_LINE = 16 << 20 };

enum line_state { LINE_END, LINE_READ, LINE_TOO_LONG };

struct line {
  char* text;  // not terminated
  size_t size;
  size_t room;
};

// Reads up to the next line feed, which is left out. A line that is too long is read over.
enum line_state read_line(FILE* stream, struct line* line);

#endif
