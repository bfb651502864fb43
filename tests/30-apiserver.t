#!/bin/sh
# The check on the checker: tests/apiserver answers as a real API server has
# been recorded to answer, and tells its faults.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
cluster_start
bearer=${TOKEN:?}

wire=$KPIPE_TESTS/wire
# The interpreter itself, not what stands in front of it on PATH.
python=
if have python3; then
	python=$(python3 -c 'import sys; print(sys.executable)')
fi
gnu=$CLUSTER_ROOT/default/gnu

# --- HTTP, by curl

# api PATH [CURL OPTIONS]: a request with the token $bearer
api() {
	api_path=$1
	shift
	run curl -sS --cacert "$CERTS/ca.crt" -H "Authorization: Bearer $bearer" \
		"$@" "$SERVER_URL$api_path"
}

# answered CODE NAME: what curl -w wrote behind the body
answered() {
	[ "$rc" -eq 0 ] && [ ! -s err ] && [ "$(tail -n 1 out)" = "$1" ]
	ok $? "$2: $1"
}

# body_of RECORDING: the recorded body
body_of() {
	"$python" -c 'import json, sys
for line in open(sys.argv[1]):
	item = json.loads(line)
	if item["kind"] == "http-body":
		sys.stdout.write(item["text"])' "$wire/$1.jsonl"
}

if have curl && [ -n "$python" ]; then
	for p in /version /api /apis /api/v1 /api/v1/pods \
		/api/v1/namespaces/default/pods \
		/api/v1/namespaces/default/pods/gnu; do
		api $p
		good "GET $p"
		check "GET $p: JSON" "$python" -m json.tool out
	done
	api /api/v1/namespaces/default/pods/gnu/exec?command=true -w '%{http_code}'
	answered 400 'exec without an upgrade'
	api /nothing -w '%{http_code}'
	answered 404 'a path that is not there'
	api /api/v1/namespaces/default/pods/..%2f..%2fdefault -w '%{http_code}'
	answered 404 'a pod name that is a path'

	exec=/api/v1/namespaces/default/pods
	bearer=wrong
	api $exec/gnu
	body_of http-401 >want
	same want out 'a wrong token: the recorded body'
	run curl -sS --cacert "$CERTS/ca.crt" "$SERVER_URL$exec/gnu"
	same want out 'no credentials: the same'
	run curl -sS --cacert "$CERTS/ca.crt" --cert "$CERTS/other-client.crt" \
		--key "$CERTS/other-client.key" "$SERVER_URL$exec/gnu"
	same want out 'a client certificate of another authority: the same'
	run curl -sS --cacert "$CERTS/ca.crt" -u admin:wrong "$SERVER_URL$exec/gnu"
	same want out 'a wrong password: the same'
	bearer=viewer-token
	api "$exec/gnu/exec?command=true&stdout=1"
	body_of http-403 >want
	same want out 'a viewer: the recorded body'
	api "$exec/gnu/exec?command=true&stdout=1" -X POST
	sed -i 's/cannot get/cannot create/' want
	same want out 'a viewer that POSTs: create'
	bearer=$TOKEN
	api "$exec/nosuch/exec?command=true&stdout=1"
	body_of http-404-pod >want
	same want out 'no such pod: the recorded body'
	api "$exec/gnu/exec?container=nope&command=true&stdout=1"
	body_of http-400-bad-container >want
	same want out 'a wrong container: the recorded body'
	api "$exec/multi/exec?command=true&stdout=1"
	body_of http-400-no-container >want
	same want out 'no container named: the recorded body'

	api "$exec/gnu/exec?container=%ffx&command=true&stdout=1"
	check 'a name that is no UTF-8 is told as U+FFFD' \
		grep -qF 'container \ufffdx is not valid' out

	run curl -sS --cacert "$CERTS/other-ca.crt" "$SERVER_URL/version"
	status 60 'the certificate of the server is checked against its CA'
else
	skip 28 'HTTP answers' 'no curl or no python3'
fi

# --- the recordings

if [ -n "$python" ]; then
	for f in "$wire"/http-*.jsonl "$wire"/no-*.jsonl "$wire"/v[45]-*.jsonl; do
		name=${f##*/}
		token=$TOKEN
		case $name in
		http-401.jsonl) token=wrong ;;
		http-403.jsonl) token=viewer-token ;;
		esac
		check "as recorded: ${name%.jsonl}" "$python" \
			"$KPIPE_TESTS/wsclient.py" replay "$f" "$SERVER_PORT" \
			"$CERTS/ca.crt" "$token"
	done
else
	skip 22 'the recordings' 'no python3'
fi

# --- faults, each once

# fault NAME QUERY LINES [SENT [SECONDS]]: what is printed by wsclient.py dump
fault() {
	printf '%s\n' "$3" >want
	run "$python" "$KPIPE_TESTS/wsclient.py" dump "$SERVER_PORT" \
		"$CERTS/ca.crt" "$TOKEN" "fault-$1" \
		"stdin=1&stdout=1&stderr=1&command=$2" v5.channel.k8s.io \
		${4+"$4"} ${5+"$5"}
	# Long texts are told by their beginning.
	cut -c1-49 out >short
	[ "$rc" -eq 0 ] && [ ! -s err ] && cmp -s want short
	ok $? "fault-$1"
}

ok101='HTTP/1.1 101 Switching Protocols'
success='text 3 "{\"metadata\":{},\"status\":\"Success\"}"'
failure="text 3 \"{\\\"metadata\\\":{},\\\"status\\\":\\\"Failure\\\",\\"
if [ -n "$python" ]; then
	hi="$ok101
frame 1 2 1 0
frame 1 2 1 3"
	fault no-status 'echo&command=hi' "$hi
frame 1 8 03e8
text 1 \"hi\\n\"
rest 0
end orderly"
	fault no-status-drop 'echo&command=hi' "$hi
text 1 \"hi\\n\"
rest 0
end cut"
	fault status-drop 'echo&command=hi' "$hi
frame 1 2 3 34
text 1 \"hi\\n\"
$success
rest 0
end cut"
	fault reset 'echo&command=hi' "$hi
frame 1 2 3 34
frame 1 8 03e8
text 1 \"hi\\n\"
$success
rest 0
end reset"
	fault close-1011 'echo&command=hi' "$hi
frame 1 8 03f3
text 1 \"hi\\n\"
rest 0
end orderly"
	fault status-1011 'echo&command=hi' "$hi
frame 1 2 3 34
frame 1 8 03f3
text 1 \"hi\\n\"
$success
rest 0
end orderly"
	fault late-data 'echo&command=hi' "$hi
frame 1 2 3 34
frame 1 2 1 5
frame 1 8 03e8
text 1 \"hi\\nlate\\n\"
$success
rest 0
end orderly"
	fault split-status 'echo&command=hi' "$hi
frame 1 2 3 11
frame 1 2 3 11
frame 1 2 3 12
frame 1 8 03e8
text 1 \"hi\\n\"
$success
rest 0
end orderly"
	fault two-status 'echo&command=hi' "$hi
frame 1 2 3 34
frame 1 2 3 212
frame 1 8 03e8
text 1 \"hi\\n\"
${success%?}{
rest 0
end orderly"
	fault bad-status 'echo&command=hi' "$hi
frame 1 2 3 26
frame 1 8 03e8
text 1 \"hi\\n\"
text 3 \"the command has ended well\"
rest 0
end orderly"
	fault huge-status 'echo&command=hi' "$hi
frame 1 2 3 4194450
frame 1 8 03e8
text 1 \"hi\\n\"
$failure
rest 0
end orderly"
	fault exit-256 'echo&command=hi' "$hi
frame 1 2 3 216
frame 1 8 03e8
text 1 \"hi\\n\"
$failure
rest 0
end orderly"
	fault text 'echo&command=hi' "$ok101
frame 1 1 1 0
frame 1 1 1 3
frame 1 1 3 34
frame 1 8 03e8
text 1 \"hi\\n\"
$success
rest 0
end orderly"
	fault fragment 'echo&command=hi' "$ok101
frame 0 2 1 0
frame 1 9 78
frame 1 0 1 0
frame 0 2 1 1
frame 1 9 78
frame 1 0 1 2
frame 0 2 3 17
frame 1 9 78
frame 1 0 3 17
frame 1 8 03e8
text 1 \"hi\\n\"
$success
rest 0
end orderly"
	fault unknown-channel 'true' "$ok101
frame 1 2 7 4
frame 1 2 255 4
frame 1 2 1 0
frame 1 2 7 4
frame 1 2 255 4
frame 1 2 3 34
frame 1 8 03e8
text 1 \"\"
$success
text 7 \"junkjunk\"
text 255 \"junkjunk\"
rest 0
end orderly"
	fault cut-5 'echo&command=hello+world' "$ok101
frame 1 2 1 0
frame 1 2 1 5
text 1 \"hello\"
rest 0
end cut"
	fault huge-frame 'true' "$ok101
rest 1048576
end cut"
	fault slow 'echo&command=twelve+and+twelve' "$ok101
frame 1 2 1 0
frame 1 2 1 16
frame 1 2 1 2
frame 1 2 3 34
frame 1 8 03e8
text 1 \"twelve and twelve\\n\"
$success
rest 0
end orderly"
	fault lie-success 'wc&command=-c' "$ok101
frame 1 2 1 0
frame 1 2 1 6
frame 1 2 3 34
frame 1 8 03e8
text 1 \"65536\\n\"
$success
rest 0
end orderly" "2:00$(printf %02000d 0)*100"
	# The command waits until its pipe is full and more is queued.
	cat >"$cluster_default/fault/full" <<'EOF'
my ($size, $n) = (fcntl(STDIN, 1032, 0), pack("L", 0));
do {
	select(undef, undef, undef, 0.5);
	ioctl(STDIN, 0x541b, $n) or die;
} until unpack("L", $n) > $size / 2;
print "full\n";
EOF
	fault stdin-queue 'perl&command=full' "$ok101
frame 1 2 1 0
frame 1 2 1 5
text 1 \"full\\n\"
rest 0
end waiting" "2:00$(printf %04000d 0)*500" 1
	fault stdin-queue 'cat' "$ok101
frame 1 2 1 0
frame 1 2 1 2
frame 1 2 3 34
frame 1 8 03e8
text 1 \"hi\"
$success
rest 0
end orderly" "2:006869,2:ff00"
	fault bytes 'echo&command=hi' "$ok101
frame 1 2 1 0
frame 1 2 1 1
frame 1 2 1 1
frame 1 2 1 1
frame 1 2 3 34
frame 1 8 03e8
text 1 \"hi\n\"
$success
rest 0
end orderly"
	fault ping-flood 'true' "$ok101
frame 1 2 1 0
$(yes 'frame 1 9 666c6f6f64' | head -n 20000)
frame 1 2 3 34
frame 1 8 03e8
text 1 \"\"
$success
rest 0
end orderly"
	fault 502 'true' 'HTTP/1.1 502 Bad Gateway
upstream connect error'
	fault not-101-200 'true' 'HTTP/1.1 200 OK
<html><body>Please log in</body></html>'
	fault bad-accept 'true' "$ok101
accept is wrong"
	fault stall-in 'echo&command=hi' "$hi
frame 1 2 3 34
frame 1 8 03e8
text 1 \"hi\\n\"
$success
rest 0
end orderly"
else
	skip 27 'faults' 'no python3'
fi

# --- the server itself

check 'the log counts connections' grep -q '^connection$' "$CLUSTER_LOG"
[ "$(cluster_requests 'pods/nosuch/exec')" -ge 1 ]
ok $? 'the log counts requests'

# closed LINE NAME: what the log will say of the connections since it was empty
closed() {
	closed_left=500
	until grep -q '^closed' "$CLUSTER_LOG" || [ $closed_left -eq 0 ]; do
		sleep 0.02
		closed_left=$((closed_left - 1))
	done
	grep -v '^request' "$CLUSTER_LOG" >out
	printf 'connection\nclosed\t%s\n' "$1" >want
	same want out "the log counts bytes and turns: $2"
}

if have curl && [ -n "$python" ]; then
	: >"$CLUSTER_LOG"
	api /api -o first -o second -D heads "$SERVER_URL/api" -H 'X: y' -H User-Agent:
	n=$((2 * ($(printf 'GET /api HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nAuthorization: Bearer %s\r\nAccept: */*\r\nX: y\r\n\r\n' \
		"$SERVER_PORT" "$TOKEN" | wc -c))))
	closed "2	$n	$(cat heads first second | wc -c)	2" 'two requests, one after another'
	: >"$CLUSTER_LOG"
	printf 'GET /api HTTP/1.1\r\nAuthorization: Bearer %s\r\n\r\n' \
		"$TOKEN" >twice
	printf 'GET /api HTTP/1.1\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n' \
		"$TOKEN" >>twice
	"$python" -c 'import socket, ssl, sys
c = ssl.create_default_context(cafile=sys.argv[2])
s = c.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1]))),
                  server_hostname="127.0.0.1")
s.sendall(sys.stdin.buffer.read())
while data := s.recv(65536):
    sys.stdout.buffer.write(data)' "$SERVER_PORT" "$CERTS/ca.crt" <twice >answers
	closed "2	$(wc -c <twice)	$(wc -c <answers)	1" 'two requests at once'
else
	skip 2 'bytes and turns' 'no curl or no python3'
fi

# A client that hangs up takes its command with it.
if [ -n "$python" ]; then
	"$python" "$KPIPE_TESTS/wsclient.py" dump "$SERVER_PORT" \
		"$CERTS/ca.crt" "$TOKEN" gnu \
		"stdout=1&command=sh&command=-c&command=echo+%24%24+%3Epid%3B+exec+sleep+1000" \
		v5.channel.k8s.io >out 2>&1 &
	client=$!
	until [ -s "$gnu/pid" ]; do sleep 0.02; done
	kill "$client"
	wait "$client" 2>/dev/null
	pid=$(cat "$gnu/pid")
	left=500
	while kill -0 "$pid" 2>/dev/null && [ $left -gt 0 ]; do
		sleep 0.02
		left=$((left - 1))
	done
	check 'the command of a client that is gone is killed' [ $left -gt 0 ]
else
	skip 1 'a client that is gone' 'no python3'
fi

cluster_serve second --plain --prefix /some/where
if have curl; then
	run curl -sS "http://127.0.0.1:$(cat second.port)/some/where/api"
	good 'plain HTTP and a prefix'
	run curl -sS -o /dev/null -w '%{http_code}\n' \
		"http://127.0.0.1:$(cat second.port)/api"
	stdout_is 404 'nothing outside the prefix'
else
	skip 2 'plain HTTP' 'no curl'
fi
kill "$(cat second.pid)"
rc=0
wait "$(cat second.pid)" || rc=$?
[ "$rc" -eq 0 ]
ok $? 'SIGTERM: exit 0'

finish
