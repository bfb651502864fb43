/*
 * The table of faults.  Pure.
 */
#include "fault.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	struct fault fault;
} faults[] = {
    {"no-status", {.status = FAULT_STATUS_NONE}},
    {"no-status-drop", {.status = FAULT_STATUS_NONE, .end = FAULT_END_DROP}},
    {"status-drop", {.end = FAULT_END_DROP}},
    {"stall", {.mute = true, .deaf = true}},
    {"stall-out", {.mute = true}},
    {"stall-in", {.deaf = true}},
    {"stdin-queue", {.stdin_queue = true}},
    {"slow", {.slow = true}},
    {"bytes", {.bytes = true}},
    {"fragment", {.fragments = true}},
    {"unknown-channel", {.junk = true}},
    {"text", {.text = true}},
    {"late-data", {.late = true}},
    {"split-status", {.status = FAULT_STATUS_SPLIT}},
    {"two-status", {.status = FAULT_STATUS_TWO}},
    {"bad-status", {.status = FAULT_STATUS_BAD}},
    {"huge-status", {.status = FAULT_STATUS_HUGE}},
    {"exit-256", {.status = FAULT_STATUS_CODE, .exit_code = "256"}},
    {"exit-abc", {.status = FAULT_STATUS_CODE, .exit_code = "abc"}},
    {"exit-0", {.status = FAULT_STATUS_CODE, .exit_code = "0"}},
    {"close-1011", {.status = FAULT_STATUS_NONE, .end = FAULT_END_1011}},
    {"reset", {.end = FAULT_END_RESET}},
    {"linger", {.end = FAULT_END_NEVER}},
    {"status-1011", {.end = FAULT_END_1011}},
    {"not-101-200", {.answer = FAULT_ANSWER_200}},
    {"502", {.answer = FAULT_ANSWER_502}},
    {"bad-accept", {.answer = FAULT_ANSWER_BAD_ACCEPT}},
    {"huge-frame", {.huge_frame = true}},
    {"ping-flood", {.pings = true}},
    {"no-reply", {.no_reply = true}},
    {"goaway", {.goaway = true}},
    {"header-bomb", {.bomb = true}},
    {"lie-success",
     {.status = FAULT_STATUS_LIE, .cuts_in = true, .in_bytes = 65536}},
};

/* Whether name is prefix and a number, which is put into *n. */
static bool
numbered(const char *name, const char *prefix, uint64_t *n)
{
	size_t len = strlen(prefix), digits;

	if (strncmp(name, prefix, len) != 0)
		return false;
	digits = strspn(name + len, "0123456789");
	if (digits == 0 || digits > 18 || name[len + digits])
		return false;
	*n = strtoull(name + len, NULL, 10);
	return true;
}

bool
fault_find(const char *pod, struct fault *f)
{
	static const char prefix[] = "fault-";
	size_t i;

	memset(f, 0, sizeof(*f));
	if (strncmp(pod, prefix, strlen(prefix)) != 0)
		return false;
	pod += strlen(prefix);
	f->cuts_out = numbered(pod, "cut-", &f->out_bytes);
	f->resets_out = numbered(pod, "rst-", &f->out_bytes);
	f->starves = f->cuts_in = numbered(pod, "starve-", &f->in_bytes);
	if (f->cuts_out || f->resets_out || f->cuts_in)
		return true;
	for (i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		if (strcmp(pod, faults[i].name) == 0) {
			*f = faults[i].fault;
			return true;
		}
	}
	return false;
}
