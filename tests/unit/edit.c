/*
 * Settings changed in the text of a kubeconfig, and nothing else.
 *
 * links: kconf/arena kconf/decode kconf/edit kconf/fold kconf/kubeconfig
 * links: kconf/node kconf/path kconf/scalar kconf/settings kconf/text
 * links: kconf/value kconf/yaml lib/base64 lib/err lib/mem
 * pkgs: yaml-0.1
 */
#include "tap.h"

#include <stdlib.h>

#include "lib/mem.h"

#include "kconf/arena.h"
#include "kconf/edit.h"

/* The lines above the settings, in block style; and what is around them in
 * JSON. */
#define BLOCK                                              \
	"users:\n- name: u\n  user:\n    auth-provider:\n" \
	"      name: oidc\n      config:\n"
#define IN "        "
#define CRLF_BLOCK                                                 \
	"users:\r\n- name: u\r\n  user:\r\n    auth-provider:\r\n" \
	"      name: oidc\r\n      config:\r\n"
#define FLOW(config) \
	"users: [{name: u, user: {auth-provider: {config: " config "}}}]\n"
#define JSON(config)                                                \
	"{\"users\":[{\"name\":\"u\",\"user\":{\"auth-provider\":{" \
	"\"name\":\"oidc\",\"config\":" config "}}}]}\n"

/* after is NULL where it is refused, and why is in the reason. */
struct row {
	const char *name, *before, *key, *value, *after, *why;
};

static const struct row replaced[] = {
    {"plain", BLOCK IN "id-token: old\n", "id-token", "new",
     BLOCK IN "id-token: new\n", NULL},
    {"plain, a token", BLOCK IN "id-token: old\n", "id-token",
     "eyJh.eyJ-_x.s1G", BLOCK IN "id-token: eyJh.eyJ-_x.s1G\n", NULL},
    {"plain, slashes", BLOCK IN "id-token: old\n", "id-token",
     "1//0gZ=", BLOCK IN "id-token: 1//0gZ=\n", NULL},
    {"a number is quoted", BLOCK IN "id-token: old\n", "id-token", "123",
     BLOCK IN "id-token: \"123\"\n", NULL},
    {"an exponent is quoted", BLOCK IN "id-token: old\n", "id-token", "433e40",
     BLOCK IN "id-token: \"433e40\"\n", NULL},
    {"a date is quoted", BLOCK IN "id-token: old\n", "id-token", "2001-01-01",
     BLOCK IN "id-token: \"2001-01-01\"\n", NULL},
    {"a bool is quoted", BLOCK IN "id-token: old\n", "id-token", "yes",
     BLOCK IN "id-token: \"yes\"\n", NULL},
    {"null is quoted", BLOCK IN "id-token: old\n", "id-token", "null",
     BLOCK IN "id-token: \"null\"\n", NULL},
    {"nothing is quoted", BLOCK IN "id-token: old\n", "id-token", "",
     BLOCK IN "id-token: \"\"\n", NULL},
    {"a colon is quoted", BLOCK IN "id-token: old\n", "id-token", "a: b #c",
     BLOCK IN "id-token: \"a: b #c\"\n", NULL},
    {"a tilde is quoted", BLOCK IN "id-token: old\n", "id-token", "~",
     BLOCK IN "id-token: \"~\"\n", NULL},
    {"a dash is quoted", BLOCK IN "id-token: old\n", "id-token", "---",
     BLOCK IN "id-token: \"---\"\n", NULL},
    {"escapes", BLOCK IN "id-token: old\n", "id-token", "a\"b\\c\nd\te\177",
     BLOCK IN "id-token: \"a\\\"b\\\\c\\u000ad\\u0009e\\u007f\"\n", NULL},
    {"UTF-8 stays", BLOCK IN "id-token: \"old\"\n", "id-token",
     "\xc3\xa9\xf0\x9f\x98\x80",
     BLOCK IN "id-token: \"\xc3\xa9\xf0\x9f\x98\x80\"\n", NULL},
    {"line separators do not", BLOCK IN "id-token: 'old'\n", "id-token",
     "\xc2\x85\xe2\x80\xa8\xef\xbb\xbf",
     BLOCK IN "id-token: \"\\u0085\\u2028\\ufeff\"\n", NULL},
    {"not UTF-8", BLOCK IN "id-token: old\n", "id-token", "\xff", NULL,
     "cannot be changed in place"},
    {"half of a character", BLOCK IN "id-token: old\n", "id-token", "\xe2",
     NULL, "cannot be changed in place"},
    {"single quotes", BLOCK IN "id-token: 'old'\n", "id-token", "it's",
     BLOCK IN "id-token: 'it''s'\n", NULL},
    {"single quotes, a backslash", BLOCK IN "id-token: 'old'\n", "id-token",
     "a\\\": #", BLOCK IN "id-token: 'a\\\": #'\n", NULL},
    {"single quotes cannot hold it", BLOCK IN "id-token: 'old'\n", "id-token",
     "a\nb", BLOCK IN "id-token: \"a\\u000ab\"\n", NULL},
    {"double quotes", BLOCK IN "id-token: \"old\"\n", "id-token", "new",
     BLOCK IN "id-token: \"new\"\n", NULL},
    {"escapes before", BLOCK IN "id-token: \"o\\x41\\\"ld\" # c\n", "id-token",
     "new", BLOCK IN "id-token: \"new\" # c\n", NULL},
    {"single quotes in it before", BLOCK IN "id-token: 'o''ld' # c\n",
     "id-token", "new", BLOCK IN "id-token: 'new' # c\n", NULL},
    {"a comment behind", BLOCK IN "id-token: old   # mine\n" IN "a: b\n",
     "id-token", "new", BLOCK IN "id-token: new   # mine\n" IN "a: b\n", NULL},
    {"tabs around", BLOCK IN "id-token:\told\t# mine\n", "id-token", "new",
     BLOCK IN "id-token:\tnew\t# mine\n", NULL},
    {"blanks behind", BLOCK IN "id-token: old  \t\n", "id-token", "new",
     BLOCK IN "id-token: new  \t\n", NULL},
    {"a comment that is none", BLOCK IN "id-token: old#x\n", "id-token", "new",
     BLOCK IN "id-token: new\n", NULL},
    {"no newline at the end", BLOCK IN "id-token: old", "id-token", "new",
     BLOCK IN "id-token: new", NULL},
    {"CRLF", CRLF_BLOCK IN "id-token: old\r\n" IN "a: b\r\n", "id-token", "new",
     CRLF_BLOCK IN "id-token: new\r\n" IN "a: b\r\n", NULL},
    {"lone CR",
     "users:\r- name: u\r  user:\r    auth-provider:\r      config:\r" IN
     "id-token: old\r" IN "a: b\r",
     "id-token", "new",
     "users:\r- name: u\r  user:\r    auth-provider:\r      config:\r" IN
     "id-token: new\r" IN "a: b\r",
     NULL},
    {"BOM", "\xef\xbb\xbf" BLOCK IN "id-token: old\n", "id-token", "new",
     "\xef\xbb\xbf" BLOCK IN "id-token: new\n", NULL},
    {"BOM and CRLF", "\xef\xbb\xbf" CRLF_BLOCK IN "id-token: old\r\n",
     "id-token", "new", "\xef\xbb\xbf" CRLF_BLOCK IN "id-token: new\r\n", NULL},
    {"characters before it",
     "# \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\n" BLOCK IN
     "\xc3\xbc: \xc3\x9f # \xe2\x82\xac\n" IN "id-token: old # \xc3\xa4\n",
     "id-token", "new",
     "# \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\n" BLOCK IN
     "\xc3\xbc: \xc3\x9f # \xe2\x82\xac\n" IN "id-token: new # \xc3\xa4\n",
     NULL},
    {"characters in it", BLOCK IN "id-token: \xc3\xa4\xf0\x9f\x98\x80 # c\n",
     "id-token", "new", BLOCK IN "id-token: new # c\n", NULL},
    {"BOM and characters",
     "\xef\xbb\xbf# \xe2\x82\xac\n" BLOCK IN "id-token: old\n", "id-token",
     "new", "\xef\xbb\xbf# \xe2\x82\xac\n" BLOCK IN "id-token: new\n", NULL},
    {"several plain lines", BLOCK IN "id-token: one\n" IN "  two\n" IN "a: b\n",
     "id-token", "new", BLOCK IN "id-token: new\n" IN "a: b\n", NULL},
    {"several quoted lines",
     BLOCK IN "id-token: \"one\n" IN "  two \\\n" IN "  x\" # c\n" IN "a: b\n",
     "id-token", "new", BLOCK IN "id-token: \"new\" # c\n" IN "a: b\n", NULL},
    {"several lines in single quotes",
     BLOCK IN "id-token: 'one\n\n" IN " two'\n" IN "a: b\n", "id-token", "new",
     BLOCK IN "id-token: 'new'\n" IN "a: b\n", NULL},
    {"on the next line", BLOCK IN "id-token:\n" IN "  old # c\n", "id-token",
     "new", BLOCK IN "id-token:\n" IN "  new # c\n", NULL},
    {"a literal block",
     BLOCK IN "id-token: |\n" IN "  old\n" IN "  more\n" IN "a: b\n",
     "id-token", "new", BLOCK IN "id-token: \"new\"\n" IN "a: b\n", NULL},
    {"a folded block, a comment, empty lines",
     BLOCK IN "id-token: >2- # c\n" IN "  old\n\n" IN "  x\n\n  \n" IN "a: b\n",
     "id-token", "new", BLOCK IN "id-token: \"new\" # c\n\n  \n" IN "a: b\n",
     NULL},
    {"a block with CRLF", CRLF_BLOCK IN "id-token: |\r\n" IN "  old\r\n\r\n",
     "id-token", "new", CRLF_BLOCK IN "id-token: \"new\"\r\n\r\n", NULL},
    {"a block at the end", BLOCK IN "id-token: |-\n" IN "  old", "id-token",
     "new", BLOCK IN "id-token: \"new\"", NULL},
    {"an empty block", BLOCK IN "id-token: |\n" IN "a: b\n", "id-token", "new",
     BLOCK IN "id-token: \"new\"\n" IN "a: b\n", NULL},
    {"no value", BLOCK IN "id-token:\n" IN "a: b\n", "id-token", "new",
     BLOCK IN "id-token: new\n" IN "a: b\n", NULL},
    {"no value, a comment", BLOCK IN "id-token: # c\n" IN "a: b\n", "id-token",
     "new", BLOCK IN "id-token: new # c\n" IN "a: b\n", NULL},
    {"null", BLOCK IN "id-token: null\n", "id-token", "new",
     BLOCK IN "id-token: new\n", NULL},
    {"a tilde", BLOCK IN "id-token: ~ # c\n", "id-token", "new",
     BLOCK IN "id-token: new # c\n", NULL},
    {"!!str stays", BLOCK IN "id-token: !!str 12\n", "id-token", "34",
     BLOCK IN "id-token: !!str \"34\"\n", NULL},
    {"an anchor of no use stays", BLOCK IN "id-token: &x old\n", "id-token",
     "new", BLOCK IN "id-token: &x new\n", NULL},
    {"an anchor, a tag, no value", BLOCK IN "id-token: &x !!str\n", "id-token",
     "new", BLOCK IN "id-token: &x !!str new\n", NULL},
    {"quoted keys", BLOCK IN "'id-token': 'old'\n" IN "\"a\": \"b\"\n",
     "id-token", "new", BLOCK IN "'id-token': 'new'\n" IN "\"a\": \"b\"\n",
     NULL},
    {"the last of equal keys", BLOCK IN "id-token: one\n" IN "id-token: two\n",
     "id-token", "new", BLOCK IN "id-token: one\n" IN "id-token: new\n", NULL},
    {"an explicit key", BLOCK IN "? id-token\n" IN ": old\n", "id-token", "new",
     BLOCK IN "? id-token\n" IN ": new\n", NULL},
    {"the name behind the user",
     "users:\n- user:\n    auth-provider:\n      config: # c\n" IN
     "id-token: old\n  name: u\n- {name: v}\n",
     "id-token", "new",
     "users:\n- user:\n    auth-provider:\n      config: # c\n" IN
     "id-token: new\n  name: u\n- {name: v}\n",
     NULL},
    {"one of several users",
     "users:\n- name: v\n  user: {auth-provider: {config: {id-token: a}}}\n"
     "- name: u\n  user: {auth-provider: {config: {id-token: a}}}\n",
     "id-token", "new",
     "users:\n- name: v\n  user: {auth-provider: {config: {id-token: a}}}\n"
     "- name: u\n  user: {auth-provider: {config: {id-token: new}}}\n",
     NULL},
    {"later documents", "---\n" BLOCK IN "id-token: old\n---\nusers: {\n",
     "id-token", "new", "---\n" BLOCK IN "id-token: new\n---\nusers: {\n",
     NULL},
    {"text behind the end", BLOCK IN "id-token: old\n...\n@ { \n", "id-token",
     "new", BLOCK IN "id-token: new\n...\n@ { \n", NULL},
    {"directive", "%YAML 1.1\n---\n" BLOCK IN "id-token: old\n", "id-token",
     "new", "%YAML 1.1\n---\n" BLOCK IN "id-token: new\n", NULL},
    {"flow", FLOW("{id-token: old, a: b}"), "id-token", "new",
     FLOW("{id-token: new, a: b}"), NULL},
    {"flow, last", FLOW("{a: b, id-token: old}"), "id-token", "a,b",
     FLOW("{a: b, id-token: \"a,b\"}"), NULL},
    {"flow, no value", FLOW("{id-token: , a: b}"), "id-token", "new",
     FLOW("{id-token: new, a: b}"), NULL},
    {"flow, nothing at all", FLOW("{a: b, id-token: }"), "id-token", "new",
     FLOW("{a: b, id-token: new}"), NULL},
    {"JSON", JSON("{\"id-token\":\"old\",\"a\":\"b\"}"), "id-token", "n\"ew",
     JSON("{\"id-token\":\"n\\\"ew\",\"a\":\"b\"}"), NULL},
    {"JSON, an escaped slash", JSON("{\"id-token\":\"o\\u00e9\"}"), "id-token",
     "a/b", JSON("{\"id-token\":\"a/b\"}"), NULL},
    {"JSON, text behind it", JSON("{\"id-token\":\"old\"}") "}junk", "id-token",
     "new", JSON("{\"id-token\":\"new\"}") "}junk", NULL},
    {"a merge beside it",
     "x: &x {a: b}\n" BLOCK IN "<<: *x\n" IN "id-token: old\n", "id-token",
     "new", "x: &x {a: b}\n" BLOCK IN "<<: *x\n" IN "id-token: new\n", NULL},
};

static const struct row added[] = {
    {"behind the last", BLOCK IN "client-id: c\n" IN "refresh-token: r\n",
     "id-token", "new",
     BLOCK IN "client-id: c\n" IN "refresh-token: r\n" IN "id-token: new\n",
     NULL},
    {"behind its comment", BLOCK IN "refresh-token: r # c\n# d\ncontexts: []\n",
     "id-token", "new",
     BLOCK IN "refresh-token: r # c\n" IN "id-token: new\n# d\ncontexts: []\n",
     NULL},
    {"quotes as beside it", BLOCK IN "'refresh-token': 'r'\n", "id-token",
     "new", BLOCK IN "'refresh-token': 'r'\n" IN "'id-token': 'new'\n", NULL},
    {"CRLF", CRLF_BLOCK IN "refresh-token: r\r\n", "id-token", "new",
     CRLF_BLOCK IN "refresh-token: r\r\n" IN "id-token: new\r\n", NULL},
    {"BOM and characters",
     "\xef\xbb\xbf# \xe2\x82\xac\n" BLOCK IN
     "refresh-token: \xc3\xa4 # \xc3\xa4\n",
     "id-token", "new",
     "\xef\xbb\xbf# \xe2\x82\xac\n" BLOCK IN
     "refresh-token: \xc3\xa4 # \xc3\xa4\n" IN "id-token: new\n",
     NULL},
    {"no newline at the end", BLOCK IN "refresh-token: r", "id-token", "new",
     BLOCK IN "refresh-token: r\n" IN "id-token: new", NULL},
    {"no newline at the end, CRLF", CRLF_BLOCK IN "refresh-token: r # c",
     "id-token", "new",
     CRLF_BLOCK IN "refresh-token: r # c\r\n" IN "id-token: new", NULL},
    {"behind no value", BLOCK IN "refresh-token:\n", "id-token", "new",
     BLOCK IN "refresh-token:\n" IN "id-token: new\n", NULL},
    {"behind a block", BLOCK IN "refresh-token: |\n" IN "  r\n\n- name: v\n",
     "id-token", "new",
     BLOCK IN "refresh-token: |\n" IN "  r\n" IN
	      "id-token: \"new\"\n\n- name: v\n",
     NULL},
    {"behind a block and empty lines",
     BLOCK IN "refresh-token: |-\n" IN "  r\n\n\ncontexts:\n", "id-token",
     "new",
     BLOCK IN "refresh-token: |-\n" IN "  r\n" IN
	      "id-token: \"new\"\n\n\ncontexts:\n",
     NULL},
    {"behind a block at the end", BLOCK IN "refresh-token: |-\n" IN "  r",
     "id-token", "new",
     BLOCK IN "refresh-token: |-\n" IN "  r\n" IN "id-token: \"new\"", NULL},
    {"behind several lines", BLOCK IN "refresh-token: \"r\n" IN "  s\" # c\n",
     "id-token", "new",
     BLOCK IN "refresh-token: \"r\n" IN "  s\" # c\n" IN "id-token: \"new\"\n",
     NULL},
    {"before another document", BLOCK IN "refresh-token: r\n--- # c\n",
     "id-token", "new",
     BLOCK IN "refresh-token: r\n" IN "id-token: new\n--- # c\n", NULL},
    {"behind a value on its own line", BLOCK IN "refresh-token:\n" IN "  r\n",
     "id-token", "new",
     BLOCK IN "refresh-token:\n" IN "  r\n" IN "id-token: new\n", NULL},
    {"flow", FLOW("{refresh-token: r}"), "id-token", "new",
     FLOW("{refresh-token: r, id-token: new}"), NULL},
    {"flow, spread out", FLOW("{ refresh-token: r }"), "id-token", "a b",
     FLOW("{ refresh-token: r, id-token: \"a b\" }"), NULL},
    {"flow, a comma at the end", FLOW("{refresh-token: 'r',}"), "id-token",
     "new", FLOW("{refresh-token: 'r', id-token: 'new',}"), NULL},
    {"flow, lines", FLOW("{\n\ta: b,\n\trefresh-token: r # c\n  }"), "id-token",
     "new", FLOW("{\n\ta: b,\n\trefresh-token: r, # c\n\tid-token: new\n  }"),
     NULL},
    {"JSON", JSON("{\"refresh-token\":\"r\"}"), "id-token", "new",
     JSON("{\"refresh-token\":\"r\",\"id-token\":\"new\"}"), NULL},
    {"JSON, blanks", JSON("{\"a\": \"b\", \"refresh-token\": \"r\"}"),
     "id-token", "new",
     JSON("{\"a\": \"b\", \"refresh-token\": \"r\", \"id-token\": \"new\"}"),
     NULL},
    {"JSON, lines",
     JSON("{\r\n    \"a\": \"b\",\r\n    \"refresh-token\": \"r\"\r\n  }"),
     "id-token", "new",
     JSON("{\r\n    \"a\": \"b\",\r\n    \"refresh-token\": \"r\",\r\n"
	  "    \"id-token\": \"new\"\r\n  }"),
     NULL},
    {"behind what is no merge",
     "x: &x {a: b}\n" BLOCK IN "c: d\n" IN "<<: *x\n", "id-token", "new",
     "x: &x {a: b}\n" BLOCK IN "c: d\n" IN "id-token: new\n" IN "<<: *x\n",
     NULL},
};

static const struct row refused[] = {
    {"an alias", "x: &x old\n" BLOCK IN "id-token: *x\n", "id-token", "new",
     NULL, "line 1: id-token: comes from an alias"},
    {"an alias beside it", BLOCK IN "a: &x old\n" IN "id-token: *x\n",
     "id-token", "new", NULL, "line 7: id-token: an alias refers to it"},
    {"an anchor in use", BLOCK IN "id-token: &x old\nx: *x\n", "id-token",
     "new", NULL, "line 7: id-token: an alias refers to it"},
    {"a merge key", "x: &x {id-token: old}\n" BLOCK IN "<<: *x\n", "id-token",
     "new", NULL, "line 1: id-token: comes from an alias or a merge"},
    {"a merge that comes later",
     "x: &x {id-token: old}\n" BLOCK IN "id-token: a\n" IN "<<: *x\n",
     "id-token", "new", NULL, "id-token: comes from an alias or a merge"},
    {"nothing but a merge", "x: &x {a: old}\n" BLOCK IN "<<: *x\n", "id-token",
     "new", NULL, "line 8: config: no setting in it"},
    {"an inline merge", BLOCK IN "<<: {id-token: old}\n", "id-token", "new",
     NULL, "comes from an alias or a merge key"},
    {"another tag", BLOCK IN "id-token: !!binary aGk=\n", "id-token", "new",
     NULL, "line 7: id-token: has a tag"},
    {"a local tag", BLOCK IN "id-token: !x old\n", "id-token", "new", NULL,
     "has a tag"},
    {"a tag on another line", BLOCK IN "id-token: !!str\n" IN "  old\n",
     "id-token", "new", NULL, "on another line"},
    {"UTF-16", "\xff\xfeu", "id-token", "new", NULL, "UTF-16"},
    {"UTF-16, the other one", "\xfe\xff", "id-token", "new", NULL, "UTF-16"},
    {"the user by an alias",
     "x: &x {name: u, user: {auth-provider: {config: {id-token: a}}}}\n"
     "users: [*x]\n",
     "id-token", "new", NULL, "line 1: the user: comes from an alias"},
    {"what is in the user by an alias",
     "x: &x {auth-provider: {config: {id-token: a}}}\n"
     "users: [{name: u, user: *x}]\n",
     "id-token", "new", NULL, "user: comes from an alias"},
    {"the config by an alias",
     "x: &x {id-token: a}\n"
     "users: [{name: u, user: {auth-provider: {config: *x}}}]\n",
     "id-token", "new", NULL, "config: comes from an alias"},
    {"the provider by a merge",
     "x: &x {auth-provider: {config: {id-token: a}}}\n"
     "users: [{name: u, user: {<<: *x}}]\n",
     "id-token", "new", NULL, "auth-provider: comes from an alias or a merge"},
    {"all users by an alias",
     "x: &x [{name: u, user: {auth-provider: {config: {id-token: a}}}}]\n"
     "users: *x\n",
     "id-token", "new", NULL, "line 1: users: an alias refers to it"},
    {"a config that others share",
     "users:\n- name: u\n  user: {auth-provider: {config: &x {id-token: a}}}\n"
     "- name: v\n  user: {auth-provider: {config: *x}}\n",
     "id-token", "new", NULL, "line 3: config: an alias refers to it"},
    {"a list", BLOCK IN "id-token: [a]\n", "id-token", "new", NULL,
     "id-token: is no string"},
    {"a mapping", BLOCK IN "id-token: {a: b}\n", "id-token", "new", NULL,
     "id-token: is no string"},
    {"a number", BLOCK IN "id-token: 5\n", "id-token", "new", NULL,
     "id-token: is no string"},
    {"no config", BLOCK "x: y\n", "id-token", "new", NULL,
     "user \"u\": no auth-provider with a config"},
    {"an empty config", FLOW("{}"), "id-token", "new", NULL,
     "no setting in it"},
    {"no such user", "users: [{name: v}]\n", "id-token", "new", NULL,
     "user \"u\": no auth-provider"},
    {"no users", "a: b\n", "id-token", "new", NULL, "user \"u\""},
    {"users that are none", "users: u\n", "id-token", "new", NULL,
     "user \"u\""},
    {"an empty file", "", "id-token", "new", NULL, "user \"u\""},
    {"not YAML", "users: [\n", "id-token", "new", NULL, "line 2"},
    {"explicit keys, and no line for another", BLOCK IN "? a\n" IN ": b\n",
     "id-token", "new", NULL, "not on lines of their own"},
    {"a key without a value", BLOCK IN "? id-token\n" IN "? a\n", "id-token",
     "new", NULL, "cannot be changed in place"},
    {"what kubectl would refuse",
     "users:\n- {name: u, user: {auth-provider: {config: {id-token: a}}}}\n"
     "- {name: u}\n",
     "id-token", "new", NULL, "cannot be changed in place"},
    {"another setting of a wrong type", BLOCK IN "id-token: a\n" IN "b: 5\n",
     "id-token", "new", NULL, "cannot be changed in place"},
};

static void
run(const char *kind, const struct row *row, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct row *r = &row[i];
		struct setting s = {r->key, r->value};
		char why[256] = "", *out = NULL;
		size_t len = 0;
		int rc = edit_config(r->before, strlen(r->before), "u", &s, 1,
				     &out, &len, why, sizeof why);

		if (r->after) {
			is(rc == 0 ? out : why, r->after, "%s: %s", kind,
			   r->name);
			ok(rc == 0 && len == strlen(r->after),
			   "%s: %s: its length", kind, r->name);
		} else {
			ok(rc == -1 && strstr(why, r->why), "%s: %s: %s", kind,
			   r->name, why);
		}
		if (rc == 0)
			wipe_free(out, len);
	}
}

static void
several(void)
{
	static const struct setting s[] = {{"id-token", "i2"},
					   {"refresh-token", "r2"}};
	static const struct {
		const char *before, *after;
	} row[] = {
	    {BLOCK IN "refresh-token: r\n" IN "id-token: i\n",
	     BLOCK IN "refresh-token: r2\n" IN "id-token: i2\n"},
	    {BLOCK IN "client-id: c\n", BLOCK IN
	     "client-id: c\n" IN "id-token: i2\n" IN "refresh-token: r2\n"},
	    {BLOCK IN "refresh-token: longer\n",
	     BLOCK IN "refresh-token: r2\n" IN "id-token: i2\n"},
	    {JSON("{\"client-id\":\"c\"}"),
	     JSON("{\"client-id\":\"c\",\"id-token\":\"i2\",\"refresh-token\":"
		  "\"r2\"}")},
	};
	char why[256], *out;
	size_t len;

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		int rc = edit_config(row[i].before, strlen(row[i].before), "u",
				     s, 2, &out, &len, why, sizeof why);

		is(rc == 0 ? out : why, row[i].after, "two settings %zu", i);
		if (rc == 0)
			wipe_free(out, len);
	}
}

/* What is far behind the document is read by nobody, and stays. */
static void
far_behind(void)
{
	enum { BYTES = 300000 };
	static const char head[] = BLOCK IN "id-token: old\n...\n";
	static const char new_head[] = BLOCK IN "id-token: new\n...\n";
	struct setting s = {"id-token", "new"};
	char *before = xmalloc(BYTES), why[256], *out;
	size_t len;
	int rc;

	memset(before, ' ', BYTES);
	memcpy(before, head, sizeof head - 1);
	memcpy(before + BYTES - 4, "\xff\0\r{", 4);
	rc =
	    edit_config(before, BYTES, "u", &s, 1, &out, &len, why, sizeof why);
	ok(rc == 0 && len == BYTES &&
	       memcmp(out, new_head, sizeof new_head - 1) == 0 &&
	       memcmp(out + sizeof head - 1, before + sizeof head - 1,
		      BYTES - (sizeof head - 1)) == 0,
	   "bytes far behind the end");
	if (rc == 0)
		wipe_free(out, len);
	free(before);
}

static void
nameless(void)
{
	static const char before[] =
	    "users: [{user: {auth-provider: {config: {id-token: a}}}}]";
	struct setting s = {"id-token", "new"};
	char why[256], *out;
	size_t len;
	int rc = edit_config(before, sizeof before - 1, "", &s, 1, &out, &len,
			     why, sizeof why);

	is(rc == 0 ? out : why,
	   "users: [{user: {auth-provider: {config: {id-token: new}}}}]",
	   "a user without a name");
	if (rc == 0)
		wipe_free(out, len);
}

int
main(void)
{
	run("replaced", replaced, sizeof replaced / sizeof replaced[0]);
	run("added", added, sizeof added / sizeof added[0]);
	run("refused", refused, sizeof refused / sizeof refused[0]);
	several();
	far_behind();
	nameless();
	return tap_end();
}
