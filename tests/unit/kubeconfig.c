/*
 * The pure parts of kconf: scalars, paths, URLs, merging, choice, overrides.
 *
 * links: kconf/arena kconf/check kconf/kubeconfig kconf/node
 * links: kconf/path kconf/text kconf/url lib/err lib/mem
 */
#include "tap.h"

#include "lib/mem.h"

#include "kconf/arena.h"
#include "kconf/check.h"
#include "kconf/kubeconfig.h"
#include "kconf/node.h"
#include "kconf/path.h"
#include "kconf/text.h"
#include "kconf/url.h"
#include "lib/kubeopts.h"

static struct arena arena;

static void
scalars(void)
{
	static const struct {
		const char *in;
		enum node_kind kind;
		bool truth;
	} row[] = {
	    {"", NODE_NULL, false},
	    {"~", NODE_NULL, false},
	    {"nULL", NODE_STRING, false},
	    {"y", NODE_BOOL, true},
	    {"off", NODE_BOOL, false},
	    {"oFF", NODE_STRING, false},
	    {"0x7fffffffffffffff", NODE_NUMBER, false},
	    {"0xffffffffffffffff", NODE_NUMBER, false},
	    {"0x10000000000000000", NODE_STRING, false},
	    {"+0x7fffffffffffffff", NODE_NUMBER, false},
	    {"+0x8000000000000000", NODE_STRING, false},
	    {"-0x8000000000000000", NODE_NUMBER, false},
	    {"-0x8000000000000001", NODE_STRING, false},
	    {"1e308", NODE_NUMBER, false},
	    {"1e309", NODE_STRING, false},
	    {"1e-400", NODE_NUMBER, false},
	    {"0x", NODE_STRING, false},
	    {"0b", NODE_STRING, false},
	    {"0b12", NODE_STRING, false},
	    {"1.", NODE_NUMBER, false},
	    {".", NODE_STRING, false},
	    {"1.e5", NODE_NUMBER, false},
	    {"inf", NODE_STRING, false},
	    {"nan", NODE_STRING, false},
	    {"0x1p3", NODE_STRING, false},
	    {" 1", NODE_STRING, false},
	    {"1 ", NODE_STRING, false},
	};
	bool truth, finite;

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		enum node_kind kind =
		    node_resolve(row[i].in, strlen(row[i].in), &truth, &finite);

		ok(kind == row[i].kind && truth == row[i].truth && finite,
		   "\"%s\" is %s", row[i].in, node_kind_name(row[i].kind));
	}
	ok(node_resolve("-.INF", 5, &truth, &finite) == NODE_NUMBER && !finite,
	   "-.INF is a number without end");
	ok(node_resolve("1\0002", 3, &truth, &finite) == NODE_STRING,
	   "a NUL is in no number");
}

static void
paths(void)
{
	static const struct {
		const char *file, *path, *want;
	} row[] = {
	    {"/a/b/config", "ca", "/a/b/ca"},
	    {"/a/b/config", "../ca", "/a/ca"},
	    {"/a/config", "../../../ca", "/ca"},
	    {"/config", "ca", "/ca"},
	    {"/config", "..", "/"},
	    {"/a/config", "/x/../y", "/x/../y"},
	    {"config", "ca", "ca"},
	    {"config", "./ca", "ca"},
	    {"config", "../ca", "../ca"},
	    {"config", "a/../../ca", "../ca"},
	    {"../x/config", "../../ca", "../../ca"},
	    {"a/config", "..", "."},
	    {"a/config", "b//c/./d/", "a/b/c/d"},
	    {"a/config", "...", "a/..."},
	    {"a/config", "..b", "a/..b"},
	    {"a/config", "", ""},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		is(path_beside(&arena, NULL, row[i].file, row[i].path),
		   row[i].want, "%s beside %s", row[i].path, row[i].file);
	is(path_beside(&arena, "/a/link", "config", "../ca"), "/a/ca",
	   "out of a working directory with a name");
	is(path_beside(&arena, "/a/link", "x/config", "../ca"), "ca",
	   "not out of it");
	is(path_beside(&arena, "/a/link", "config", "..b/ca"), "..b/ca",
	   "a name that starts with dots");
}

static void
urls(void)
{
	static const struct {
		const char *in, *want;
		bool secure;
	} row[] = {
	    {"https://h", "https://h", true},
	    {"hTTps://H:1/P/", "https://H:1/P", true},
	    {"http://h:", "http://h:", false},
	    {"h:6443", "http://h:6443", false},
	    {"[::1]:1", "http://[::1]:1", false},
	    {"https://h/a@b", "https://h/a@b", true},
	    {"https://h?a@b", "https://h", true},
	    {"https://h//p/./q//../r/", "https://h/p/r", true},
	    {"https://h/..", "https://h", true},
	    {"https://h/%2e%2E/%41%2fb", "https://h/A/b", true},
	    {"https://h/a b/\xc3\xa4'%00", "https://h/a%20b/%C3%A4%27%00",
	     true},
	    {"https://h/-_.~$&+,:;=@", "https://h/-_.~$&+,:;=@", true},
	    {"https://h/p#f?q#g", "https://h/p%23f", true},
	    {"https://h#f", "https://h", true},
	    {"h:6443/", "http://h:6443", false},
	    {"h:6443?q", "http://h:6443", false},
	    {"h:6443//", NULL, false},
	    {"https://h/?\t", NULL, true},
	    {"https://h/%4", NULL, true},
	    {"https://u@h", NULL, true},
	    {"https:///p", NULL, true},
	    {"https://h:65536", NULL, true},
	    {"https://h:-1", NULL, true},
	    {"https://[]:1", NULL, true},
	    {"https://[::1]x", NULL, true},
	    {"https://h/\n", NULL, true},
	    {"https://h\001", NULL, true},
	    {"unix:///x", NULL, false},
	    {"", NULL, false},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		const char *why = NULL, *url;
		bool secure;

		url = url_server(&arena, row[i].in, &secure, &why);
		is(url, row[i].want, "server row %zu", i);
		ok(url ? secure == row[i].secure : why != NULL,
		   "server row %zu: %s", i, url ? "its scheme" : "why");
	}
	ok(!url_proxy_fault("SOCKS5://a:b@c@h:1/"), "a proxy");
	ok(url_proxy_fault("http://h h") != NULL, "a blank in a proxy");
	ok(!url_proxy_fault("http://a%20b:;p@h/%41"), "percent-encoded");
	ok(url_proxy_fault("http://u:p w@h") != NULL, "a blank in a password");
	ok(url_proxy_fault("http://u:p\xc3\xa9@h") != NULL,
	   "a password beyond ASCII");
	ok(url_proxy_fault("http://u:p%zz@h") != NULL, "a bad escape in it");
	ok(url_proxy_fault("http://u:p%4@h") != NULL, "half of an escape");
	ok(url_proxy_fault("http://h/%zz") != NULL, "a bad escape in a path");
	ok(url_proxy_fault("http://h/\001") != NULL, "a control byte in it");
	is(url_without_user(&arena, "http://a:b@c@h/x@y"), "http://h/x@y",
	   "the user goes");
	is(url_without_user(&arena, "a:b@h"), "h", "without a scheme, too");
	is(url_without_user(&arena, "h/x"), "h/x", "no user");
}

static struct entry *
add(struct entries *list, struct entry *e, const char *name, const char *file)
{
	e->name = name;
	e->file = file;
	e->line = 7;
	return entries_add(list, e) == 0 ? entries_find(list, name) : NULL;
}

static void
choices(void)
{
	static const char one[] = "one", two[] = "two";
	static struct cluster k1, k2, k3;
	static struct user u1, u2;
	static struct context c;
	struct kubeconfig k = {0};
	struct kubeopts o = {0};
	struct choice choice = {0};
	char why[256];

	k1.server = "https://one";
	k1.ca_file = "file";
	k1.ca_data = (struct blob){.data = "data", .len = 4};
	k1.tls_server_name = "name";
	k2.server = "https://two";
	c.cluster = "k";
	c.user = "u";
	ok(add(&k.clusters, &k1.entry, "k", one) == &k1.entry, "an entry");
	ok(add(&k.clusters, &k2.entry, "k", two) == &k1.entry,
	   "the first file has the name");
	ok(!add(&k.clusters, &k3.entry, "k", one), "one file, twice the name");
	ok(!add(&k.clusters, &k3.entry, "k", two),
	   "the same in a file that came second");
	add(&k.users, &u1.entry, "u", one);
	add(&k.users, &u2.entry, "v", two);
	add(&k.contexts, &c.entry, "c", one);
	ok(kubeconfig_choose(&k, &o, &choice, why, sizeof why) == 0 &&
	       !choice.context && !choice.cluster_name,
	   "nothing is named, nothing chosen");
	k.current_context = "c";
	ok(kubeconfig_choose(&k, &o, &choice, why, sizeof why) == 0,
	   "the current context");
	is(choice.cluster.server, "https://one", "its cluster");
	ok(!choice.namespace, "no namespace");
	is(kubeconfig_place(&choice.cluster.entry, "cluster", "k", &arena),
	   "one: line 7: cluster \"k\"", "its place");
	ok(check_choice(&choice, &arena, why, sizeof why) == -1,
	   "both forms of a CA");
	o.server = "https://other";
	o.certificate_authority = "ca";
	o.user = "v";
	ok(kubeconfig_choose(&k, &o, &choice, why, sizeof why) == 0 &&
	       strcmp(choice.user.entry.name, "v") == 0,
	   "a user by option");
	kubeconfig_override(&choice, &o, &arena);
	is(choice.cluster.server, "https://other", "the server is overridden");
	ok(!choice.cluster.tls_server_name, "and clears the TLS server name");
	ok(choice.cluster.ca_data.len == 0 &&
	       strcmp(choice.cluster.ca_file, "ca") == 0,
	   "a CA file clears CA data");
	is(kubeconfig_place(&choice.cluster.entry, "cluster", "k", &arena),
	   "cluster \"k\"", "what options changed is at no line");
	ok(check_choice(&choice, &arena, why, sizeof why) == 0, "and is good");
	ok(!check_has_static(&choice.user), "no credential");
	choice.user.key_file = "key";
	ok(!check_has_static(&choice.user), "a key alone is none");
	choice.user.cert_file = "cert";
	ok(check_has_static(&choice.user), "with a certificate it is");
}

static void
texts(void)
{
	struct text t = {0};
	size_t n = 0;

	for (int i = 0; i < 3000; i++) {
		text_add(&t, "%d,", i);
		n += (size_t)snprintf(NULL, 0, "%d,", i);
	}
	ok(t.len == n && strlen(t.s) == n, "a text grows");
	ok(strncmp(t.s, "0,1,2,3,", 8) == 0 &&
	       strcmp(t.s + n - 10, "2998,2999,") == 0,
	   "and keeps what it had");
	wipe_str(t.s);
}

int
main(void)
{
	scalars();
	paths();
	urls();
	choices();
	texts();
	arena_wipe(&arena);
	ok(!arena.last, "an arena that was wiped is empty");
	return tap_end();
}
