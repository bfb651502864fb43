/*
 * The comparison that stops an edit which changes more than it should.
 *
 * links: kconf/arena kconf/decode kconf/fold kconf/kubeconfig kconf/node
 * links: kconf/path kconf/settings kconf/text kconf/value kconf/yaml
 * links: lib/base64 lib/err lib/mem
 * pkgs: yaml-0.1
 */
#include "tap.h"

#include <stdbool.h>

#include "kconf/arena.h"
#include "kconf/edit.h"
#include "kconf/settings.h"
#include "kconf/yaml.h"

#define FLOW(config) \
	"users: [{name: u, user: {auth-provider: {config: " config "}}}]\n"

int
main(void)
{
	static const struct setting s = {"id-token", "new"};
	static const char was[] =
	    FLOW("{a: b, id-token: old}") "x: [1, {c: 'd'}, yes, ~]\n";
	static const struct {
		const char *is;
		bool only;
	} row[] = {
	    {FLOW("{a: b, id-token: new}") "x: [1, {c: d}, y, null]\n", true},
	    {FLOW("{id-token: new, a: b}") "x: [1, {c: d}, y, null]\n", true},
	    {FLOW("{a: b, id-token: old}") "x: [1, {c: d}, y, null]\n", false},
	    {FLOW("{a: c, id-token: new}") "x: [1, {c: d}, y, null]\n", false},
	    {FLOW("{id-token: new}") "x: [1, {c: d}, y, null]\n", false},
	    {FLOW("{a: b, e: f, id-token: new}") "x: [1, {c: d}, y, ~]\n",
	     false},
	    {FLOW("{a: b, id-token: new}") "x: [2, {c: d}, y, ~]\n", false},
	    {FLOW("{a: b, id-token: new}") "x: ['1', {c: d}, y, ~]\n", false},
	    {FLOW("{a: b, id-token: new}") "x: [1, {e: d}, y, ~]\n", false},
	    {FLOW("{a: b, id-token: new}") "x: [1, {c: e}, y, ~]\n", false},
	    {FLOW("{a: b, id-token: new}") "x: [1, {c: d}, n, ~]\n", false},
	    {FLOW("{a: b, id-token: new}") "x: [1, {c: d}, y]\n", false},
	    {FLOW("{a: b, id-token: new}") "x: [1, {c: d}, y, ~, ~]\n", false},
	    {FLOW("{a: b, id-token: new}"), false},
	    {"x: [1, {c: d}, y, ~]\n", false},
	};
	struct arena a = {0};
	char why[256];

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct node *x =
		    yaml_read(&a, was, sizeof was - 1, why, sizeof why);
		struct node *y = yaml_read(&a, row[i].is, strlen(row[i].is),
					   why, sizeof why);

		ok(x && y &&
		       settings_differ_only(&a, x, y, "u", &s, 1) ==
			   row[i].only,
		   "comparison %zu", i);
	}
	arena_wipe(&a);
	return tap_end();
}
