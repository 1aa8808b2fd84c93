// Answers that refuse, and the end where there is no memory.
#ifndef DRED_ERRORS_H
#define DRED_ERRORS_H

#include <jansson.h>
#include <stddef.h>

// {"error": ...} with a message in the manner of printf. `rule` may be NULL: libopus tells no rules.
json_t* refusal(const char* stage, const char* rule, const char* format, ...)
    __attribute__((format(printf, 3, 4)));
json_t* unsupported(const char* format, ...) __attribute__((format(printf, 1, 2)));
json_t* result(json_t* value);  // takes the value over

// The value itself; ends the program for NULL.
json_t* made(json_t* value);
// realloc that does not return NULL.
void* resized(void* memory, size_t size);

#endif
