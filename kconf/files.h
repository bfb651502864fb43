#ifndef KCONF_FILES_H
#define KCONF_FILES_H

#include <stddef.h>

struct arena;
struct kubeconfig;
struct kuberc;

/* No kubeconfig is larger, and no file that one names. */
enum { FILES_MAX_BYTES = 16 << 20, FILES_MAX_PEM = 512 << 10 };

/*
 * Reads the kubeconfigs that kubectl would read into k: the file explicit if
 * that is set, else those of the list KUBECONFIG that exist, else
 * ~/.kube/config if it exists.  What is read lives in a.  Returns the number
 * of files read, or -1 after having said what is wrong.  *where names, in a,
 * the files that were read, or with 0 those that are not there.
 */
int files_load(struct kubeconfig *k, struct arena *a, const char *explicit,
	       const char **where);

/*
 * Reads what the user's kuberc says of plugins into k, which is empty before:
 * the file explicit if that is set, else that of KUBERC, which must be there;
 * else ~/.kube/kuberc if it exists.  KUBERC=off and KUBECTL_KUBERC=false mean
 * none.  Returns 0; or -1 after having said what is wrong.
 */
int files_kuberc(struct kuberc *k, struct arena *a, const char *explicit);

/*
 * Reads the file path, of at most max bytes, into a.  Returns 0; or -1 with
 * errno, and nothing said.
 */
int files_read(struct arena *a, const char *path, size_t max, char **text,
	       size_t *len);

/* The same without the white space at both ends. */
int files_read_word(struct arena *a, const char *path, size_t max, char **text,
		    size_t *len);

#endif
