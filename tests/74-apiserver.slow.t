#!/bin/sh
# The test server over ten thousand sessions: it keeps no descriptor, no
# process and no memory of them; and a client of SPDY that does not open what
# it has promised is left after 30 s.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
have python3 || skip_all 'no python3'
cluster_start
python=$(python3 -c 'import sys; print(sys.executable)')
server=$(cat server.pid)
count=${KPIPE_SESSIONS:-10000}

# sessions N
sessions() {
	run "$python" "$KPIPE_TESTS/manysessions.py" "$SERVER_PORT" \
		"$CERTS/ca.crt" "$TOKEN" "$1"
}

# held: how many descriptors and children the server has, when the last
# connection has ended
held() {
	held_left=1000
	until [ "$(grep -c '^connection' "$CLUSTER_LOG")" -eq \
		"$(grep -c '^closed' "$CLUSTER_LOG")" ] || [ $held_left -eq 0 ]; do
		sleep 0.05
		held_left=$((held_left - 1))
	done
	# a connection that has said its last word is read on for a while
	sleep 7
	find "/proc/$server/fd" -mindepth 1 | wc -l
	pgrep -P "$server" | wc -l
}

resident() {
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$server/status"
}

held >want
sessions 800
good 'the first sessions'
held >out
same want out 'no descriptor and no process is left'
before=$(resident)
sessions "$count"
good "$count sessions"
held >out
same want out 'no descriptor and no process is left'
grown=$(($(resident) - before))
echo "# the server has grown by $grown KiB, from $before"
[ "${KPIPE_SAN:-}" ] || [ "$grown" -lt 1024 ]
ok $? 'less than 1 MiB is left, where 100 bytes a session would be that'

run "$python" "$KPIPE_TESTS/spdyclient.py" dump "$SERVER_PORT" \
	"$CERTS/ca.crt" "$TOKEN" gnu 'command=cat&stdin=1&stdout=1' \
	v4.channel.k8s.io open:error open:stdin closed:60
stdout_is 'HTTP/1.1 101 Switching Protocols
X-Stream-Protocol-Version: v4.channel.k8s.io
reply 1 0
reply 3 0
rst 1 5
rst 3 5
goaway 3 0
rest 0
end orderly' 'streams that are never opened'

finish
