#!/bin/sh
# shellcheck disable=SC2086 # $vars are words of env
# Proxies of the environment: which one is in the record, and that kubectl and
# curl go the same way.  The proxies lead every name to this machine.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/kubectl.sh"
cluster_needs_test_server
cluster_start
cluster_serve plain --plain
plain_port=$(cat plain.port)

# config SERVER [CLUSTER [USER]]: a kubeconfig in ./f
config() {
	cat >f <<-E
	apiVersion: v1
	kind: Config
	current-context: c
	clusters: [{name: k, cluster: {server: "$1"${2:+, $2}}}]
	users: [{name: u, user: {${3-token: $TOKEN}}}]
	contexts: [{name: c, context: {cluster: k, user: u}}]
	E
}
# proxied WANT VARIABLE...: the proxy of the record, "none" if there is none
proxied() {
	want_proxy=$1
	shift
	run env "$@" kconf --kubeconfig f
	sed -n 's/^ *"proxy-url": "\(.*\)",*$/\1/p' out >got
	[ "$want_proxy" = none ] || echo "$want_proxy" >want
	[ "$want_proxy" != none ] || : >want
	[ "$rc" -eq 0 ] && [ ! -s err ] && cmp -s want got
	ok $? "$*: the proxy is $want_proxy"
}
# refused TEXT VARIABLE...: no record, one line that shows no secret
refused() {
	want_text=$1
	shift
	run env "$@" kconf --kubeconfig f
	[ "$rc" -eq 1 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
		grep -qF -- "kconf: $want_text" err && ! grep -q hidden err
	ok $? "$*: $want_text"
}

far=https://api.example.test:6443
config $far
proxied none A=b
proxied http://p:1 HTTPS_PROXY=http://p:1
proxied http://p:1 https_proxy=http://p:1
proxied http://p:1 HTTPS_PROXY=http://p:1 https_proxy=http://q
proxied http://q HTTPS_PROXY= https_proxy=http://q
proxied none HTTP_PROXY=http://p http_proxy=http://p
proxied none ALL_PROXY=http://p all_proxy=http://p
proxied http://p:3128 HTTPS_PROXY=p:3128
proxied https://u:w@p HTTPS_PROXY=https://u:w@p
proxied socks5://p HTTPS_PROXY=socks5h://p
proxied none HTTPS_PROXY=p NO_PROXY=example.test
proxied none HTTPS_PROXY=p no_proxy=example.test
proxied http://p HTTPS_PROXY=p NO_PROXY=x no_proxy=example.test
proxied none HTTPS_PROXY=p NO_PROXY= no_proxy=example.test
proxied http://p HTTPS_PROXY=p NO_PROXY=example.test:443
proxied http://p HTTPS_PROXY=p REQUEST_METHOD=GET
refused 'HTTPS_PROXY: its scheme must be' HTTPS_PROXY=ftp://u:hidden@p
refused 'https_proxy: no host in it' https_proxy=http://u:hidden@
refused 'HTTPS_PROXY: a user or password that is not' 'HTTPS_PROXY=u:hid den@p'
refused 'HTTPS_PROXY: a % without two hex digits' HTTPS_PROXY=u:hidden@p/%zz
proxied none HTTPS_PROXY=ftp://p NO_PROXY=example.test
config https://api.example.test
proxied none HTTPS_PROXY=p NO_PROXY=example.test:443
config https://127.0.0.1:1
proxied none HTTPS_PROXY=p
config http://api.example.test '' ''
proxied none HTTPS_PROXY=p
proxied http://p HTTP_PROXY=p
proxied none HTTP_PROXY=p NO_PROXY=example.test:80
refused 'HTTP_PROXY: not used in a CGI program' HTTP_PROXY=p REQUEST_METHOD=GET
config $far 'proxy-url: "http://own"'
proxied http://own HTTPS_PROXY=p 'NO_PROXY=*'
config https://127.0.0.1:1 'proxy-url: "http://own"'
proxied http://own HTTPS_PROXY=p
config $far
run env HTTPS_PROXY=p kconf --kubeconfig f --proxy-url http://option -o curl
grep -qxF 'proxy = "http://option"' out
ok $? '--proxy-url is before that of the environment'
run env HTTPS_PROXY=u:hidden@p:1 kconf --kubeconfig f --redact
[ "$rc" -eq 0 ] && grep -q '"proxy-url": "http://p:1"' out && ! grep -q hidden out err
ok $? '--redact takes the password out of it'
run env HTTPS_PROXY=u:hidden@p:1 kconf --kubeconfig f -v -o server
[ "$rc" -eq 0 ] && grep -qxF 'kconf: proxy http://p:1, of the environment' err &&
	! grep -q hidden err
ok $? '-v says that it is of the environment, and no password'
run kconf --kubeconfig f -v -o server --proxy-url socks5://p
grep -qxF 'kconf: proxy socks5://p' err
ok $? '-v says which one it is'
run env HTTPS_PROXY=http://u:hidden@127.0.0.1:1 kexec --kubeconfig f --no-stdin gnu -- true
fails 255 "kexec: $far: proxy http://127.0.0.1:1: Connection refused"

# A plugin is told of the kubeconfig's proxy, not of the environment's.
cat >tell <<'E'
#!/bin/sh
printf '%s' "$KUBERNETES_EXEC_INFO" >info
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}'
E
chmod +x tell
config https://0.0.0.0:1 '' 'exec: {apiVersion: client.authentication.k8s.io/v1, command: ./tell, interactiveMode: Never, provideClusterInfo: true}'
proxied http://p:1 HTTPS_PROXY=http://p:1
grep -q cluster info && ! grep -q proxy info
ok $? 'the plugin is told of the cluster, but not of that proxy'
rm -f info
refused 'HTTPS_PROXY: its scheme' HTTPS_PROXY=ftp://p
[ ! -e info ]
ok $? 'which is found before a plugin runs'

# The real ones, through real proxies.
if ! have python3; then
	skip 29 'kubectl and curl through proxies' 'no python3'
	finish
	exit
fi
python3 "$KPIPE_TESTS/proxy.py" ports log "$CERTS/server.crt" "$CERTS/server.key" &
proxy_pid=$!
on_exit "kill $proxy_pid"
while [ ! -s ports ]; do
	kill -0 $proxy_pid || exit 1
	sleep 0.01
done
port() {
	sed -n "s/^$1 //p" ports
}
http=127.0.0.1:$(port http)
https=https://127.0.0.1:$(port https)
socks=127.0.0.1:$(port socks5)

# goes WANT TOOL...: that the tool worked, and what the proxies were asked
goes() {
	want_log=$1
	shift
	: >log
	last="$*"
	rc=0
	"$@" >out 2>err </dev/null || rc=$?
	[ "$rc" -eq 0 ] && [ "$(tr '\t' ' ' <log | sort -u)" = "$want_log" ]
	ok $? "$row: $what: ${want_log:-no proxy}"
	tr '\t' ' ' <log | sed 's/^/# /'
}
kubectl_goes() {
	if [ -z "$KUBECTL" ]; then
		skip 2 "$row: kubectl" 'no kubectl of 1.31 or later'
		return
	fi
	what=kubectl
	goes "$1" env $vars "$KUBECTL" --kubeconfig f get --raw /version
	what='kubectl with the record'
	env $vars kconf --kubeconfig f >record
	goes "$1" "$KUBECTL" --kubeconfig record get --raw /version
}
curl_goes() {
	if ! have curl; then
		skip 1 "$row: curl" 'no curl'
		return
	fi
	what=curl
	# curl has no option for it
	sed -i 's/, tls-server-name: localhost//' f
	env $vars kconf --kubeconfig f -o curl >curl.conf
	# these are not for it
	no=http://127.0.0.1:1
	goes "$1" env ALL_PROXY=$no https_proxy=$no http_proxy=$no NO_PROXY="$2" \
		curl -sS -K curl.conf "$(kconf --kubeconfig f -o server)/version"
}
# way SERVER WANT VARIABLE...: by all three
way() {
	row="$1 with $(echo "$*" | cut -d' ' -f3-)"
	server=$1
	want_way=$2
	shift 2
	vars=$*
	case $server in
	https:*) config "$server" "certificate-authority: $CERTS/ca.crt, tls-server-name: localhost" ;;
	*) config "$server" '' '' ;;
	esac
	kubectl_goes "$want_way"
	curl_goes "$want_way" "${want_way:+*}"
}
up=LOCALHOST:$SERVER_PORT
way "https://$up" "http CONNECT $up -" HTTPS_PROXY="$http"
way "https://$up" "http CONNECT $up u:p@" HTTPS_PROXY="u:p%40@$http"
way "https://$up" "socks5 CONNECT $up -" HTTPS_PROXY="socks5h://$socks"
way "https://$up" "socks5 CONNECT $up u:p" HTTPS_PROXY="socks5://u:p@$socks"
way "https://$up" '' HTTPS_PROXY="$http" NO_PROXY=localhost
way "https://$up" "http CONNECT $up -" HTTPS_PROXY="$http" NO_PROXY=.localhost,localhost:1
way "https://localhost:$SERVER_PORT" '' HTTPS_PROXY="$http"
way "http://0.0.0.0:$plain_port" "http GET 0.0.0.0:$plain_port -" HTTP_PROXY="$http"
way "http://0.0.0.0:$plain_port" '' HTTP_PROXY="$http" NO_PROXY=1.2.3.4,0.0.0.0/8

# the name is for the proxy to find; curl could not be told of the other name
# that its certificate has
row='TLS to the proxy'
vars="HTTPS_PROXY=$https"
config "https://api.example.test:$SERVER_PORT" \
	"certificate-authority: $CERTS/ca.crt, tls-server-name: localhost"
kubectl_goes "https CONNECT api.example.test:$SERVER_PORT -"
finish
