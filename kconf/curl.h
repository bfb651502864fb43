#ifndef KCONF_CURL_H
#define KCONF_CURL_H

struct origins;
struct record;

/*
 * The record as a config file for curl -K, for wipe_str; or NULL and in *why
 * what curl has no option for.
 */
char *curl_print(const struct record *r, const struct origins *from,
		 const char **why);

#endif
