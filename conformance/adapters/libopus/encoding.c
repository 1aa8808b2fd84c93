#include "encoding.h"

#include <stdlib.h>

#include "errors.h"

static int digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  return -1;
}

bool from_hex(const char* text, size_t length, struct bytes* bytes) {
  if (length % 2 != 0) return false;
  for (size_t i = 0; i < length; ++i)
    if (digit(text[i]) < 0) return false;
  bytes->size = length / 2;
  bytes->data = resized(NULL, bytes->size);
  for (size_t i = 0; i < bytes->size; ++i)
    bytes->data[i] = (unsigned char)(16 * digit(text[2 * i]) + digit(text[2 * i + 1]));
  return true;
}

json_t* to_hex(const unsigned char* data, size_t size) {
  static const char digits[] = "0123456789abcdef";
  char* text = resized(NULL, 2 * size);
  for (size_t i = 0; i < size; ++i) {
    text[2 * i] = digits[data[i] >> 4];
    text[2 * i + 1] = digits[data[i] & 15];
  }
  json_t* value = made(json_stringn(text, 2 * size));
  free(text);
  return value;
}

static unsigned byte_of(const int16_t* samples, size_t index) {
  const unsigned sample = (uint16_t)samples[index / 2];
  return index % 2 == 0 ? sample & 255U : sample >> 8;
}

json_t* to_base64(const int16_t* samples, size_t count) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const size_t size = 2 * count;
  const size_t length = (size + 2) / 3 * 4;
  char* text = resized(NULL, length);
  for (size_t at = 0, out = 0; at < size; at += 3) {
    const size_t here = size - at < 3 ? size - at : 3;
    unsigned group = 0;
    for (size_t i = 0; i < 3; ++i) group = group << 8 | (i < here ? byte_of(samples, at + i) : 0);
    for (unsigned i = 0; i < 4; ++i) text[out++] = i <= here ? digits[group >> (18 - 6 * i) & 63] : '=';
  }
  json_t* value = made(json_stringn(text, length));
  free(text);
  return value;
}
