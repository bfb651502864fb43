#ifndef KEXEC_SPDYANSWER_H
#define KEXEC_SPDYANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/conn.h"
#include "lib/exchange.h"

/* Why an answer 101 is no SPDY of ours, or NULL. */
const char *spdy_answer_fault(const struct http_reply *r);

/*
 * Why there is no SPDY, when the answer in h was no 101; for the caller to
 * free.  Reads the body from c until deadline (clock_ms, -1 for none).  *final
 * says that it was the API server's word, and no other transport would get
 * another.
 */
char *spdy_answer_refusal(struct exchange *h, struct conn *c, int64_t deadline,
			  bool *final);

#endif
