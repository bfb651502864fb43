#ifndef KTAR_PACK_BODY_H
#define KTAR_PACK_BODY_H

#include "pack.h"

/*
 * Appends st->st_size bytes of fd, which st describes and which stands at its
 * beginning; holes are not read.  Where that is not possible to the end the
 * stream is broken off.  Returns whether the pipe may still hold pages of the
 * file itself, which is then to be given to held_add.
 */
bool body_send(struct pack *p, int fd, const struct stat *st);

#endif
