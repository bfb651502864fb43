#!/bin/sh
# The command line and the choice: context, cluster, user, what the options
# override, what may stand beside what.
. "$KPIPE_TESTS/lib.sh"

# config CLUSTER USER [CONTEXT]: the kubeconfig f
config() {
	about="{$1} {$2}"
	cat >f <<-EOF
	apiVersion: v1
	kind: Config
	current-context: c
	clusters:
	- {name: other, cluster: {server: "https://other"}}
	- name: k
	  cluster: {$1}
	contexts:
	- {name: second, context: {cluster: other, user: other, namespace: two}}
	- name: c
	  context: {${3-cluster: k, user: u}}
	users:
	- {name: other, user: {token: other-token}}
	- name: u
	  user: {$2}
	EOF
}

# gives VALUE FORMAT [OPTIONS]: what kconf makes of f
gives() {
	gives_want=$1
	gives_format=$2
	shift 2
	run kconf --kubeconfig f -o "$gives_format" "$@"
	[ "$rc" -eq 0 ] && [ ! -s err ] && [ "$(cat out)" = "$gives_want" ]
	ok $? "$about $*: $gives_format is $gives_want"
}

# has TEXT [OPTIONS]: a line of the YAML record; hasnt: it is in no line
has() {
	has_text=$1
	shift
	run kconf --kubeconfig f -o yaml "$@"
	[ "$rc" -eq 0 ] && [ ! -s err ] && grep -qF -- "$has_text" out
	ok $? "$about $*: the record has $has_text"
}
hasnt() {
	has_text=$1
	shift
	run kconf --kubeconfig f -o yaml "$@"
	[ "$rc" -eq 0 ] && [ ! -s err ] && ! grep -qF -- "$has_text" out
	ok $? "$about $*: the record has no $has_text"
}

# wrong TEXT [OPTIONS]: fails for this reason, and prints nothing
wrong() {
	wrong_text=$1
	shift
	run kconf --kubeconfig f "$@"
	[ "$rc" -eq 1 ] && [ "$(wc -l <err)" -eq 1 ] && [ ! -s out ] &&
		grep -qF -- "$wrong_text" err
	ok $? "$about $*: fails: $wrong_text"
}

# bad TEXT OPTIONS: a usage error
bad() {
	bad_text=$1
	shift
	run kconf "$@"
	[ "$rc" -eq 2 ] && [ ! -s out ] && [ "$(cat err)" = "kconf: $bad_text (see --help)" ]
	ok $? "$*: usage: $bad_text"
}

https='server: "https://h:6443"'
PEM='-----BEGIN CERTIFICATE-----
MIIB
-----END CERTIFICATE-----'
KEY='-----BEGIN PRIVATE KEY-----
MIIC
-----END PRIVATE KEY-----'
printf '%s\n' "$PEM" >ca.pem
printf '%s\n' "$PEM" | sed s/MIIB/CLIENT/ >cert.pem
printf '%s\n' "$KEY" >key.pem
printf '%s\n' "$PEM" | sed s/MIIB/OTHER/ >other.pem
echo nothing >nopem
data() {
	base64 "$1" | tr -d '\n'
}
ca=$(data ca.pem)
cert=$(data cert.pem)
key=$(data key.pem)

# Command line.
bad '--nonsense: unknown option' --nonsense
bad 'word: unexpected operand' word
bad '--tokn: unknown option' --tokn=secret
bad '-o xml: unknown format' -o xml
bad '-o: needs an argument' -o
bad '--context: needs an argument' --context
bad '--redact: only with json and yaml' --redact -o token
bad '--list: not with --output' --list -o json
bad 'k: wants KEY=VALUE' --as-user-extra k
bad 'maybe: wants true or false' --insecure-skip-tls-verify=maybe
run kconf --help
good
grep -q '^usage: kconf' out
ok $? '--help says usage on stdout'
run kconf --version
good
stdout_is "kconf (kpipe) $(cat "$KPIPE_TESTS/../VERSION")"

# Choice.
config "$https" 'token: t'
gives https://h:6443 server
gives c context
gives default namespace
gives t token
gives second context --context second
gives two namespace --context second
gives other-token token --context second
gives https://other server --cluster other
gives t token --cluster other
gives other-token token --user other
gives mine namespace -n mine
gives mine namespace --namespace=mine --context second
gives t token --context '' --user= --token=
wrong 'f: context "nope": does not exist' --context nope
wrong 'f: cluster "nope": does not exist' --cluster nope
wrong 'f: user "nope": does not exist' --user nope
config "$https" 'token: t' 'cluster: gone, user: u'
wrong 'f: line 10: cluster "gone": does not exist'
gives https://s server -s https://s
config "$https" 'token: t' 'user: u'
wrong 'f: line 10: no cluster'
config "$https" 'token: t' 'cluster: k, user: gone'
wrong 'f: line 10: no credentials for user "gone": does not exist'
gives given token --token given
config "$https" 'token: t' 'cluster: k'
wrong 'f: line 10: no credentials: no user was chosen'
config "$https" ''
wrong 'f: line 14: no credentials for user "u"'
sed '/current-context/d' f >g && mv g f
wrong 'no context: neither --context nor current-context'
gives other-token token --cluster k --user other
gives kpipe context --cluster k --user other
gives x token -s https://x --token x
sed 's/^contexts:/current-context: gone\ncontexts:/' f >g && mv g f
wrong 'context "gone": does not exist, but is the current'
sed 's/^current-context/Current-Context/' f >g && mv g f
wrong 'line 7: Current-Context is not read, current-context would be'

# An entry without a name is that of what names none.
about='entries without names'
cat >f <<'EOF'
contexts: [{context: {namespace: here}}, {name: c, context: {cluster: ''}}]
clusters: [{name: '', cluster: {server: "https://h"}}]
users: [{user: {token: t}}]
EOF
gives here namespace
gives t token
has 'name: "kpipe"'
gives https://h server --context c
gives t token --context c

# Server.
server() {
	config "server: \"$2\"" "${3-token: t}"
	case $1 in
	=*) gives "${1#=}" server ;;
	*) wrong "${1#!}" ;;
	esac
}
server '=https://h' https://h
server '=https://h' HTTPS://h
server '=https://h' https://h/
server '=https://h' https://h///
server '=https://h:8080/foo/bar' https://h:8080/foo/bar
server '=https://h:8080/foo/bar' https://h:8080/foo/bar/
server '=https://h/p' 'https://h/p?q#f'
server '=https://h' 'https://h?q'
server '=https://[::1]:6443' 'https://[::1]:6443'
server '=https://[fd00::1]/p' 'https://[fd00::1]/p'
server '=http://127.0.0.1:8001' http://127.0.0.1:8001 ''
server '=http://h:6443' h:6443 ''
server '=http://h' h ''
server '=http://10.0.0.1' 10.0.0.1 ''
server '!plain http: credentials are sent over https only' http://h
server '!plain http' h:6443
server '!plain http' h:6443 'username: x'
server '!plain http' h:6443 "client-certificate-data: $cert, client-key-data: $key"
server '!plain http' http://h 'exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: x}'
server '!a path but no https://' h:6443/x
server '!server: ' ' https://h'
server '!not a URL' 'https://h h'
server '!not a URL' 'https://h:99999'
server '!not a URL' 'https://h:x'
server '!not a URL' 'https://%31'
server '!a % without two hex' 'https://h/%zz'
server '!a % without two hex' 'https://h/%2'
server '=https://h/%20' 'https://h/%20'
server '!not a URL' 'https://'
server '!not a URL' 'https://[::1'
server '!not a URL' 'https://::1'
server '!neither https:// nor http://' ftp://h
server '!a user name in the URL' https://u:p@h
server '!no server' ''
config 'Server: "https://h"' 'token: t'
wrong 'no server: f: line 7: Server is not read, server would be'
run kconf --kubeconfig f -s https://h -o token
status 0
says 'kconf: f: line 7: Server is not read, server would be'
run kconf --kubeconfig f -s https://h -o token -q
good

# TLS and proxy.
config "$https, tls-server-name: name" 'token: t'
has 'tls-server-name: "name"'
has 'tls-server-name: "other"' --tls-server-name other
hasnt tls-server-name -s https://s
has 'tls-server-name: "other"' -s https://s --tls-server-name other
config "$https, certificate-authority-data: $ca" 'token: t'
gives "$(cat ca.pem)" ca
gives "$(cat other.pem)" ca --certificate-authority other.pem
hasnt certificate-authority --insecure-skip-tls-verify
has 'insecure-skip-tls-verify: true' --insecure-skip-tls-verify
hasnt insecure-skip-tls-verify --insecure-skip-tls-verify=false
wrong 'only one may be given' --insecure-skip-tls-verify \
	--certificate-authority ca.pem
wrong 'certificate-authority: gone: No such file' --certificate-authority gone
wrong 'nopem: no PEM block' --certificate-authority nopem
wrong 'certificate-authority: .: Is a directory' --certificate-authority .
config "$https, certificate-authority-data: $ca, certificate-authority: ca.pem" 'token: t'
wrong 'certificate-authority and certificate-authority-data: only one'
wrong 'f: line 6: cluster "k": certificate-authority'
gives "$(cat other.pem)" ca --certificate-authority other.pem
config "$https, certificate-authority-data: $ca, insecure-skip-tls-verify: true" 'token: t'
wrong 'certificate-authority with insecure-skip-tls-verify'
hasnt insecure --certificate-authority other.pem
config "$https, insecure-skip-tls-verify: true, disable-compression: yes" 'token: t'
has 'insecure-skip-tls-verify: true'
has 'insecure-skip-tls-verify: true' --insecure-skip-tls-verify=false
has 'disable-compression: true'
config "$https, certificate-authority-data: aGVsbG8=" 'token: t'
wrong 'certificate-authority: inline data: no PEM block'
for proxy in http://p:3128 https://p socks5://u:pw@p:1080; do
	config "$https, proxy-url: \"$proxy\"" 'token: t'
	has "proxy-url: \"$proxy\""
done
has 'proxy-url: "http://q"' --proxy-url http://q
for proxy in socks6://p socks5h://p p u@p ftp://p http:// http://u:p[@p \
	http://u:p%zz@p 'http://u:p w@p' http://p/%zz 'http://p/\x01'; do
	config "$https, proxy-url: \"$proxy\"" 'token: t'
	wrong 'proxy-url: '
done

# Credentials, and what may stand beside what.
user() {
	config "$https" "$2"
	case $1 in
	=*) gives "${1#=}" token ;;
	*) wrong "${1#!}" ;;
	esac
}
printf '\n  from-file \n\n' >token
printf ' \n' >empty
printf 'a\nb\n' >twolines
user '=from-file' 'tokenFile: token'
user '=from-file' 'tokenFile: token, token: inline'
user '!tokenFile: gone: No such file' 'tokenFile: gone'
user '!tokenFile: empty: empty' 'tokenFile: empty'
user '!a line break or control byte' 'tokenFile: twolines'
printf 'a\0b\n' >nul
user '!a line break or control byte' 'tokenFile: nul, token: inline'
printf '\0' >nul
user '!a line break or control byte' 'tokenFile: nul'
user '!a line break or control byte' 'token: "a\u007f"'
config "$https" 'tokenFile: gone, token: inline'
run kconf --kubeconfig f -o token
status 0
says 'gone: token used instead: No such file'
stdout_is inline
gives inline token -q
config "$https" 'tokenFile: token'
run kconf --kubeconfig f --token x -o token
status 0 '--token beside a tokenFile'
says '--token: not used'
stdout_is from-file
gives from-file token --token x -q
printf option >optional
gives option token --token-file optional
gives option token --token-file optional --token x -q
user '!token and username or password: only one' 'token: t, username: name, password: p'
user '!token and username or password: only one' 'token: t, password: p'
user '!tokenFile and username: only one' 'tokenFile: token, username: name'
config "$https" 'username: name, password: p'
has 'password: "p"'
wrong 'token: the record has none' -o token
wrong 'token and username or password' --token x
wrong 'tokenFile and username' --token-file token
config "$https" 'username: name'
has 'username: "name"'
user '!no credentials' 'password: p'
both="client-certificate-data: $cert, client-key-data: $key"
config "$https" "$both"
gives "$(cat cert.pem)" cert
gives "$(cat key.pem)" key
gives "$(cat other.pem)" cert --client-certificate other.pem
has client-key-data --client-key key.pem --client-certificate cert.pem
config "$https" "$both, token: t"
gives t token
has client-certificate-data
config "$https" "$both, username: name"
has client-certificate-data
has 'username: "name"'
user '!client-certificate without client-key' "client-certificate-data: $cert"
user '!client-certificate without client-key' "client-certificate-data: $cert, token: t"
user '!no credentials' "client-key-data: $key"
user '=t' "client-key-data: $key, token: t"
user '!client-certificate and client-certificate-data' "$both, client-certificate: cert.pem"
user '!client-key and client-key-data' "$both, client-key: key.pem"
user '!client-certificate: gone: No such' 'client-certificate: gone, client-key: key.pem'
user '!client-key: gone: No such' 'client-certificate: cert.pem, client-key: gone'
sed 's/PRIVATE/ENCRYPTED PRIVATE/' key.pem >locked.pem
user '!client-key: locked.pem: encrypted keys are not supported' 'client-certificate: cert.pem, client-key: locked.pem'
user '!client-key: nopem: no PEM' 'client-certificate: cert.pem, client-key: nopem'

# Plugins and providers: a static credential comes first.
v1='apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never'
exec="exec: {$v1, command: ./plugin, env: [{name: a, value: ''}]}"
printf '#!/bin/sh\ntouch started\n' >plugin
chmod +x plugin
user "!user \"u\": exec plugin \"$PWD/plugin\": it printed nothing" "$exec"
user '!it printed nothing' "$exec, client-key-data: $key"
[ -e started ]
ok $? 'without another credential, a key alone being none, it is started'
rm -f started
user '=t' "$exec, token: t"
user '=from-file' "$exec, tokenFile: token"
config "$https" "$exec, username: name"
has 'username: "name"'
config "$https" "$exec, $both"
has client-certificate-data
[ ! -e started ]
ok $? 'beside a static credential the plugin is never started'
user '!exec.apiVersion: missing' 'exec: {command: x}'
user '!exec.command: missing' "exec: {$v1}, token: t"
user '!"client.authentication.k8s.io/v1alpha1" is not supported' \
	'exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}'
user '!exec.interactiveMode: missing' \
	'exec: {command: x, apiVersion: client.authentication.k8s.io/v1}'
user '!exec.interactiveMode: "Soon" is none' \
	'exec: {command: x, interactiveMode: Soon, apiVersion: client.authentication.k8s.io/v1}'
user '!exec.env[0].name: missing' "exec: {$v1, command: x, env: [{value: v}]}"
user '!exec and auth-provider' "$exec, auth-provider: {name: oidc}, token: t"
oidc='auth-provider: {name: oidc, config: {client-id: i, idp-issuer-url: "https://i"}}'
user '!auth-provider "oidc": no valid id-token, and no refresh-token to get one' "$oidc"
user '!auth-provider "oidc": no valid id-token' "$oidc, $both"
user '=t' "$oidc, token: t"
user '=from-file' "$oidc, tokenFile: token"
user '!auth-provider.config.idp-issuer-url: missing' 'auth-provider: {name: oidc}, token: t'
user '!auth-provider: no auth provider found for name "x"' 'auth-provider: {name: x}, token: t'
user '!no auth provider found for name ""' 'auth-provider: {}, token: t'
user '!auth-provider "gcp": the gcp auth plugin has been removed, use the "gke-gcloud-auth-plugin"' \
	'auth-provider: {name: gcp}, token: t'
user '!auth-provider "azure": the azure auth plugin has been removed, use the https://github.com/Azure/kubelogin' \
	'auth-provider: {name: azure, config: {a: b}}'

# Impersonation.
config "$https" 'token: t, as: a, as-uid: "7", as-groups: [g, h], as-user-extra: {k: [v, w], l: [x]}'
has 'as: "a"'
has 'as-uid: "7"'
has '- "h"'
has '- "w"'
has 'as: "b"' --as b
has '- "new"' --as-group new
hasnt '- "g"' --as-group new
has '- "y=z"' --as-user-extra k=y=z --as-user-extra m=1
hasnt '- "w"' --as-user-extra k=y
has '- "x"' --as-user-extra k=y
has 'm:' --as-user-extra m=1 --as-user-extra m=2
has '"on":' --as-user-extra on=1
for alone in 'as-uid: "7"' 'as-groups: [g]' 'as-user-extra: {k: [v]}'; do
	user '!without as' "token: t, $alone"
done
wrong 'without as' --as-group g
config "$https" 'token: t, as: a, as-user-extra: {k: [], l: null}'
hasnt as-user-extra
config "$https" 'token: t, as: "a\nb"'
wrong 'as: a line break or control byte in it'

# Case slips.
user '!no credentials for user "u": f: line 15: Token is not read, token would be' 'Token: t'
config "$https" 'Username: name, token: t'
run kconf --kubeconfig f -o token
status 0 'a slip beside a credential'
says 'Username is not read, username would be'

# What is broken and not used does no harm; types always matter.
config "$https" 'token: t'
sed 's/token: other-token/tokenFile: gone, token: t, username: name/' f >g && mv g f
gives t token
sed 's/username: name/username: 5/' f >g && mv g f
wrong 'f: line 13: users[0].user.username: a number where a string belongs'

# The other way in for options.
config "$https" 'token: t'
printf -- '--token\0secret\0-n\0a\nb\0--as-group\0g\0--as\0u\0' >words
run_sh 'kconf --kubeconfig f --args-fd 5 -o token 5<words'
good
stdout_is secret
run_sh 'kconf --kubeconfig f --args-fd=0 -o namespace --context second <words'
stdout_is 'a
b'
run_sh 'kconf --kubeconfig f --args-fd 5 -o token 5</dev/null'
stdout_is t
fd_is_wrong() {
	printf '%b' "$1" >words
	run_sh 'kconf --kubeconfig f --args-fd 5 5<words'
	fails 2 "$2"
}
fd_is_wrong '--token' 'the last word has no end'
fd_is_wrong '--token\0000' '--token: needs an argument'
fd_is_wrong '--list\0000' '--list: unknown option'
fd_is_wrong 'word\0000' 'word: not an option'
fd_is_wrong '--as-user-extra\0000x\0000' 'x: wants KEY=VALUE'
run kconf --args-fd 77
fails 2 '--args-fd 77: Bad file descriptor'
bad '--args-fd x: not a descriptor' --args-fd x
bad '--args-fd 1: is for output' --args-fd 1
bad '--args-fd: given twice' --args-fd 5 --args-fd 5

# -v names the choice, and no secret.
run kconf --kubeconfig f -v -o server --token hidden
status 0
says 'kconf: context "c", cluster "k", user "u": https://h:6443'
run kconf --kubeconfig f -v --proxy-url http://u:hidden@p -s ftp://u:hidden@h --token hidden
grep -q hidden err
[ $? -eq 1 ]
ok $? 'a fault shows no secret'
for proxy in ftp://u:hidden@p 'http://u:%zzhidden@p' u:hidden@p http://u:hidden@; do
	run kconf --kubeconfig f -vv --proxy-url "$proxy" --token hidden
	[ "$rc" -eq 1 ] && [ -s err ] && ! grep -q hidden err
	ok $? "a fault in $proxy shows no secret"
done

# A stdout that cannot be written to.
run_sh 'kconf --kubeconfig f >/dev/full'
fails 1 'stdout: No space left on device'
run_sh 'kconf --kubeconfig f >&-'
fails 1 'stdout: Bad file descriptor'
finish
