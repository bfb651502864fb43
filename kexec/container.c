/*
 * The choice of a container.
 */
#include "container.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

static const char *
find(const struct pod *p, const char *name)
{
	for (size_t i = 0; i < p->n_containers; i++) {
		if (strcmp(p->containers[i].name, name) == 0)
			return p->containers[i].name;
	}
	return NULL;
}

/* All of them, as kubectl lists them; the caller frees it. */
static char *
all(const struct pod *p)
{
	static const char *const class[] = {[POD_REGULAR] = "",
					    [POD_EPHEMERAL] = " (ephem)",
					    [POD_INIT] = " (init)"};
	size_t room = 1, len = 0;
	char *list;

	for (size_t i = 0; i < p->n_containers; i++)
		room += strlen(p->containers[i].name) + 12;
	list = xmalloc(room);
	*list = '\0';
	for (size_t i = 0; i < p->n_containers; i++) {
		const char *parts[] = {i ? ", " : "", p->containers[i].name,
				       class[p->containers[i].class]};

		for (size_t k = 0; k < 3; k++) {
			size_t n = strlen(parts[k]);

			memcpy(list + len, parts[k], n + 1);
			len += n;
		}
	}
	return list;
}

const char *
container_choose(const struct pod *p, const char *wanted, char **note)
{
	const char *name;
	char *list;

	*note = NULL;
	name = wanted                 ? find(p, wanted)
	       : p->default_container ? find(p, p->default_container)
				      : NULL;
	if (name)
		return name;
	if (!wanted && p->n_regular == 0) {
		*note = xasprintf("pod %s has no containers", p->name);
		return NULL;
	}
	if (!wanted && p->n_containers == 1)
		return p->containers[0].name;
	list = all(p);
	if (wanted) {
		*note =
		    xasprintf("container %s is not valid for pod %s out of: %s",
			      wanted, p->name, list);
	} else {
		name = p->containers[0].name;
		*note = xasprintf("Defaulted container \"%s\" out of: %s", name,
				  list);
	}
	free(list);
	return name;
}
