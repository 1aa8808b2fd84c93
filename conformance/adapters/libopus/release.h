// What is known of a release of libopus by its version string.
#ifndef DRED_RELEASE_H
#define DRED_RELEASE_H

struct release {
  char version[64];  // without "libopus "
  const char* wire;  // wire profile that its DRED has; NULL where nobody has looked
  const char* model;
  const char* rule;  // of `availability`; NULL where it is not known
};

struct release release_of(const char* version_string);

#endif
