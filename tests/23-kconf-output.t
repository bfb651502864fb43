#!/bin/sh
# What kconf prints, and who can read it: kubectl, curl against a server, and
# nobody at a terminal.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/kubectl.sh"

# Every field there is, with the bytes that quoting gets wrong.
printf -- '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n' >ca.pem
printf -- '-----BEGIN PRIVATE KEY-----\nMIIC\n-----END PRIVATE KEY-----' >key.pem
cat >full <<'EOF'
current-context: "c\t\"x\""
clusters:
- name: k
  cluster:
    server: https://h:6443/p
    tls-server-name: name
    certificate-authority: ca.pem
    proxy-url: http://who:proxy-secret@p:3128
    disable-compression: true
contexts:
- name: "c\t\"x\""
  context: {cluster: k, user: "u: é😀", namespace: ns}
- name: plain
  context: {cluster: gone, user: u}
users:
- name: "u: é😀"
  user:
    client-certificate: ca.pem
    client-key: key.pem
    token: "tok\\en\"-secret"
    as: "true"
    as-uid: "0x10"
    as-groups: ["", "- a", "a: b", "#x", "null"]
    as-user-extra: {"a/b c": ["1", "é"], on: ["%"]}
- name: basic
  user: {username: "u\"\\", password: "p\n\t\":é"}
EOF
run kconf --kubeconfig full
good 'a full record'
cp out json
check 'the record is JSON' python3 -m json.tool json
run kconf --kubeconfig full -o json
same out json 'json is the default'
run kconf --kubeconfig full --output=yaml
good 'yaml'
cp out yaml
for again in json yaml; do
	run kconf --kubeconfig "$again"
	same out json "kconf reads its own $again"
done
if [ -n "$KUBECTL" ]; then
	"$KUBECTL" --kubeconfig full config view --raw --minify --flatten -o json >theirs
	for mine in json yaml; do
		"$KUBECTL" --kubeconfig "$mine" config view --raw --minify -o json >ours
		same theirs ours "kubectl reads the $mine as it reads the kubeconfig"
	done
	run_sh "kconf --kubeconfig full | $KUBECTL --kubeconfig /dev/stdin config view --raw --minify -o json"
	same out theirs 'kubectl reads a record from a pipe'
else
	skip 3 'kubectl reads the record' 'no kubectl of 1.31 or later'
fi

# Characters that JSON takes as they are and YAML does not.
cat >odd <<'EOF'
users: [{name: u, user: {username: x, password: "\x7f\x80\x9f\N\L\P\uFEFF\uFFFE\uFFFFé\_\uFFFD\U0001F600\x01"}}]
EOF
run kconf --kubeconfig odd --user u -s https://h
good 'odd characters'
cp out record
grep -qF '"\u007f\u0080\u009f\u0085\u2028\u2029\ufeff\ufffe\uffffé' record
ok $? 'are escaped'
run kconf --kubeconfig record
same out record 'and come back from the record'
kconf --kubeconfig record -o yaml >record.yaml
run kconf --kubeconfig record.yaml
same out record 'and from YAML'
python3 -c 'import json; print(json.load(open("record"))["users"][0]["user"]["password"] == "\x7f\x80\x9f\x85\u2028\u2029\ufeff\ufffe\uffff\xe9\xa0\ufffd\U0001f600\x01")' >out
stdout_is True 'they are the same to a JSON reader'

# Redacted: the shape stays.
for format in json yaml; do
	run kconf --kubeconfig full --redact -o $format
	good "--redact -o $format"
	for secret in secret "$(base64 <key.pem | cut -c 1-20)"; do
		! grep -qF -- "$secret" out
		ok $? "$format without secrets: $secret"
	done
	grep -q 'p:3128' out && grep -q REDACTED out &&
		grep -q 'certificate-authority-data' out
	ok $? "$format still tells the proxy and the CA"
done
run kconf --kubeconfig full --user basic --redact
grep -q '"password": "REDACTED"' out
ok $? 'the password is taken out'

# The list.
cat >second <<'EOF'
clusters: [{name: gone, cluster: {server: "https://a:list-secret@h", certificate-authority: nowhere}}]
contexts: [{name: "\e[31mred"}]
EOF
run_sh 'KUBECONFIG=full:second kconf --list'
good '--list'
printf '%s\t%s\t%s\t%s\t%s\t%s\n' \
	'c\t"x"' k 'u: é😀' ns https://h:6443/p '*' \
	plain gone u '' https://h '' \
	'\033[31mred' '' '' '' '' '' >want
same out want 'a line a context, without secrets, with escapes'
: >empty
run kconf --kubeconfig empty --list
good 'a list of nothing'
[ ! -s out ]
ok $? 'a list of nothing has no lines'

# Bare values.
for row in server=https://h:6443/p namespace=ns "token=tok\\en\"-secret"; do
	run kconf --kubeconfig full -o "${row%%=*}"
	stdout_is "${row#*=}"
done
run kconf --kubeconfig full -o key
{
	cat key.pem
	echo
} >want
same out want 'a key ends with a newline'
run kconf --kubeconfig full -o ca
same out ca.pem 'and a CA not with two'
run kconf --kubeconfig full -o expires
fails 1 'expires: the record has none'

# A record that is not UTF-8 or too large is none.
printf 'users: [{name: u, user: {token: !!binary /w==}}]\n' >bytes
run kconf --kubeconfig bytes --user u -s https://h
fails 1 'token: not UTF-8'
awk 'BEGIN { print "users:\n- name: u\n  user:\n    username: x\n    password: >-"
	for (i = 0; i < 20000; i++)
		print "      012345678901234567890123456789012345678901234567890123456789" }' >large
run kconf --kubeconfig large --user u -s https://h
fails 1 'the record: larger than 1048576 bytes'

# Terminals.
if have script; then
	# on_tty COMMAND: with stdout on a terminal; out is what it shows
	on_tty() {
		run script -qec "$1" /dev/null
		tr -d '\r' <out >shown
	}
	for format in json yaml curl token key; do
		on_tty "kconf --kubeconfig full -o $format"
		status 2 "$format to a terminal"
		[ "$(cat shown)" = "kconf: stdout: a terminal is no place for secrets; see --redact and --raw-to-terminal (see --help)" ]
		ok $? "$format to a terminal: says why"
	done
	for format in server namespace ca cert context; do
		on_tty "kconf --kubeconfig full -o $format"
		status 0 "$format to a terminal"
	done
	printf 'contexts: [{name: c, context: {namespace: "\\e[31mred\\nx"}}]\n' >evil
	on_tty 'kconf --kubeconfig evil --context c -s https://h --token t -o namespace'
	[ "$(cat shown)" = '\033[31mred
x' ]
	ok $? 'a name does not drive the terminal'
	on_tty 'kconf --kubeconfig full -o ca'
	same shown ca.pem 'and a CA is shown as it is'
	on_tty 'kconf --kubeconfig full --redact'
	status 0 '--redact to a terminal'
	on_tty 'kconf --kubeconfig full --list'
	status 0 '--list to a terminal'
	on_tty 'kconf --kubeconfig full --raw-to-terminal'
	status 0 '--raw-to-terminal'
	grep -q secret shown
	ok $? '--raw-to-terminal shows them'
else
	skip 21 'terminals' 'no script'
fi

# A token does not stay in the argument list.
mkfifo fifo
kconf --kubeconfig fifo --token argv-secret --proxy-url=http://u:argv-secret@h -o token >out 2>err &
pid=$!
exec 9>fifo
before=$(tr '\0' ' ' <"/proc/$pid/cmdline")
if [ "$(id -u)" -eq 0 ]; then
	skip 1 'no other process of the user reads the memory' 'root may read all'
else
	[ ! -r "/proc/$pid/environ" ]
	ok $? 'no other process of the user reads the memory'
fi
cat full >&9
exec 9>&-
wait "$pid"
ok $? 'kconf with its token in argv'
stdout_is argv-secret
case $before in
*argv-secret*) false ;;
*--token*) : ;;
*) false ;;
esac
ok $? "the token is gone from argv: $before"

# curl.
run kconf --kubeconfig full -o curl
fails 1 'curl: curl has no option for tls-server-name'
sed -i '/tls-server-name/d' full
run kconf --kubeconfig full -o curl
good 'a curl config'
cat >want <<EOF
# for https://h:6443/p
cacert = "$PWD/ca.pem"
cert = "$PWD/ca.pem"
key = "$PWD/key.pem"
header = "Authorization: Bearer tok\\\\en\\"-secret"
proxy = "http://who:proxy-secret@p:3128"
noproxy = ""
header = "Impersonate-User: true"
header = "Impersonate-Uid: 0x10"
header = "Impersonate-Group;"
header = "Impersonate-Group: - a"
header = "Impersonate-Group: a: b"
header = "Impersonate-Group: #x"
header = "Impersonate-Group: null"
header = "Impersonate-Extra-a%2Fb%20c: 1"
header = "Impersonate-Extra-a%2Fb%20c: é"
header = "Impersonate-Extra-true: %"
EOF
same out want 'every option of the curl config'
run kconf --kubeconfig full -o curl --proxy-url socks5://p
grep -qxF 'proxy = "socks5h://p"' out
ok $? 'the proxy resolves the name'

. "$KPIPE_TESTS/cluster.sh"
if ! have curl || [ -n "${CLUSTER_POD-}" ]; then
	skip 6 'curl -K' 'needs curl and the test server'
	finish
	exit
fi
cluster_start
url=$SERVER_URL/api/v1/namespaces/default/pods/gnu
for context in admin basic cert; do
	run_sh "kconf --context $context -o curl | curl -sSf -K - $url"
	good "curl with the credentials of $context"
done
run_sh "kconf --context badtoken -o curl | curl -sf -K - $url"
status 22 'curl with a wrong token'
kconf >record
run_sh "kconf --kubeconfig record -o curl | curl -sS -K - $url"
status 77 'an inline CA: no other roots are trusted'
kconf --context cert >record
kconf --kubeconfig record -o ca >ca.out
kconf --kubeconfig record -o cert >cert.out
kconf --kubeconfig record -o key >key.out
run_sh "kconf --kubeconfig record -o curl |
	curl -sSf -K - --cacert ca.out --cert cert.out --key key.out $url"
good 'an inline CA, certificate and key on the command line'
finish
