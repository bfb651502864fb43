#ifndef TESTS_APISERVER_FAULT_H
#define TESTS_APISERVER_FAULT_H

#include <stdbool.h>
#include <stdint.h>

/* How the verdict of a session is told. */
enum fault_status {
	FAULT_STATUS_RIGHT,
	FAULT_STATUS_NONE,
	FAULT_STATUS_SPLIT, /* in three messages */
	FAULT_STATUS_TWO,   /* Success, then a Failure */
	FAULT_STATUS_BAD,   /* no JSON */
	FAULT_STATUS_HUGE,  /* a message of 2 MiB inside */
	FAULT_STATUS_CODE,  /* exit_code, whatever the command's was */
	FAULT_STATUS_LIE    /* Success, whatever happened */
};

/* How the connection ends after that. */
enum fault_end {
	FAULT_END_RIGHT,
	FAULT_END_DROP,
	FAULT_END_1011,
	FAULT_END_RESET,
	FAULT_END_NEVER
};

/* What is answered to the request itself. */
enum fault_answer {
	FAULT_ANSWER_RIGHT,
	FAULT_ANSWER_200,
	FAULT_ANSWER_502,
	FAULT_ANSWER_BAD_ACCEPT
};

/* What goes wrong in a session; all zero is nothing. */
struct fault {
	enum fault_answer answer;
	enum fault_status status;
	enum fault_end end;
	const char *exit_code; /* for FAULT_STATUS_CODE */
	bool cuts_out, cuts_in, resets_out;
	uint64_t out_bytes; /* cuts_out: the connection is cut after these;
			       resets_out: the stream of stdout is reset */
	uint64_t in_bytes;  /* cuts_in: stdin is at its end after these */
	bool starves;       /* and if it was, the connection is cut at last */
	bool mute;          /* nothing is sent after the 101 */
	bool deaf;          /* nothing is read after the 101 */
	bool slow;          /* frames of 16 bytes, 2 ms apart */
	bool bytes;         /* frames of 1 byte */
	bool fragments;     /* each message in two fragments and a ping */
	bool junk;          /* messages on channels that are not there */
	bool text;          /* text frames */
	bool late;          /* stdout after the status */
	bool huge_frame;    /* a frame that declares too many bytes */
	bool pings;         /* very many of them */
	bool no_reply;      /* SPDY: no SYN_REPLY */
	bool goaway;        /* SPDY: a GOAWAY before all else */
	bool bomb;          /* SPDY: headers of 64 MiB in a SYN_REPLY */
	bool stdin_queue;   /* v5: no status while stdin is not all read */
};

/*
 * Whether pod is the name of a fault (fault-NAME, see tests/README.md); then
 * *f says which.  Else *f is none.
 */
bool fault_find(const char *pod, struct fault *f);

#endif
