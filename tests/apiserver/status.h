#ifndef TESTS_APISERVER_STATUS_H
#define TESTS_APISERVER_STATUS_H

/*
 * Status objects, byte for byte as a Kubernetes 1.33 API server writes them
 * (tests/wire).  Every function returns a new string for free.
 */

/* text as a JSON string in quotes, escaped as Go does it for HTML; what is no
 * UTF-8 becomes U+FFFD. */
char *status_quote(const char *text);

/* The body of an error answer about a thing of a resource ("pods"); name may be
 * NULL: without "details". */
char *status_answer(int code, const char *reason, const char *message,
		    const char *resource, const char *name);

char *status_success(void);

/* Who ends a session with a status: the API server that translates v5, or
 * the container runtime whose v4 passes through. */
enum status_hop { STATUS_TRANSLATED, STATUS_RUNTIME };

/* The command exited with a code other than 0; argv is NULL ended. */
char *status_exit(enum status_hop hop, char *const *argv, const char *code);

/* The plain text that older protocols send in place of status_exit. */
char *status_exit_text(char *const *argv, int code);

/* Something else failed, in the kubelet or the runtime; text says what. */
char *status_failure(const char *text);

/* The runtime's words for a command that it could not start with errno cause;
 * name is NULL where no command was given. */
char *status_not_started(const char *name, int cause);

#endif
