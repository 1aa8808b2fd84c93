// Members of a request. Each reader returns NULL, or the answer that refuses the request.
#ifndef DRED_REQUEST_H
#define DRED_REQUEST_H

#include <jansson.h>
#include <stdbool.h>

#include "encoding.h"

json_t* read_bytes(const json_t* request, const char* name, struct bytes* bytes);
// Leaves the value as it is where the member is missing.
json_t* read_optional_boolean(const json_t* request, const char* name, bool* value);
// Beyond the limits: W1, with the stage.
json_t* read_integer(const json_t* request, const char* stage, const char* name, json_int_t least,
                     json_int_t most, json_int_t* value);
json_t* read_text(const json_t* request, const char* name, const char** text);

#endif
