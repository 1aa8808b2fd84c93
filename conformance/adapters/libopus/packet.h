// Operation `packet`.
#ifndef DRED_PACKET_H
#define DRED_PACKET_H

#include <jansson.h>

json_t* answer_packet(const json_t* request);

#endif
