#ifndef TESTS_APISERVER_PODJSON_H
#define TESTS_APISERVER_PODJSON_H

#include "conf.h"
#include "pod.h"

/* The pod as the API server shows it, for free. */
char *podjson(const struct pod *p);

/* KEY=VALUE words as an object, for free. */
char *podjson_map(const struct words *w);

#endif
