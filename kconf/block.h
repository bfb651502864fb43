#ifndef KCONF_BLOCK_H
#define KCONF_BLOCK_H

struct json;

/*
 * The document as YAML in block style, strings in double quotes.  For
 * wipe_str.
 */
char *block_print(const struct json *j);

#endif
