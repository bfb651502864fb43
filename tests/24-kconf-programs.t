#!/bin/sh
# What kconf prints, each form used by the program that it is for, against a
# server: kubectl of every version here, curl, openssl, date, cut, a reader of
# YAML.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/kubectl.sh"
cluster_needs_test_server
have curl || skip_all 'no curl'
have bash || skip_all 'no bash'
odd='pass "w\o:rd é'
cluster_start --basic "us er:$odd"
path=/api/v1/namespaces/default/pods/gnu
unset KUBECONFIG

# A certificate whose name would be a password to curl.
mkdir 'dir:\x'
cp "$CERTS/client.crt" 'dir:\x/client.crt'
coded() {
	base64 <"$1" | tr -d '\n'
}
cluster_serve prefix --cert "$CERTS/server.crt" --key "$CERTS/server.key" \
	--token "$TOKEN=admin" --prefix '/k/a b%é'
v6=
if have python3 && python3 -c \
	'import socket; socket.socket(socket.AF_INET6).bind(("::1", 0))' 2>/dev/null
then
	cluster_serve v6 --cert "$CERTS/server.crt" --key "$CERTS/server.key" \
		--token "$TOKEN=admin" --listen ::1
	v6=$(cat v6.port)
fi
cluster_serve plain --plain --log "$PWD/plain.log"
cat >kubeconfig <<E
clusters:
- {name: file, cluster: {server: "$SERVER_URL", certificate-authority: $CERTS/ca.crt}}
- {name: inline, cluster: {server: "$SERVER_URL/", certificate-authority-data: $(coded "$CERTS/ca.crt")}}
- {name: insecure, cluster: {server: "$SERVER_URL", insecure-skip-tls-verify: true}}
- {name: prefix, cluster: {server: "https://localhost:$(cat prefix.port)/k/a b%25%C3%a9/", certificate-authority: certs/ca.crt}}
- {name: v6, cluster: {server: "https://[::1]:${v6:-1}", certificate-authority: certs/ca.crt}}
- {name: plain, cluster: {server: "127.0.0.1:$(cat plain.port)"}}
- {name: other, cluster: {server: "$SERVER_URL", certificate-authority: $CERTS/other-ca.crt}}
users:
- {name: token, user: {token: $TOKEN}}
- {name: odd, user: {username: us er, password: '$odd'}}
- {name: files, user: {client-certificate: 'dir:\\x/client.crt', client-key: certs/client.key}}
- {name: inline, user: {client-certificate-data: $(coded "$CERTS/client.crt"), client-key-data: $(coded "$CERTS/client.key")}}
- {name: nobody, user: {}}
contexts:
- {name: token, context: {cluster: file, user: token}}
- {name: odd, context: {cluster: inline, user: odd}}
- {name: files, context: {cluster: file, user: files}}
- {name: inline, context: {cluster: inline, user: inline}}
- {name: insecure, context: {cluster: insecure, user: token}}
- {name: prefix, context: {cluster: prefix, user: token}}
- {name: v6, context: {cluster: v6, user: token}}
- {name: plain, context: {cluster: plain, user: nobody}}
- {name: other, context: {cluster: other, user: token}}
current-context: token
E
export K="$PWD/kubeconfig"

# curls CONTEXT FORMATS [OPTIONS]: curl with the config and these files of
# kconf's; out is what the server says of the pod
curls() {
	curls_context=$1
	files=
	for one in $2; do
		case $one in
		ca) files="$files --cacert <(kc -o ca)" ;;
		*) files="$files --$one <(kc -o $one)" ;;
		esac
	done
	shift 2
	run bash -c "kc() { kconf --kubeconfig \"\$K\" --context $curls_context $* \"\$@\"; }
		curl -sSf -K <(kc -o curl) $files \"\$(kc -o server)$path\""
	grep -q '"name": *"gnu"' out && [ "$rc" -eq 0 ] && [ ! -s err ]
}
while read -r context needs; do
	if [ "$context" = v6 ] && [ -z "$v6" ]; then
		skip 1 'curl: v6' 'no IPv6 on the loopback'
		continue
	fi
	curls "$context" "$needs"
	ok $? "curl: $context $needs"
done <<'E'
token
token ca
odd ca
files
inline ca cert key
insecure
prefix
v6
plain
E
mkdir account
cp "$CERTS/ca.crt" account/
printf '%s' "$TOKEN" >account/token
echo there >account/namespace
# in_pod CMD...: runs it as a pod of this server would
in_pod() {
	KPIPE_SERVICEACCOUNT=$PWD/account KUBERNETES_SERVICE_HOST=${host-127.0.0.1} \
		KUBERNETES_SERVICE_PORT=${port-$SERVER_PORT} run "$@"
}
in_pod bash -c "curl -sSf -K <(kconf -o curl) \"\$(kconf -o server)$path\""
good 'curl: in a pod'
if [ -n "$v6" ]; then
	host=::1 port=$v6
	in_pod bash -c "curl -sSf -K <(kconf -o curl) \"\$(kconf -o server)$path\""
	good 'curl: in a pod, IPv6'
	unset host port
else
	skip 1 'curl: in a pod, IPv6' 'no IPv6 on the loopback'
fi
in_pod kconf -o namespace
stdout_is there
# a record that was kept, read from a pipe each time
kconf --kubeconfig kubeconfig --context inline >record
run bash -c "record=\$(cat record)
	kc() { kconf --kubeconfig <(printf %s \"\$record\") -o \"\$1\"; }
	curl -sSf -K <(kc curl) --cacert <(kc ca) --cert <(kc cert) --key <(kc key) \
		\"\$(kc server)$path\""
good 'curl: a record in a pipe'

# It does not go on without the CA, and says what is missing.
curls odd ''
fails 77 'add --cacert <(kconf -o ca)' 'curl: no CA'
curls inline ca
fails 58 'add --cert <(kconf -o cert)' 'curl: no certificate'
curls inline 'ca cert'
fails 58 'add --key <(kconf -o key)' 'curl: no key'
curls other ''
status 60 'curl: the wrong CA'

# Impersonation: curl sends what kubectl sends.
headers() {
	tr -d '\r' <"$CLUSTER_LOG" | sed -n 's/^header	//p' | awk -F '\t' '{
		sub(/[ \t]+$/, "", $2); print tolower($1) "\t" $2 }' | sort
	: >"$CLUSTER_LOG"
}
# alike NAME [OPTIONS]
alike() {
	alike_name=$1
	shift
	: >"$CLUSTER_LOG"
	curls token '' "$*"
	ok $? "curl: $alike_name"
	headers >ours
	if [ -n "$KUBECTL" ]; then
		"$KUBECTL" --kubeconfig kubeconfig --context token "$@" get --raw $path >/dev/null
		headers >theirs
		[ -s theirs ] && cmp -s ours theirs
		ok $? "kubectl sends the same: $alike_name"
		kconf --kubeconfig kubeconfig --context token "$@" >record
		"$KUBECTL" --kubeconfig record get --raw $path >/dev/null
		headers >theirs
		cmp -s ours theirs
		ok $? "and so from the record: $alike_name"
	else
		skip 2 "kubectl sends the same: $alike_name" 'no kubectl of 1.31 or later'
	fi
}
impersonate() {
	sed "s~^- {name: token, user: .*~- {name: token, user: {token: $TOKEN, $1}}~" \
		kubeconfig >changed
	cat changed >kubeconfig
}
impersonate 'as: plain'
alike 'as'
impersonate 'as: '\''q"uo\\te'\'', as-uid: "0x10", as-groups: ["", "a b", "gr\\u00fcn", "x;y: z", "@file", " led", "\\tx "], as-user-extra: {"Acme.com/pro ject%\\u00e9": [v, "", "w\\\\"], "": [x], UPPER: ["#"], "a:b": [" "], "!#$": [t], "(,)": [u]}'
alike 'odd bytes'
grep -qx 'impersonate-extra-acme.com%2fpro%20ject%25%c3%a9	v' ours
ok $? 'keys are percent-encoded'
grep -qx 'impersonate-group	' ours
ok $? 'an empty group is sent'
impersonate 'as: file, as-uid: uid, as-groups: [f, g], as-user-extra: {k: [v]}'
alike 'as of an option' --as flag
alike 'groups of options' --as-group=x --as-group=y
alike 'uid of an option' --as-uid=7 --as=flag
grep -qx 'impersonate-uid	7' ours
ok $? 'the uid of the option is sent'
sed -i '/^- {name: token, user:/s/, as.*/}}/' kubeconfig
alike_fields=$(kconf --kubeconfig kubeconfig --as u --as-user-extra 'k/1=a=b' \
	--as-user-extra k/1=c -o curl | grep Extra)
[ "$alike_fields" = 'header = "Impersonate-Extra-k%2F1: a=b"
header = "Impersonate-Extra-k%2F1: c"' ]
ok $? 'a value with an equals sign, and a key twice'

# kubectl, every version.
kconf --kubeconfig kubeconfig --context inline >record.json
kconf --kubeconfig kubeconfig --context inline -o yaml >record.yaml
kconf --kubeconfig kubeconfig --context odd --redact >redacted.json
kconf --kubeconfig kubeconfig --context inline --redact -o yaml >redacted.yaml
tried=0
for one in "$kubectl_home"/kubectl.1.*; do
	[ -x "$one" ] || continue
	tried=$((tried + 1))
	name=${one##*/}
	for file in record.json record.yaml; do
		run "$one" --kubeconfig $file get --raw /version
		good "$name: $file"
	done
	run bash -c "$one --kubeconfig <(kconf --kubeconfig \"\$K\" --context odd) get --raw /version"
	good "$name: a record in a pipe"
	run bash -c "$one --kubeconfig <(kconf --kubeconfig \"\$K\" -o yaml) exec -i gnu -- cat <<<hello"
	stdout_is hello "$name: exec"
	for file in redacted.json redacted.yaml; do
		run "$one" --kubeconfig $file config view --raw -o 'jsonpath={.clusters[0].cluster.server}'
		[ "$rc" -eq 0 ] && [ "$(cat out)" = "$SERVER_URL" ]
		ok $? "$name: $file"
	done
done
[ "$tried" -gt 0 ] || skip 1 'kubectl reads the record' 'no kubectl beside the one on PATH'

# --redact: each of the secrets is another mark, and none is left.
cat >secrets <<E
clusters: [{name: k, cluster: {server: https://h, proxy-url: "http://mark-proxy-user:mark-proxy-pass@p:1"}}]
contexts: [{name: t, context: {cluster: k, user: t}}, {name: b, context: {cluster: k, user: b}}, {name: p, context: {cluster: k, user: p}}]
users:
- {name: t, user: {token: mark-token}}
- {name: b, user: {username: mine, password: mark-password, client-certificate: certs/client.crt, client-key: certs/client.key}}
- name: p
  user: {exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./plugin, args: [mark-argument], env: [{name: X, value: mark-variable}]}}
E
cat >plugin <<'E'
#!/bin/sh
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",
"status":{"token":"mark-plugin","expirationTimestamp":"2031-02-03T04:05:06+01:00"}}'
E
chmod +x plugin
marks="mark-|$(coded certs/client.key)"
for context in t b p; do
	run kconf --kubeconfig secrets --context $context
	grep -qE "$marks" out
	ok $? "$context has secrets"
	for format in json yaml; do
		run kconf --kubeconfig secrets --context $context --redact -o $format
		grep -q REDACTED out && ! grep -qE "$marks" out
		ok $? "--redact: $context, $format"
	done
done

# Single values.
run_sh 'kconf --kubeconfig record.json -o ca | openssl x509 -noout -subject'
[ "$(cat out)" = "$(openssl x509 -noout -subject <"$CERTS/ca.crt")" ]
ok $? 'openssl reads the CA'
run_sh 'kconf --kubeconfig record.json -o cert | openssl x509 -noout -pubkey'
good 'openssl reads the certificate'
mv out public
run_sh 'kconf --kubeconfig record.json -o key | openssl pkey -pubout'
good 'openssl reads the key'
same out public 'and it is that of the certificate'
expires=$(kconf --kubeconfig secrets --context p -o expires)
[ "$(date -d "$expires" +%s)" = 1927854306 ]
ok $? 'date reads when the credential expires'

# The list, by line and column.
cat >names <<'E'
contexts: [{name: "a\tb\nc"}, {name: "\e[2J\x7f\u0085"}, {name: plain}, {name: "\\t"}, {name: ""}]
E
run_sh 'kconf --kubeconfig names --list | cut -f 1'
cat >want <<'E'
a\tb\nc
\033[2J\177\302\205
plain
\\t

E
same out want 'cut takes names out of the list'
run_sh 'kconf --kubeconfig kubeconfig --list | awk -F "\t" "\$6 == \"*\" { print \$1, \$5 }"'
stdout_is "token $SERVER_URL"

if have python3 && python3 -c 'import yaml' 2>/dev/null; then
	kconf --kubeconfig kubeconfig --context inline --as 'ü: "' --as-group ' - x' \
		--as-group 'null' >record.json
	kconf --kubeconfig record.json -o yaml >record.yaml
	check "Python's YAML reads the same in both" python3 -c 'import json, yaml
j = json.load(open("record.json"))
assert j == yaml.safe_load(open("record.yaml")) == yaml.safe_load(open("record.json"))'
else
	skip 1 "Python's YAML" 'no yaml for python3'
fi
finish
