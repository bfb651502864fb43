#ifndef KTAR_PACK_STOP_H
#define KTAR_PACK_STOP_H

/*
 * SIGINT, SIGTERM and SIGHUP ask for an end; the stream is broken off at the
 * next stop_check.  A second signal of the same kind ends the process there
 * and then.
 */

/* Installs the handlers (not for a signal that is ignored). */
void stop_install(void);

/* Says which signal came and exits, if one did. */
void stop_check(void);

#endif
