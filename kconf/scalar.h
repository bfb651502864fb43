#ifndef KCONF_SCALAR_H
#define KCONF_SCALAR_H

struct arena;

enum scalar_style { SCALAR_PLAIN, SCALAR_SINGLE, SCALAR_DOUBLE };

/*
 * Text that reads back as the string value, in one line, in a.  The style is
 * kept where it can hold the value and no reader of YAML could take it for
 * anything but a string; else it is double quotes, which are JSON as well.
 * What is not UTF-8 stays so, and will not read back.
 */
const char *scalar_write(struct arena *a, const char *value,
			 enum scalar_style style);

#endif
