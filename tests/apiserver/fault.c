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
    {"slow", {.slow = true}},
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
    {"lie-success",
     {.status = FAULT_STATUS_LIE, .cuts_in = true, .in_bytes = 65536}},
};

bool
fault_find(const char *pod, struct fault *f)
{
	static const char prefix[] = "fault-", cut[] = "cut-";
	size_t i;

	if (strncmp(pod, prefix, strlen(prefix)) != 0)
		return false;
	pod += strlen(prefix);
	if (strncmp(pod, cut, strlen(cut)) == 0) {
		const char *number = pod + strlen(cut);
		size_t digits = strspn(number, "0123456789");

		if (digits == 0 || digits > 18 || number[digits])
			return false;
		memset(f, 0, sizeof(*f));
		f->cuts_out = true;
		f->out_bytes = strtoull(number, NULL, 10);
		return true;
	}
	for (i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		if (strcmp(pod, faults[i].name) == 0) {
			*f = faults[i].fault;
			return true;
		}
	}
	return false;
}
