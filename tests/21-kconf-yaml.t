#!/bin/sh
# The dialect of YAML: the same file gives kconf and kubectl the same value, or
# neither any.  Each row is also shown to a kubectl, where there is one.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/kubectl.sh"

# reference PATH: what kubectl reads at PATH of file f into ./theirs; 1 if none
reference() {
	"$KUBECTL" --kubeconfig f config view --raw \
		-o "jsonpath={$1}" >theirs 2>theirs.err
}

# file WANT FORMAT: the whole kubeconfig is on stdin.  WANT is =VALUE or, when
# it must fail, !MESSAGE; ~MESSAGE where kubectl fails at its request only.
file() {
	want=$1
	format=$2
	path=$3
	name=$4
	cat >f
	run kconf --kubeconfig f -o "$format"
	case $want in
	=*)
		stdout_is "${want#=}" "$name"
		quiet "$name"
		;;
	*)
		fails 1 "${want#?}" "$name"
		;;
	esac
	[ -n "$KUBECTL" ] || return 0
	theirs=0
	reference "$path" || theirs=1
	case $want in
	=*)
		[ "$theirs" = 0 ] && [ "$(cat theirs)" = "${want#=}" ]
		ok $? "$name: kubectl reads the same"
		;;
	!*)
		[ "$theirs" = 1 ]
		ok $? "$name: kubectl fails, too"
		;;
	esac
}

top='current-context: c
clusters: [{name: k, cluster: {server: "https://h"}}]
contexts: [{name: c, context: {cluster: k, user: u}}]
users:
- name: u
  user:'

# user WANT TEXT: TEXT is the body of the user, the value that counts its token
user() {
	printf '%s\n%b\n' "$top" "$2" >body
	file "$1" token '.users[0].user.token' "$2" <body
}

# token WANT SCALAR
token() {
	user "$1" "    token: $2"
}

# Scalars in a field of text.
for number in 123 0123 0x1F 0X1f 0o17 0b101 1e3 1E+3 1_000 1.5 .5 +7 -7 1. \
	12345678901234567890 99999999999999999999 0x_1F -0x1F +.5 -.5e-3 -.5_0 1__0; do
	token '!users[0].user.token: a number where a string belongs' $number
done
for bool in true True yes Yes YES y Y on n No off FALSE; do
	token '!a string belongs (quote it)' $bool
done
for text in 0x 0xg 0b2 1e 1e+ 0x123456789abcdef01 1e999 1.2.3 + _1 -_ \
	tRUE yEs 2001-01-01 2001-12-14T21:59:43Z 190:20:30 abc#x a:b \
	-0x8000000000000001 +0xffffffffffffffff . .e3 1:2 0o9 0x1p4; do
	token "=$text" $text
done
token '!line 7' -
token '=12' '!!str 12'
token '=12' "'12'"
token '=true' '"true"'
token '=hi' '!!binary aGk='
token '!!!binary: not base64' '!!binary a'
token '=12' '! 12'
token '=12' '!other 12'
token '!fit its tag' '!!int abc'
token '!a number where' '!!int "5"'
token '=abc' 'abc #x'
token '!line 7' 'abc: def'
token '!line 7' '@abc'
token '!line 7' '`abc'
token '!infinite' .inf
token '!infinite' .NaN
token '!infinite' -.Inf
token '=a b' 'a\n      b'
token '=tab' 'tab\t'
token '=tab' '\ttab'
token '=é€😀' 'é€😀'
token '=A' '"\\x41"'
token '!a mapping where a string belongs' '{a: b}'
token '!a list where a string belongs' '[a]'
token '~line break' '|\n      abc'
token '=abc' '|-\n      abc'
token '~NUL' '"a\\0b"'

# No value is no token; that there is another credential keeps it going.
for none in '' '~' null Null '""' '!!null ~'; do
	file "=https://h" server '.clusters[0].cluster.server' "token: $none" <<-EOF
	$top {username: x, token: $none}
	EOF
done

# Keys.
user '=second' '    token: first\n    token: second'
user '=second' '    token: 5\n    token: second'
user '~no credentials for user "u": f: line 7: Token is not read' \
	'    Token: abc'
user '~tokenfile is not read, tokenFile would be' '    tokenfile: /dev/null'
user '=a' '    token: a\n    other: 5\n    5: x\n    true: y\n    1.5: z'
user '!a key that is no scalar' '    token: a\n    ~: x'
user '!a key that is no scalar' '    token: a\n    ? [a]\n    : x'
user '=a' '    ? token\n    : a'
user '=a' '    "token": a'

# Anchors, aliases, merge keys.
user '=v' '    x: &a v\n    token: *a'
user '!alias' '    token: *a'
user '!holds itself' '    token: a\n    x: &a [*a]'
user '=m' '    x: &a {token: m}\n    <<: *a'
user '=own' '    x: &a {token: m}\n    <<: *a\n    token: own'
user '=m' '    x: &a {token: m}\n    token: own\n    <<: *a'
user '=one' '    x: &a {token: one}\n    y: &b {token: two}\n    <<: [*a, *b]'
user '!not a mapping' '    token: a\n    <<: 5'
user '!not a mapping' '    token: a\n    <<: [5]'
user '=a' '    token: a\n    "<<": x'
user '=again' '    x: &a v\n    y: &a again\n    token: *a'
{
	echo 'a: &a [x,x,x,x,x,x,x,x,x,x]'
	for i in b:a c:b d:c e:d f:e g:f h:g; do
		echo "${i%:*}: &${i%:*} [*${i#*:},*${i#*:},*${i#*:},*${i#*:},*${i#*:},*${i#*:},*${i#*:},*${i#*:},*${i#*:}]"
	done
	echo "$top {token: a}"
} >body
file '!aliases make it too large' token '.users[0].user.token' bomb <body

# The fields of other types.
cluster() {
	file "$1" server '.clusters[0].cluster.server' "cluster: $2" <<-EOF
	current-context: c
	clusters: [{name: k, cluster: {server: "https://h", $2}}]
	contexts: [{name: c, context: {cluster: k, user: u}}]
	users: [{name: u, user: {token: a}}]
	EOF
}
for yes in y yes on True TRUE true n off; do
	cluster '=https://h' "insecure-skip-tls-verify: $yes"
done
cluster '=https://h' 'insecure-skip-tls-verify: '
cluster "!a string where true or false belongs" "insecure-skip-tls-verify: 'true'"
cluster '!a number where true or false belongs' 'insecure-skip-tls-verify: 1'
cluster '!not base64, at byte 3' 'certificate-authority-data: abc'
cluster '!not base64' 'certificate-authority-data: "LS0t LS0t"'
cluster '!not base64' 'certificate-authority-data: "a-_="'
cluster '!not base64' 'certificate-authority-data: YQ==YQ=='
cluster '!a number where base64 belongs' 'certificate-authority-data: 1234'
cluster '=https://h' 'certificate-authority-data: ""'
cluster '=https://h' 'certificate-authority-data: null'
cluster '!not the value of a byte' 'certificate-authority-data: [256]'
cluster '~not the value of a byte' 'certificate-authority-data: [010]'
cluster '~not the value of a byte' 'certificate-authority-data: [+010]'
cluster '=https://h' 'extensions: [{name: a, extension: 5}, {name: b, extension: [x]}, {name: c}]'
cluster '!the name "a" a second time' 'extensions: [{name: a, extension: 1}, {name: a, extension: 2}]'
cluster '!extensions: a mapping where a list' 'extensions: {}'

list() {
	file "$1" token '.users[0].user.token' "as: x, $2" <<-EOF
	$top {token: a, as: x, $2}
	EOF
}
list '=a' 'as-groups: [g, h]'
list '=a' 'as-groups: [null]'
list '=a' 'as-groups: '
list '!as-groups: a string where a list' 'as-groups: x'
list '!as-groups[1]: a number' 'as-groups: [a, 5]'
list '=a' 'as-user-extra: {k: [v]}'
list '=a' 'as-user-extra: {k: 5, k: [v]}'
list '!as-user-extra.k: a string where a list' 'as-user-extra: {k: v}'
list '!exec.args[0]: a number' 'exec: {args: [5]}'
list '!exec.env: a mapping where a list' 'exec: {env: {a: b}}'
list '!exec.env[0].value: a number' 'exec: {env: [{name: a, value: 1}]}'
list '!auth-provider.config.k: a number' 'auth-provider: {name: x, config: {k: 5}}'

# The document.
doc() {
	printf '%b' "$2" >body
	file "$1" token '.users[0].user.token' "$3" <body
}
whole="$top {token: a}"
doc '=a' "---\n$whole\n" 'leading ---'
doc '=a' "$whole\n---\n: : {[" 'only the first document counts'
doc '=a' "$whole\n...\n}}}" 'nothing behind ... is read'
doc '=a' "\0357\0273\0277$whole\n" 'UTF-8 BOM'
doc '=a' "# c\n$whole\nkind: Config\napiVersion: v1\n" 'kind and apiVersion'
doc '=a' "$whole\nkind:\napiVersion: ''\n" 'empty kind'
doc '!"Pod" is not "Config"' "$whole\nkind: Pod\n" 'another kind'
doc '!"Foo" is not "Config"' "$whole\nKind: Foo\n" 'another kind, another case'
doc '!"v2" is not "v1"' "$whole\napiVersion: v2\n" 'another version'
doc '!apiVersion: a number' "$whole\napiVersion: 1\n" 'version 1'
doc '=a' "%YAML 1.1\n---\n$whole\n" '%YAML 1.1'
doc '!not YAML 1.1' "%YAML 1.2\n---\n$whole\n" '%YAML 1.2'
doc '!control characters are not allowed' "$whole\n# \001\n" 'a control byte'
doc '!' "$whole\n# \0377\n" 'not UTF-8'
doc '!line 2' "a:\n\tb: c\n$whole\n" 'a tab as indentation'
doc '!clusters: a mapping where a list' "clusters: {}\nusers: []\n" 'clusters: {}'
doc '!clusters: a string where a list' "clusters: x\n" 'clusters: x'
doc '!line 1: current-context: a number' "current-context: 433e40\n" '433e40'
doc '!contexts[0].name: a number' "contexts: [{name: 5}]\n" 'name: 5'
doc '!contexts[0].context.namespace: a number' \
	"contexts: [{name: x, context: {namespace: 5}}]\n" 'namespace: 5'
doc '!a string where a kubeconfig belongs' 'bogus value\n' 'a scalar'
doc '!a list where a kubeconfig belongs' '- a\n' 'a list'
doc '!the name "" a second time' "users: [null, null]\n" 'two nameless users'
doc '~no context' "users: [null]\n" 'one nameless user'
doc '~no context' "clusters: null\nusers:\n" 'null lists'
doc '~no context' '' 'an empty file'
doc '~no context' '# nothing\n' 'a comment'
doc '~no context' '---\n' 'an empty document'
doc '~no context' 'null\n' 'null'
doc '~no context' "---\n---\n$whole\n" 'an empty first document'
printf '%s\n' "$whole" | sed 's/$/\r/' >body
file '=a' token '.users[0].user.token' CRLF <body
printf '%s\n' "$whole" | tr '\n' '\r' >body
file '=a' token '.users[0].user.token' 'a lone CR' <body
{
	printf '\377\376'
	printf '%s\n' "$whole" | od -An -v -tx1 | tr -s ' ' '\n' | sed '/^$/d' |
		while read -r hex; do printf '%b' "\\0$(printf '%o' "0x$hex")\\0000"; done
} >body
file '=a' token '.users[0].user.token' 'UTF-16' <body

# JSON.
json='"current-context": "c",
"clusters": [{"name": "k", "cluster": {"server": "https://h"}}],
"contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
"users": [{"name": "u", "user": {"token": '
doc '=a' "{$json\"a\"}}]}" JSON
doc '=a' "{\n\t$json\t\"a\"}}]}\n" 'JSON with tabs'
doc '=b' "{$json\"a\", \"token\": \"b\"}}]}" 'JSON, a name twice'
doc '=a' "{$json\"a\",}},],}" 'JSON, commas at the end'
doc '=a' "{$json\"a\"}}]} x y" 'JSON, text behind it'
doc '=é' "{$json\"\\\\u00e9\"}}]}" 'JSON, an escape'
doc '!line 4' "{$json\"\\\\ud83d\\\\ude00\"}}]}" 'JSON, surrogates'
doc '!users[0].user.token: a number' "{$json 5}}]}" 'JSON, a number'
doc '!' "{$json\"a\"" 'JSON, cut'

# Bounds: these need no kubectl to agree.
KUBECTL_SEEN=$KUBECTL
KUBECTL=
{
	printf 'deep: '
	awk 'BEGIN { for (i = 0; i < 200; i++) printf "["
		for (i = 0; i < 200; i++) printf "]"; print "" }'
	echo "$whole"
} >body
file '!nested too deeply' token '' 'two hundred levels' <body
awk 'BEGIN { print "x:"; for (i = 0; i < 1000000; i++) print "- a" }' >body
file '!too many values' token '' 'a million values' <body
# each of these was quadratic, and did not end within a test's time
awk 'BEGIN { for (i = 0; i < 400000; i++) print "k" i ":" }' >body
echo "$whole" >>body
file '=a' token '' 'many keys' <body
{
	echo "$top {token: a, as: x, as-user-extra: {"
	awk 'BEGIN { for (i = 0; i < 400000; i++) print "k" i ": []," }'
	echo '}}'
} >body
file '=a' token '' 'many keys of as-user-extra' <body
{
	echo "$whole"
	echo 'extensions:'
	awk 'BEGIN { for (i = 0; i < 300000; i++) print "- name: e" i }'
} >body
file '=a' token '' 'many extensions' <body
{
	echo 'x:'
	awk 'BEGIN { for (i = 0; i < 300000; i++) print "- &a" i " x"
		for (i = 0; i < 99000; i++) print "- *a0" }'
	echo "$whole"
} >body
file '!too many anchors and aliases' token '' 'many anchors' <body
{
	printf 'x: '
	awk 'BEGIN { for (i = 0; i < 90; i++) printf "{<<: "; print "{"
		for (i = 0; i < 100000; i++) print "k" i ": ,"
		for (i = 0; i < 91; i++) printf "}"; print "" }'
	echo "$whole"
} >body
file '!merge keys make it too large' token '' 'merge keys within merge keys' <body
awk 'BEGIN { printf "x: \""; for (i = 0; i < 17 * 1024 * 16; i++)
	printf "0123456789012345678901234567890123456789012345678901234567890123"
	print "\"" }' >body
file '!File too large' token '' 'seventeen megabytes' <body
KUBECTL=$KUBECTL_SEEN

[ -n "$KUBECTL" ] || skip 1 'the same rows in kubectl' 'no kubectl of 1.31 or later'
finish
