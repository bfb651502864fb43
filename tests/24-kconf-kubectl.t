#!/bin/sh
# Side by side with kubectl against a server: with the same kubeconfig and
# options the two succeed or fail together, and the server sees the same
# request made from kconf's record.
# shellcheck disable=SC2034 # the rows below use these through eval
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/kubectl.sh"
cluster_needs_test_server
[ -n "$KUBECTL" ] || skip_all 'no kubectl of 1.31 or later'
cluster_start
unset KUBECONFIG
path=/api/v1/namespaces/default/pods/gnu
printf 'admin-token\n' >token
: >empty
openssl pkcs8 -in "$CERTS/client.key" -topk8 -passout pass:x -out locked.key \
	2>/dev/null
v1='apiVersion: client.authentication.k8s.io/v1'
never="$v1, command: /nonexistent, interactiveMode: Never"
plugin="$v1, interactiveMode: Never, command: ./plugin"
cat >plugin <<'E'
#!/bin/sh
# plugin STATUS [APIVERSION [MORE]]: answers with that; exits with $EXIT
printf '{"kind":"ExecCredential","apiVersion":"%s","status":%s}%s' \
	"${2-client.authentication.k8s.io/v1}" "$1" "${3-}"
exit "${EXIT-0}"
E
chmod +x plugin
# the text of a file within a JSON string
text() {
	awk '{ printf "%s\\n", $0 }' "$1"
}
pems="\"clientCertificateData\":\"$(text "$CERTS/client.crt")\""
pems="$pems,\"clientKeyData\":\"$(text "$CERTS/client.key")\""
oidc='name: oidc, config: {client-id: i, idp-issuer-url: "https://127.0.0.1:1"}'
ca="certificate-authority: $CERTS/ca.crt"
ca_data="certificate-authority-data: $(base64 <"$CERTS/ca.crt" | tr -d '\n')"
pair="client-certificate: $CERTS/client.crt, client-key: $CERTS/client.key"

# both SERVER CLUSTER USER [OPTIONS]: the same end in both; where it is a good
# one, kubectl makes the request from the record, too
both() {
	cat >f <<-EOF
	current-context: c
	clusters: [{name: k, cluster: {server: "$1", $2}}]
	contexts: [{name: c, context: {cluster: k, user: u}}]
	users: [{name: u, user: {$3}}, {name: good, user: {token: admin-token}}]
	EOF
	name="$(echo "$1 $2 $3" | cut -c 1-150)"
	shift 3
	theirs=0
	timeout 20 "$KUBECTL" --kubeconfig f "$@" get --raw $path \
		>theirs 2>theirs.err </dev/null || theirs=1
	run kconf --kubeconfig f "$@" -q
	if [ "$rc" -eq 0 ]; then
		cp out record
		run timeout 20 "$KUBECTL" --kubeconfig record get --raw $path
	fi
	[ $((rc > 0)) -eq "$theirs" ]
	ok $? "$name $*: kubectl says $theirs"
}
user() {
	fields=$1
	shift
	both "$SERVER_URL" "$ca" "$fields" "$@"
}
cluster() {
	both "$SERVER_URL" "$1" 'token: admin-token'
}

while read -r fields; do
	user "$(eval "printf '%s' \"$fields\"")"
done <<'EOF'
token: admin-token
token: wrong
token: ' admin-token'
token: 'admin-token\t'
tokenFile: token
tokenFile: token, token: wrong
tokenFile: $PWD/gone, token: admin-token
tokenFile: empty, token: admin-token
tokenFile: empty
tokenFile: gone
username: admin, password: secret
username: admin, password: wrong
username: admin
password: secret
token: admin-token, password: secret
token: admin-token, username: admin
tokenFile: token, username: admin
tokenFile: token, password: secret
$pair
$pair, token: admin-token
$pair, username: admin, password: secret
$pair, client-key-data: aGk=
client-certificate: $CERTS/client.crt
client-certificate: $CERTS/client.crt, token: admin-token
client-key: gone, token: admin-token
client-key-data: aGk=, client-key: gone, token: admin-token
client-certificate: gone, client-key: $CERTS/client.key
client-certificate: $CERTS/client.crt, client-key: gone
client-certificate-data: aGk=, client-key-data: aGk=, token: admin-token
client-certificate: token, client-key: token, token: admin-token
client-certificate: $CERTS/client.crt, client-key: locked.key
token: admin-token, exec: {$never}
tokenFile: token, exec: {$never}
username: admin, password: secret, exec: {$never}
$pair, exec: {$never}
exec: {$never}
exec: {$plugin, args: ['{\"token\":\"admin-token\"}']}
exec: {$plugin, args: ['{\"token\":\"wrong\"}']}
exec: {$plugin, args: ['{\"token\":\"admin-token \"}']}
exec: {$plugin, args: ['{\"token\":\"admin-token\",\"expirationTimestamp\":\"2099-01-01T00:00:00Z\"}']}
exec: {$plugin, args: ['{\"token\":\"admin-token\",\"expirationTimestamp\":\"2001-01-01T00:00:00Z\"}']}
exec: {$plugin, args: ['{\"token\":\"admin-token\",\"expirationTimestamp\":\"2001-01-01\"}']}
exec: {$plugin, args: ['{\"token\":\"admin-token\",\"expirationTimestamp\":\"\"}']}
exec: {$plugin, args: ['{\"token\":\"admin-token\",\"expirationTimestamp\":null}']}
exec: {$plugin, args: ['{\"token\":\"admin-token\",\"expirationTimestamp\":\"2099-01-01t00:00:00Z\"}']}
exec: {$plugin, args: ['{\"token\":\"admin-token\",\"expirationTimestamp\":\"2099-01-01T00:00:00.5+23:59\"}']}
exec: {$plugin, args: ['{$pems}']}
exec: {$plugin, args: ['{$pems,\"token\":\"admin-token\"}']}
exec: {$plugin, args: ['{\"clientCertificateData\":\"x\",\"clientKeyData\":\"y\"}']}
exec: {$plugin, args: ['{\"clientCertificateData\":\"x\",\"token\":\"admin-token\"}']}
exec: {$plugin, args: ['{\"clientKeyData\":\"x\",\"token\":\"admin-token\"}']}
exec: {$plugin, args: ['{}']}
exec: {$plugin, args: ['null']}
exec: {$plugin, args: ['5']}
exec: {$plugin, args: ['{\"token\":5}']}
exec: {$plugin, args: ['{\"Token\":\"admin-token\"}']}
exec: {$plugin, args: ['{\"token\":\"wrong\",\"token\":\"admin-token\"}']}
exec: {$plugin, args: ['{\"token\":\"admin-token\"}', '']}
exec: {$plugin, args: ['{\"token\":\"admin-token\"}', other/v1]}
exec: {$plugin, args: ['{\"token\":\"admin-token\"}', client.authentication.k8s.io/v1beta1]}
exec: {$plugin, args: ['{\"token\":\"admin-token\"}', client.authentication.k8s.io/v1, more]}
exec: {$plugin, args: ['{\"token\":\"admin-token\"}', client.authentication.k8s.io/v1, ' ']}
exec: {$plugin, args: ['{\"token\":\"admin-token\"}'], env: [{name: EXIT, value: '1'}]}
exec: {$plugin, args: ['{\"token\":\"admin-token\"}'], env: [{name: EXIT, value: '1'}, {name: EXIT, value: '0'}]}
exec: {$plugin, args: ['{\"token\":\"admin-token\"}']}, client-key-data: aGk=
exec: {$plugin, args: ['{\"token\":\"admin-token\"}']}, password: unused
exec: {$v1, interactiveMode: Always, command: ./plugin, args: ['{\"token\":\"admin-token\"}']}
exec: {$v1, interactiveMode: IfAvailable, command: ./plugin, args: ['{\"token\":\"admin-token\"}']}
exec: {$v1, interactiveMode: Never, command: plugin, args: ['{\"token\":\"admin-token\"}']}
token: admin-token, exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}
token: admin-token, exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: x}
token: admin-token, exec: {apiVersion: other/v1, command: x, interactiveMode: Never}
token: admin-token, exec: {$v1, command: x}
token: admin-token, exec: {$v1, command: x, interactiveMode: Soon}
token: admin-token, exec: {$v1, interactiveMode: Never}
token: admin-token, exec: {command: x, interactiveMode: Never}
token: admin-token, exec: {$never, env: [{name: '', value: a}]}
token: admin-token, exec: {$never, env: [{name: a, value: ''}]}
token: admin-token, exec: {}
token: admin-token, exec: null
token: admin-token, exec: {$never}, auth-provider: {$oidc}
token: admin-token, auth-provider: {$oidc}
tokenFile: token, auth-provider: {$oidc}
username: admin, password: secret, auth-provider: {$oidc}
$pair, auth-provider: {$oidc}
token: admin-token, auth-provider: {name: oidc}
token: admin-token, auth-provider: {name: other}
token: admin-token, auth-provider: {name: gcp}
tokenFile: token, auth-provider: {name: azure}
token: admin-token, auth-provider: {}
token: admin-token, as-uid: '5'
token: admin-token, as-groups: [g]
token: admin-token, as-user-extra: {a: []}
token: admin-token, as-groups: []
EOF

# What has been removed from kubectl is said in its words, of which it makes
# three lines.
for name in gcp azure other; do
	user "token: admin-token, auth-provider: {name: $name}"
	run kconf --kubeconfig f
	said=0
	sed 's/^error: //; s/^no Auth P/no auth p/; s/^T/t/; s/^Please //
		s/ for further details$//; s/^S/s/; s/[.]$//; s,kubectl/client-go ,,' theirs.err >words
	while read -r line; do
		grep -qF "$line" err || said=1
	done <words
	[ -s words ]
	ok $((said | $?)) "auth-provider $name: kubectl's words"
done

at=127.0.0.1:$SERVER_PORT
for server in "https://$at/" "https://$at//" "https://$at?q" "https://$at#f" \
	"HTTPS://$at" "https://127.0.0.1:0$SERVER_PORT" "https://$at/%zz" \
	" https://$at" "https://$at " "https:$at" "https:/$at" "//$at" \
	"https://127.0.0.1:+$SERVER_PORT" "https://%31.0.0.1:$SERVER_PORT" \
	"ftp://$at" "$at/x" "https://[127.0.0.1"; do
	both "$server" "$ca" 'token: admin-token'
done

while read -r fields; do
	cluster "$(eval "printf '%s' \"$fields\"")"
done <<'EOF'
$ca_data
insecure-skip-tls-verify: true
insecure-skip-tls-verify: false
$ca, insecure-skip-tls-verify: true
$ca, $ca_data
certificate-authority: gone
certificate-authority: token
certificate-authority: empty
certificate-authority-data: aGk=
$ca, tls-server-name: localhost
$ca, tls-server-name: elsewhere.example
$ca, proxy-url: 'socks6://p'
$ca, proxy-url: 'socks5h://p'
$ca, proxy-url: 'p'
$ca, proxy-url: 'http://u:p w@127.0.0.1:1'
$ca, proxy-url: 'http://u:p%zz@127.0.0.1:1'
$ca, proxy-url: 'http://127.0.0.1:1/%zz'
$ca, proxy-url: ''
$ca, disable-compression: true
EOF

token='token: admin-token'
user "$token" --context nope
user "$token" --cluster nope
user "$token" --user nope
user "$token" --cluster k --user good
user 'token: wrong' --user good
user 'token: wrong' --token admin-token
user 'tokenFile: token' --token wrong
user 'username: admin, password: secret' --token admin-token
user "$token" --certificate-authority gone
user "$token" --certificate-authority token
user "$token" --insecure-skip-tls-verify
user "$token" --insecure-skip-tls-verify --certificate-authority "$CERTS/ca.crt"
user "$token" --client-certificate "$CERTS/client.crt"
user '' --client-certificate "$CERTS/client.crt" --client-key "$CERTS/client.key"
user "$token" -s "https://localhost:$SERVER_PORT"
user "$token" -s https://127.0.0.1:1
user "$token" --as-group g
user "$token" --context '' --token ''
finish
