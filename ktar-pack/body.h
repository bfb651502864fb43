#ifndef KTAR_PACK_BODY_H
#define KTAR_PACK_BODY_H

#include <stdint.h>

#include "pack.h"

/*
 * Appends what fd, which st describes, has from the byte from to the byte to;
 * fd stands at from; holes are not read.  Where that is not possible to the end
 * the stream is broken off.  Returns whether the pipe may still hold pages of
 * the file itself, which is then to be given to held_add.
 */
bool body_send(struct pack *p, int fd, const struct stat *st, uint64_t from,
	       uint64_t to);

#endif
