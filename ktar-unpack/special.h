#ifndef KTAR_UNPACK_SPECIAL_H
#define KTAR_UNPACK_SPECIAL_H

#include "policy.h"
#include "scan.h"
#include "site.h"

/* Makes a device or a FIFO.  What is made is never opened: that alone can do
 * things to a device. */
enum outcome special_place(struct site *s, const struct scan_member *m,
			   const struct policy_take *t);

#endif
