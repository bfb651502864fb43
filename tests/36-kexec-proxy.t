#!/bin/sh
# kexec and kpods through proxies: http, https (TLS to the proxy) and socks5, those of
# proxy.py, which know what they were asked, and Debian's own.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
cluster_start
cluster_serve plain --plain
have python3 || skip_all 'no python3'
far=https://api.example.test:$SERVER_PORT
mkdir "$CLUSTER_ROOT/default/.deployments"
echo 'match app=web' >"$CLUSTER_ROOT/default/.deployments/web"
echo 'labels app=web' >"$CLUSTER_ROOT/default/.gnu"
head -c 3000000 /dev/urandom >"$CLUSTER_ROOT/default/gnu/data"

# start NAME PORT CMD...: runs a proxy until the test ends, and waits for PORT
start() {
	start_name=$1
	start_port=$2
	shift 2
	"$@" >"$start_name.log" 2>&1 &
	start_pid=$!
	on_exit "kill $start_pid 2>/dev/null"
	until python3 -c "import socket; socket.create_connection(('127.0.0.1', $start_port))" 2>/dev/null; do
		kill -0 $start_pid 2>/dev/null || {
			echo "# $start_name did not start"
			sed 's/^/# /' "$start_name.log"
			return 1
		}
		sleep 0.02
	done
}
free_port() {
	python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
python3 "$KPIPE_TESTS/proxy.py" ports log "$CERTS/server.crt" "$CERTS/server.key" &
on_exit "kill $!"
until [ -s ports ]; do
	sleep 0.01
done
port() {
	sed -n "s/^$1 //p" ports
}

# through PROXY KEXEC-ARGS...: to the server by a name that only a proxy knows;
# the environment's proxies are not for kexec, only the record's
through() {
	through_proxy=$1
	shift
	env SSL_CERT_FILE="${roots-}" kconf -s "${to-$far}" --tls-server-name localhost \
		--proxy-url "$through_proxy" ${user+--user "$user"} >record || return
	env HTTPS_PROXY=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 NO_PROXY='*' \
		SSL_CERT_FILE="${roots-}" kexec -K record "$@"
}
# asked WANT: what the proxies were asked, since the last time
asked() {
	[ "$(tr '\t' ' ' <log | sort -u)" = "$1" ]
	ok $? "the proxy was asked: $1"
	: >log
}
: >log
for kind in http https socks5; do
	where=127.0.0.1:$(port $kind)
	for protocol in spdy v5 v4; do
		run through "$kind://u%40x:p%3Aw@$where" --protocol $protocol --no-stdin \
			gnu -- sh -c 'echo hi; exit 3'
		status 3 "$kind, $protocol: the command's status"
		stdout_is hi "$kind, $protocol: and its stdout"
		asked "$kind CONNECT api.example.test:$SERVER_PORT u@x:p:w"
	done
	run_sh "echo text | HTTPS_PROXY= kexec --proxy-url $kind://$where -s $far --tls-server-name localhost gnu -- cat"
	stdout_is text "$kind: stdin goes there and back"
	good "$kind: no user"
	asked "$kind CONNECT api.example.test:$SERVER_PORT -"
	run kpods --proxy-url "$kind://$where" -s "$far" --tls-server-name localhost pod/gnu
	stdout_is default/gnu "$kind: kpods"
	asked "$kind CONNECT api.example.test:$SERVER_PORT -"
	to=http://api.example.test:$(cat plain.port)
	kconf -s "$to" --kubeconfig /dev/null --proxy-url "$kind://$where" >record
	run env SSL_CERT_FILE="$CERTS/ca.crt" kexec -K record --no-stdin gnu -- echo plain
	stdout_is plain "$kind: a server without TLS"
	unset to
	: >log
	user=cert
	run through "$kind://$where" --no-stdin gnu -- echo cert
	stdout_is cert "$kind: the client's certificate goes to the server"
	unset user
	: >log
	run through "$kind://$where" --no-stdin gnu -- cat data
	cmp -s out "$CLUSTER_ROOT/default/gnu/data" && [ ! -s err ]
	ok $? "$kind: 3 MB, every byte"
	: >log
	run through "$kind://$where" --no-stdin deploy/web -- echo found
	stdout_is found "$kind: a workload, by GETs on the same connection"
	asked "$kind CONNECT api.example.test:$SERVER_PORT -"
	run through "$kind://$where" --no-stdin fault-cut-1000 -- cat /dev/zero
	fails 255 'exit status unknown: connection cut' "$kind: a connection that is cut"
	run through "$kind://$where" --no-stdin fault-bytes -- echo piecemeal
	stdout_is piecemeal "$kind: bytes one at a time"
	to=https://api.example.test:1
	run through "$kind://u:hidden@$where" --no-stdin gnu -- true
	case $kind in
	socks5) want='answered: connection refused' ;;
	*) want='answered 502 Bad Gateway' ;;
	esac
	stderr_is "kexec: $to: proxy $kind://$where: $want" "$kind: the server is not there"
	status 255
	unset to
	: >log
done

# What is wrong with a proxy is said, and never its password.
run through http://u:hidden@127.0.0.1:1 --no-stdin gnu -- true
stderr_is "kexec: $far: proxy http://127.0.0.1:1: Connection refused"
run through "https://u:hidden@127.0.0.1:$(port http)" --no-stdin --connect-timeout 5s gnu -- true
fails 255 "proxy https://127.0.0.1:$(port http): " 'a proxy that speaks no TLS'
if have openssl; then
	openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.crt \
		-days 2 -subj /CN=other -addext subjectAltName=IP:127.0.0.1 2>/dev/null
	(
		mkdir other && cd other &&
			exec python3 "$KPIPE_TESTS/proxy.py" ports log ../other.crt ../other.key
	) &
	on_exit "kill $!"
	until [ -s other/ports ]; do
		sleep 0.01
	done
	other=$(sed -n 's/^https //p' other/ports)
	run through "https://u:hidden@127.0.0.1:$other" --no-stdin gnu -- true
	fails 255 "proxy https://127.0.0.1:$other: SSL certificate problem" 'a certificate of a stranger'
	[ ! -s other/log ]
	ok $? 'and the proxy was not told the password'
	roots=$PWD/other.crt
	run through "https://127.0.0.1:$other" --no-stdin gnu -- echo trusted
	stdout_is trusted 'SSL_CERT_FILE has the authority of the proxy'
	unset roots
else
	skip 3 'a certificate of a stranger' 'no openssl'
fi
python3 -c '
import socket, sys, time
s = socket.create_server(("127.0.0.1", 0))
open("silent.port", "w").write("%d\n" % s.getsockname()[1])
time.sleep(600)' &
on_exit "kill $!"
until [ -s silent.port ]; do
	sleep 0.01
done
for kind in http https socks5; do
	run through "$kind://127.0.0.1:$(cat silent.port)" --connect-timeout 300ms --no-stdin gnu -- true
	fails 255 "proxy $kind://127.0.0.1:$(cat silent.port): Connection timed out" "$kind: a proxy that says nothing"
done
kconf -s "$far" --proxy-url http://127.0.0.1:1 >record
for bad in ftp://u:hidden@p 'http://u:hidden%zz@p' http://u:hidden@ 'http://u:hidden@p:99999'; do
	sed "s|http://127.0.0.1:1|$bad|" record >bad.record
	run kexec -K bad.record --no-stdin gnu -- true
	[ "$rc" -eq 255 ] && [ "$(wc -l <err)" -eq 1 ] && grep -q 'proxy-url: ' err && ! grep -qE 'hidden' err
	ok $? "refused: $bad"
done

# The real ones.  They know no name but this machine's.
far=https://localhost:$SERVER_PORT
# real NAME PROXY: data each way, at once and with a reader that stalls
real() {
	run through "$2" --no-stdin gnu -- cat data
	cmp -s out "$CLUSTER_ROOT/default/gnu/data" && [ ! -s err ]
	ok $? "$1: 3 MB down"
	run through "$2" gnu -- cat <"$CLUSTER_ROOT/default/gnu/data"
	cmp -s out "$CLUSTER_ROOT/default/gnu/data" && [ ! -s err ]
	ok $? "$1: 3 MB up and down"
	through "$2" --protocol v5 gnu -- cat <"$CLUSTER_ROOT/default/gnu/data" 2>err |
		{
			sleep 0.5
			cat
		} >out
	cmp -s out "$CLUSTER_ROOT/default/gnu/data" && [ ! -s err ]
	ok $? "$1: over WebSocket, and read late"
}
if have tinyproxy; then
	tiny=$(free_port)
	cat >tiny.conf <<-E2
	Port $tiny
	Listen 127.0.0.1
	Timeout 600
	MaxClients 20
	Allow 127.0.0.1
	BasicAuth me secret
	E2
	start tinyproxy "$tiny" tinyproxy -d -c tiny.conf || exit 1
	real tinyproxy "http://me:secr%65t@127.0.0.1:$tiny"
	run through "http://127.0.0.1:$tiny" --no-stdin gnu -- true
	fails 255 "proxy http://127.0.0.1:$tiny: answered 407" 'tinyproxy: no password'
	run through "http://me:hidden@127.0.0.1:$tiny" --no-stdin gnu -- true
	says "proxy http://127.0.0.1:$tiny: answered 40" 'tinyproxy: a wrong password'
	if stunnel=$(command -v stunnel4 || command -v stunnel); then
		outer=$(free_port)
		cat >stunnel.conf <<-E2
		foreground = yes
		pid =
		[proxy]
		accept = 127.0.0.1:$outer
		connect = 127.0.0.1:$tiny
		cert = $CERTS/server.crt
		key = $CERTS/server.key
		E2
		start stunnel "$outer" "$stunnel" stunnel.conf || exit 1
		real 'tinyproxy behind stunnel' "https://me:secr%65t@127.0.0.1:$outer"
		run through "https://127.0.0.1:$outer" --no-stdin gnu -- true
		fails 255 "proxy https://127.0.0.1:$outer: answered 407" 'behind stunnel: no password'
	else
		skip 4 'tinyproxy behind stunnel' 'no stunnel (package stunnel4)'
	fi
else
	skip 9 'tinyproxy, and behind stunnel' 'no tinyproxy (package tinyproxy-bin)'
fi
if have microsocks; then
	socks=$(free_port)
	start microsocks "$socks" microsocks -i 127.0.0.1 -p "$socks" -u me -P se@cret || exit 1
	real microsocks "socks5://me:se%40cret@127.0.0.1:$socks"
	run through "socks5://127.0.0.1:$socks" --no-stdin gnu -- true
	fails 255 "proxy socks5://127.0.0.1:$socks: " 'microsocks: no password'
	run through "socks5://me:hidden@127.0.0.1:$socks" --no-stdin gnu -- true
	fails 255 "proxy socks5://127.0.0.1:$socks: answered: user or password rejected" 'microsocks: a wrong password'
else
	skip 5 'microsocks' 'no microsocks (package microsocks)'
fi
finish
