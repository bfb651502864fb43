#ifndef KEXEC_SPDYDICT_H
#define KEXEC_SPDYDICT_H

/* The dictionary of SPDY/3, and its name: its Adler-32. */
enum { SPDYDICT_BYTES = 1423 };
#define SPDYDICT_ID 0xe3c6a7c2U

extern const char spdydict[SPDYDICT_BYTES + 1];

#endif
