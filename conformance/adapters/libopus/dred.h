// Operations `availability` and `dred_audio`.
#ifndef DRED_DRED_H
#define DRED_DRED_H

#include <jansson.h>
#include <stdbool.h>

#include "release.h"

// Whether this build of libopus has DRED and its networks.
bool has_dred(void);
json_t* answer_availability(const json_t* request, const struct release* release);
json_t* answer_dred_audio(const json_t* request, const struct release* release);

#endif
