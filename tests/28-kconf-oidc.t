#!/bin/sh
# The auth-provider "oidc", against an issuer of our own (tests/issuer.py) and
# beside kubectl: which token is used, what an issuer is asked and may answer,
# what is written back, and that no secret is in a message.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/kubectl.sh"
have python3 || skip_all 'no python3'

"$KPIPE_TESTS/certs" certs
mkdir issuer
python3 "$KPIPE_TESTS/issuer.py" issuer certs/server.crt certs/server.key &
issuer=$!
trap 'kill $issuer 2>/dev/null' EXIT
for _ in $(seq 100); do
	[ ! -e issuer/port ] || break
	sleep 0.1
done
read -r secure plain <issuer/port
at=https://127.0.0.1:$secure
ca="idp-certificate-authority: $PWD/certs/ca.crt"
: >said

# jwt SECONDS: an id token that ends so far from now
jwt() {
	printf 'e30.%s.SIGNATURE' "$(printf '{"exp":%d}' $(($(date +%s) + $1)) |
		base64 | tr -d '=\n' | tr +/ -_)"
}
valid=$(jwt 3600)
old=$(jwt -1)

# config ISSUER ID REFRESH [SETTING...]: the kubeconfig f; ID and REFRESH may be
# empty
config() {
	cat >f <<-E
	# a comment
	current-context: c
	clusters: [{name: k, cluster: {server: "$at/", certificate-authority: certs/ca.crt}}]
	contexts: [{name: c, context: {cluster: k, user: u}}]
	users:
	- name: u   # the user
	  user:
	    auth-provider:
	      config:
	        client-id: 'my client:+%'
	        client-secret: CLIENT/SECRET ü
	        idp-issuer-url: "$1"
	E
	[ -z "$2" ] || printf "        id-token: %s   # id\n" "$2" >>f
	[ -z "$3" ] || printf "        refresh-token: '%s'   # refresh\n" "$3" >>f
	shift 3
	[ $# -gt 0 ] || set -- "$ca"
	for setting; do
		[ -z "$setting" ] || echo "        $setting" >>f
	done
	printf '      name: oidc\n# the end\n' >>f
	cp f before
	: >issuer/log
}

# ask [ARG...]: runs kconf on it
ask() {
	run kconf --kubeconfig f -v "$@"
	cat err >>said
	sed -i '/^kconf: context /d' err
}

# written KEY: what f has for it
written() {
	sed -n "s/^        $1: ['\"]*\([^'\" ]*\).*/\1/p" f
}

# asked N: how many requests there were
asked() {
	[ "$(wc -l <issuer/log)" -eq "$1" ]
	ok $? "$last: $1 requests"
}

# no TEXT NAME: it fails for this reason, and f is as it was
no() {
	[ "$rc" -eq 1 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
		grep -qF -- "$1" err && cmp -s f before && [ ! -e f.lock ]
	ok $? "$2: $1"
}

# A token that is valid.
config "$at/ok" "$valid" refresh-1
ask -o token
good 'a valid id-token'
stdout_is "$valid" 'it is the token'
asked 0
same before f 'and nothing is written'
ask -o expires
stdout_is "$(date -u -d "@$(($(date +%s) + 3600))" +%FT%H)$(cut -c 14- out)" \
	'when it ends'
mkdir broken
: >broken/libcurl.so.4
run env LD_LIBRARY_PATH="$PWD/broken" kconf --kubeconfig f -o token
good 'and no libcurl is loaded'
config "$at/ok" "$(jwt 8)" ''
ask
no 'no valid id-token, and no refresh-token to get one' 'one of 8 seconds'
config "$at/ok" "$old" refresh-1
run env LD_LIBRARY_PATH="$PWD/broken" kconf --kubeconfig f -o token
no 'no request can be made without libcurl: ' 'libcurl is needed, and broken'
config "$at/ok" TEXT refresh-1
ask
no 'id-token: not a JWT: not three parts' 'an id-token that is none'
asked 0

# A new one.
config "$at/ok" "$old" refresh-1
ask -o token
good 'an old id-token'
new=$(cat out)
[ "$(written id-token)" = "$new" ] && [ "$new" != "$old" ]
ok $? 'the new one is printed, and written'
diff before f >changes
[ "$(grep -c '^[<>]' changes)" -eq 2 ] && [ "$(grep -c id-token changes)" -eq 2 ] &&
	grep -q '^> .*# id$' changes
ok $? 'nothing else in the file has changed'
asked 2
: >issuer/log
ask -o token
stdout_is "$new" 'the next run takes it from there'
asked 0
for id in '' "$old"; do
	config "$at/rotate-${id:+again}" "$id" first
	ask -o token
	good "a refresh token that is taken once${id:+, and an old id-token}"
	[ "$(written id-token)" = "$(cat out)" ] &&
		[ "$(written refresh-token)" != first ]
	ok $? 'both are written'
done
grep -v '  id-token: \|  refresh-token: ' before >kept
grep -v '  id-token: \|  refresh-token: ' f | cmp -s - kept
ok $? 'and nothing else'
config "$at/same/" "$old" '&refresh 1'
ask --as somebody -o json
good 'the same refresh token again, an issuer with a slash, an option for the user'
check 'one slash is in what is asked' \
	grep -q '^GET	/same/.well-known/openid-configuration	' issuer/log
[ "$(written refresh-token)" = '&refresh' ]
ok $? 'it stays'
check 'the record has the token and its end' python3 - out "$(written id-token)" <<'E2'
import json, sys
r = json.load(open(sys.argv[1]))
u = r['users'][0]['user']
sys.exit(u['token'] != sys.argv[2] or u['as'] != 'somebody'
         or 'expires' not in json.dumps(r) or 'REFRESH' in json.dumps(r))
E2
config "$at/expired" '' refresh-1
ask -o token
fails 0 'the new id-token has expired already' 'a new one that is old'
[ "$(cat out)" = "$(written id-token)" ]
ok $? 'is used'
config "$at/no-jwt" '' refresh-1
ask -o token
fails 0 'the new id-token: not a JWT: not three parts' 'a new one that is none'
config "$at/expired" '' refresh-1
ask -q -o token
good 'and nothing said'

# Many at once.
config "$at/rotate-many" "$old" first
pids=
for i in 1 2 3 4 5 6; do
	kconf --kubeconfig f -o token >out.$i 2>err.$i &
	pids="$pids $!"
done
all=0
for pid in $pids; do
	wait "$pid" || all=1
done
for i in 1 2 3 4 5 6; do
	cmp -s out.1 out.$i && [ -s out.$i ] && [ ! -s err.$i ] || all=1
	cat err.$i >>said
done
ok $all 'six at once have the same token'
asked 2

# Beside a static credential, or where nothing may be asked.
config "$at/ok" '' refresh-1
ask --token t -o token
stdout_is t '--token comes first'
ask --server "http://127.0.0.1:$plain"
no 'plain http: credentials are sent over https only' 'a server without https'
chmod 400 f
ask
no 'cannot write back' 'a file that cannot be written'
chmod 600 f
asked 0

# Where secrets do not go.
config "http://127.0.0.1:$plain/ok" '' refresh-1
ask
no 'not https' 'an issuer without https'
asked 0
config "https://name:PASSWORD@127.0.0.1:$secure/ok" '' refresh-1
ask
no "issuer https://127.0.0.1:$secure/ok: a user or password in it" 'an issuer with a password'
asked 0
for way in plain-endpoint user file relative; do
	config "$at/$way" '' refresh-1
	ask
	case $way in
	user) no 'a user or password in it' $way ;;
	*) no 'not https' $way ;;
	esac
	asked 1
done
config "$at/downgrade" '' refresh-1
ask
no 'Protocol "http" ' 'a redirect to http'
asked 1
for way in token-302 token-307; do
	config "$at/$way" '' refresh-1
	ask
	no "HTTP status ${way#token-}" 'a token endpoint that redirects'
	! grep -q 'POST.*/ok/' issuer/log
	ok $? 'is not followed'
done

# Faults of an issuer, all within bounds.
while IFS='|' read -r way why; do
	config "$at/$way" "$old" refresh-1
	ask
	no "auth-provider \"oidc\": issuer $at/$way: $why" "$way"
	! grep -q "$(printf '\033')" err
	ok $? "$way: nothing drives the terminal"
done <<E
missing|HTTP status 404
broken|HTTP status 500
html|its answer is not JSON
list|there is no token_endpoint
number|token_endpoint: not a string
no-endpoint|there is no token_endpoint
loop|Maximum (9) redirects followed
huge|an answer of more than 1048576 bytes
cut|transfer closed
refuse|token endpoint $at/refuse/token: HTTP status 401: an error that quotes a secret is not shown
no-id|token endpoint $at/no-id/token: there is no id_token
no-access|token endpoint $at/no-access/token: there is no access_token
id-number|token endpoint $at/id-number/token: id_token: not a token
id-break|token endpoint $at/id-break/token: id_token: not a token
id-nul|token endpoint $at/id-nul/token: id_token: not a token
refresh-break|token endpoint $at/refresh-break/token: refresh_token: not a token
token-html|token endpoint $at/token-html/token: its answer is not JSON
token-list|token endpoint $at/token-list/token: there is no access_token
token-500|token endpoint $at/token-500/token: HTTP status 500
token-huge|token endpoint $at/token-huge/token: an answer of more than 1048576 bytes
token-cut|token endpoint $at/token-cut/token: Empty reply
both|token endpoint $at/both/token: HTTP status 200: slow_down
plain-error|token endpoint $at/plain-error/token: HTTP status 400: invalid_grant: no more
escape|token endpoint $at/escape/token: HTTP status 400: invalid_grant: no \\033[1mmore
E
config "$at/token-cut" '' refresh-1
ask
[ "$(grep -c '^POST' issuer/log)" -eq 1 ]
ok $? 'a refresh token that may have been used up is not sent again'
config "$at/rotate-used" '' used-before
ask
no 'HTTP status 400: invalid_grant: used before' 'a refresh token that was used'

# Certificates.
pem() {
	base64 <"certs/$1.crt" | tr -d '\n'
}
gone='idp-certificate-authority: gone'
data=idp-certificate-authority-data
config "$at/ok" '' refresh-1 'idp-certificate-authority: certs/ca.crt'
sed 's|: certs/ca.crt}|: ../certs/ca.crt}|' f >g
mkdir below
mv g below/f
run kconf --kubeconfig below/f -o token
good 'an authority is looked for from the working directory'
config "$at/ok" '' refresh-1 "$data: $(pem ca)"
ask -o token
good 'an authority inline'
config "$at/ok" '' refresh-1 "$gone" "$data: $(pem ca)"
ask -o token
good 'which comes before the file'
config "$at/ok" '' refresh-1 'idp-certificate-authority: certs/other-ca.crt'
ask
no 'SSL certificate problem' 'another authority'
if have strace && [ -z "$KPIPE_SAN" ]; then
	run strace -f -o trace kconf --kubeconfig f
	grep -q certs/other-ca.crt trace && ! grep -q /etc/ssl/certs trace
	ok $? 'and the roots of the system are not looked at'
else
	skip 1 'no roots but those that are named' 'no strace, or a sanitizer'
fi
config "$at/ok" '' refresh-1 ''
ask
no 'SSL certificate problem' 'the roots of the system'
run env SSL_CERT_FILE=certs/ca.crt kconf --kubeconfig f
good 'which may be in another place'
for token in '' "$valid"; do
	config "$at/ok" "$token" '' "$gone"
	ask
	no "$gone: No such file or directory" 'an authority that is not there'
	config "$at/ok" "$token" '' "$data: \"*\""
	ask
	no "$data: illegal base64 data at input byte 0" 'no base64'
	config "$at/ok" "$token" '' "$data: aGk="
	ask --token t
	no 'inline data: no PEM block' 'no certificate, and a token of another kind'
done

# Proxies.
config "https://issuer.test:$secure/ok" '' refresh-1
# with VARIABLE...: runs kconf on f in this environment
with() {
	run env "$@" kconf --kubeconfig f -o token
	cat err >>said
}
with HTTPS_PROXY="http://me:PASSWORD@127.0.0.1:$plain"
good 'by a proxy'
[ "$(grep -c "^CONNECT	issuer.test:$secure	Basic $(printf me:PASSWORD | base64)\$" issuer/log)" -eq 2 ]
ok $? 'both requests came from there, with its password'
cp before f
with HTTPS_PROXY= https_proxy="127.0.0.1:$plain"
good 'by one in lower case and without a scheme'
cp before f
with HTTPS_PROXY=http://me:PASSWORD@127.0.0.1:1
no 'port 1' 'by one that is not there'
config "$at/ok" '' refresh-1
with HTTPS_PROXY=http://127.0.0.1:1
good 'this machine needs no proxy'
# this machine, too, but by a name that is not in the certificate
config "https://0.0.0.0:$secure/ok" '' refresh-1
with HTTPS_PROXY=http://127.0.0.1:1
no 'port 1' 'any other does'
with HTTPS_PROXY=http://127.0.0.1:1 NO_PROXY=a.test,0.0.0.0
no 'SSL' 'but for those of NO_PROXY'
with ALL_PROXY=http://127.0.0.1:1
no 'SSL' 'ALL_PROXY is none'
config "$at/ok" '' refresh-1
with SSLKEYLOGFILE="$PWD/keys"
good 'a file for keys of connections'
[ ! -e keys ]
ok $? 'is not written'

# Side by side with kubectl: the same requests, the same end; and a record is
# as good as the kubeconfig.
# requests: those of the log that went to the issuer, without what differs on
# purpose
requests() {
	grep -v '^GET	/	' issuer/log | sed 's|/rotate-k/|/rotate/|'
}
# bears REQUESTS: the last of so many brought the token that is in f
bears() {
	tail -n 1 issuer/log | awk -F '\t' -v b="Bearer $(written id-token)" \
		'{ exit $4 != b }' && [ "$(wc -l <issuer/log)" -eq "$1" ]
}
# both WAY ID REFRESH [SETTING...]
both() {
	name="$1, id $(echo "${2:-none}" | cut -c 1-9), refresh ${3:-none}, $(
		echo "$4" | cut -c 1-40)"
	way=$1
	shift
	# each has refresh tokens of its own to use up
	case $way in
	rotate) config "$at/rotate-k" "$@" ;;
	*) config "$at/$way" "$@" ;;
	esac
	theirs=0
	timeout 20 "$KUBECTL" --kubeconfig f get --raw / >theirs 2>&1 </dev/null ||
		theirs=1
	requests >theirs.log
	[ $theirs -eq 1 ] || bears $(($(wc -l <theirs.log) + 1)) || theirs=token
	config "$at/$way" "$@"
	ask -q
	ours=$rc
	requests >ours.log
	if [ "$rc" -eq 0 ]; then
		cp out record
		: >issuer/log
		timeout 20 "$KUBECTL" --kubeconfig record get --raw / >theirs 2>&1
		bears 1 || ours=token
	fi
	[ "$ours" = "$theirs" ] && cmp -s ours.log theirs.log
	ok $? "$name: kubectl says $theirs, we say $ours"
	diff theirs.log ours.log | sed 's/^/# /'
}
if [ -n "$KUBECTL" ]; then
	for way in ok ok/ rotate same form refuse missing broken html no-endpoint \
		list number relative file redirect loop huge cut no-id \
		no-access id-number no-jwt expired token-html token-list \
		token-500 both plain plain-error; do
		both $way "$old" first "$ca"
	done
	exp=$(printf '{"exp":"1999999999"}' | base64 | tr -d '=\n')
	for id in '' "$valid" "$old" "$(jwt 5)" TEXT a.b.c a.e30.c "$valid.d" \
		"a.$exp.c" "a.$exp=.c"; do
		both ok "$id" '' "$ca"
		both ok "$id" '&refresh=1 ü' "$ca"
	done
	both ok "$old" first ''
	both ok "$valid" first "$gone"
	both ok "$old" first "$gone" "$data: $(pem ca)"
	both ok "$old" first "$ca" "$data: $(pem other-ca)"
	both ok "$valid" first "$data: \"*\""
	both ok "$valid" first "$data: aGk="
	both ok "$old" first 'idp-certificate-authority: certs/other-ca.crt'
	both ok "$old" first "$ca" 'client-secret: ""'
	both form "$old" first "$ca" 'client-secret: ""'
	both ok "$old" first "$ca" 'extra-scopes: groups'
else
	skip 1 'side by side' 'no kubectl of 1.31 or later'
fi

! grep -E 'SECRET|PASSWORD|SIGNATURE|signature|refresh-1|next-[0-9]' said
ok $? 'no secret was in any message'
finish
