// Bytes as the protocol writes them.
#ifndef DRED_ENCODING_H
#define DRED_ENCODING_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
  unsigned char* data;  // never NULL once read
  size_t size;
};

// False unless the text is pairs of lower-case digits. What was read is freed by the caller.
bool from_hex(const char* text, size_t length, struct bytes* bytes);
json_t* to_hex(const unsigned char* data, size_t size);
// base64 of little-endian 16-bit samples.
json_t* to_base64(const int16_t* samples, size_t count);

#endif
