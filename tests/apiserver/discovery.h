#ifndef TESTS_APISERVER_DISCOVERY_H
#define TESTS_APISERVER_DISCOVERY_H

/* The document at path that says what the server has, for free; NULL when
 * path is none of them. */
char *discovery_json(const char *path);

#endif
