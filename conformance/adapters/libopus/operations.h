// From a request to its answer.
#ifndef DRED_OPERATIONS_H
#define DRED_OPERATIONS_H

#include <jansson.h>
#include <stdbool.h>

#include "release.h"

struct ability {
  struct release release;
  bool has_dred;
};

// The answer without its seq; the request is an object.
json_t* answer_request(const json_t* request, const struct ability* ability);

#endif
