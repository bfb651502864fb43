#!/bin/sh
# --status-fd: a line for the open session, a line for its end, whichever way
# that comes; and a reader that does not read holds nothing up.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
have python3 || skip_all 'no python3'
cluster_start
kconf >record.json

for fd in 0 1 2; do
	run kexec --status-fd $fd gnu -- true
	fails 2 "--status-fd: $fd: is stdin, stdout or stderr"
done
for fd in x -1 '' 3x 99999999999999999999; do
	run kexec --status-fd "$fd" gnu -- true
	fails 2 "--status-fd: $fd: not a descriptor"
done
run_sh 'kexec --status-fd 9 gnu -- true 9>&-'
fails 2 '--status-fd: 9: not open for writing' 'a closed descriptor'
run_sh 'kexec --status-fd 9 gnu -- true 9</dev/null'
fails 2 '--status-fd: 9: not open for writing' 'one that is for reading'

# events LINE...: the events of the last run are these
events() {
	printf '%s\n' "$@" >want
	cmp -s want events || cp events err
	cmp -s want events
	ok $? "$last: events: $1"
}
connected() {
	printf '{"event":"connected","server":"%s","protocol":"%s","namespace":"default","pod":"%s"}' \
		"$SERVER_URL" "$over" "$1"
}
ended() {
	printf '{"event":"exit","code":%s,"end":"%s",%s"protocol":"%s","sent":%s,"received":%s}' \
		"$1" "$2" "$5" "$over" "$3" "$4"
}
for over in spdy v5; do
	kexec="kexec -K record.json --protocol $over --status-fd 3"
	run_sh "printf hello | $kexec gnu -- sh -c 'cat; echo e >&2; exit 3' 3>events"
	status 3 "$over: status 3"
	events "$(connected gnu)" "$(ended 3 exited 5 7 '')"
	run_sh "$kexec --no-stdin gnu -- true 3>events"
	good "$over: a success"
	events "$(connected gnu)" "$(ended 0 exited 0 0 '')"
	run_sh "$kexec --no-stdin fault-cut-5 -- echo hello there 3>events"
	grep -q '"code":255,"end":"unknown","message":"[^"]*","protocol":"'$over'","sent":0,"received":5}' events
	ok $? "$over: a lost connection: $(tail -n 1 events)"
	run_sh "$kexec --no-stdin gnu -- no-such-program 3>events"
	grep -q '"code":127,"end":"failed","message":".*not found in' events
	ok $? "$over: a command that is not there"
	run_sh "{ $kexec --no-stdin gnu -- yes 3>events; } | head -n 1"
	grep -q '"code":141,"end":"reader-gone","message":"Broken pipe"' events
	ok $? "$over: the reader of stdout is gone"
	run_sh "$kexec --no-stdin gnu -- head -c 1000000 /dev/zero >/dev/full 3>events"
	grep -q '"code":255,"end":"stdout","message":"No space left' events
	ok $? "$over: stdout cannot be written"
	run_sh "$kexec gnu -- cat </ 3>events"
	grep -q '"code":255,"end":"stdin","message":"Is a directory"' events
	ok $? "$over: stdin cannot be read"
	run python3 "$KPIPE_TESTS/signals.py" out:up send:TERM -- sh -c "
		exec $kexec gnu -- sh -c 'echo up; exec sleep 60' 3>events"
	grep -q '"code":143,"end":"signal","message":"Terminated"' events
	ok $? "$over: a signal"
done
run_sh 'kexec -K record.json --status-fd 3 multi -- true 3>events </dev/null'
grep -q '"pod":"multi","container":"first"}' events
ok $? 'the container, if one was named'

# No session: refused, unreachable, no credentials, a signal.
none='{"event":"exit","code":255,"end":"no-session","sent":0,"received":0}'
run_sh 'kexec --context viewer --status-fd 3 gnu -- true 3>events'
status 255 'forbidden'
events "$none"
run_sh 'kexec -s https://127.0.0.1:1 --status-fd 3 gnu -- true 3>events'
status 255 'unreachable'
events "$none"
run_sh 'kexec --context nope --status-fd 3 gnu -- true 3>events'
status 255 'no credentials'
events "$none"
cat >slow <<'SH'
#!/bin/sh
: >plugin.runs
exec sleep 60
SH
chmod +x slow
cat >plugin.conf <<CONF
current-context: c
clusters: [{name: k, cluster: {server: "$SERVER_URL"}}]
contexts: [{name: c, context: {cluster: k, user: u}}]
users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1,
  command: ./slow, interactiveMode: Never}}}]
CONF
for row in 'HUP 129' 'INT 130' 'TERM 143'; do
	rm -f events plugin.runs
	run python3 "$KPIPE_TESTS/signals.py" file:plugin.runs send:"${row% *}" -- \
		sh -c 'exec kexec --kubeconfig plugin.conf --status-fd 3 gnu -- true 3>events'
	status "${row#* }" "${row% *} before there is a session"
	events '{"event":"exit","code":'"${row#* }"',"end":"signal","sent":0,"received":0}'
done

# A reader that has gone, or does not read: said, and nothing else changes.
run_sh '{ kexec -K record.json --no-stdin --status-fd 3 gnu -- sh -c "echo hi; exit 4" 3>&1 >out2; echo $? >rc; } | :'
says '--status-fd 3: Broken pipe'
[ "$(cat rc)" -eq 4 ] && [ "$(cat out2)" = hi ]
ok $? 'a reader that has gone: the status and stdout are right'
cat >full.py <<'PYTHON'
import fcntl, os, subprocess, sys
r, w = os.pipe()
fcntl.fcntl(w, fcntl.F_SETFL, os.O_NONBLOCK)
try:
    while True:
        os.write(w, b"x" * 4096)
except BlockingIOError:
    pass
fcntl.fcntl(w, fcntl.F_SETFL, 0)
sys.exit(subprocess.call(
    ["kexec", "-K", "record.json", "--no-stdin", *sys.argv[1:],
     "--status-fd", str(w), "gnu", "--", "sh", "-c", "echo hi; exit 4"],
    pass_fds=[w]))
PYTHON
run python3 full.py
fails 4 'its reader does not read' 'a reader that does not read'
[ "$(cat out)" = hi ]
ok $? 'and stdout is right'
run python3 full.py -q
[ "$rc" -eq 4 ] && [ ! -s err ]
ok $? '-q: no word about it'
finish
