#ifndef KTAR_PACK_WALK_H
#define KTAR_PACK_WALK_H

#include <stdbool.h>

#include "member.h"

/*
 * Packs operand, a path relative to the directory base, and what is beneath
 * it, under the member name `member` ("": its contents only, for a directory).
 * A directory comes before what is in it, its files before its directories,
 * and all in the order of their bytes, so that two runs over the same tree
 * give the same stream, and a directory is left for good before the next one
 * begins.  Symbolic links are packed, not followed, but those on the way to
 * operand, as the system resolves it; where p->follow is set what they point to
 * is packed, but no directory within itself.
 *
 * The result is that of operand itself; what fails beneath it is named and
 * noted in p.  Does not return when the stream has to be broken off.
 */
enum member_result walk(struct pack *p, int base, const char *operand,
			const char *member, bool recurse);

#endif
