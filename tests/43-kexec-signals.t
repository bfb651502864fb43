#!/bin/sh
# Signals: they end stdin, and leave the command a moment; a second one does
# not; before there is a session they end kexec, and kconf with it.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
have python3 || skip_all 'no python3'
cluster_start
kconf >record.json

# signals STEP... -- COMMAND...
signals() {
	run python3 "$KPIPE_TESTS/signals.py" "$@"
}
# ended STATUS NAME: the last run ended so, silently
ended() {
	[ "$rc" -eq "$1" ] && [ ! -s err ]
	ok $? "$2: $1, silently"
}

for over in spdy v5; do
	for row in 'INT 130' 'TERM 143' 'HUP 129'; do
		name=${row% *}
		signals out:up send:"$name" -- kexec -K record.json \
			--protocol $over gnu -- sh -c 'echo up; cat; sleep 0.3; echo bye; exit 3'
		ended 3 "$over: $name ends stdin, and the command's status is heard"
		[ "$(cat out)" = 'up
bye' ]
		ok $? "$over: and its last words"
		# all three once
		case $over$name in
		spdyHUP | v5INT | v5TERM) ;;
		*) continue ;;
		esac
		signals out:up send:"$name" -- kexec -K record.json \
			--protocol $over gnu -- sh -c 'echo up; exec sleep 60'
		ended "${row#* }" "$over: $name, and a command that does not end"
	done
	# alone the first would be answered with a status
	signals out:up send:TERM for:0.1 send:INT -- kexec -K record.json \
		--protocol $over gnu -- sh -c 'echo up; cat; sleep 1; exit 3'
	ended 143 "$over: a second signal"
	signals out:y stall for:0.3 send:INT -- kexec -K record.json \
		--protocol $over --no-stdin gnu -- yes
	ended 130 "$over: nobody reads stdout"
	# the verdict is there, and what a pipe of 1 MiB has no room for waits
	signals out:y stall for:0.5 send:INT -- kexec -K record.json \
		--protocol $over --no-stdin gnu -- sh -c 'yes | head -c 1200000'
	ended 130 "$over: nobody reads stdout, and the session is over"
done
signals ignore:HUP ignore:INT out:up send:HUP send:INT for:2.5 stdin: -- \
	kexec -K record.json gnu -- sh -c 'echo up; cat; exit 4'
ended 4 'what was ignored when it started stays ignored'
# the output never ends: signals are heard all the same
signals err:up send:TERM -- sh -c 'exec kexec -K record.json --no-stdin gnu -- \
	sh -c "echo up >&2; exec cat /dev/zero" >/dev/null'
[ "$rc" -eq 143 ]
ok $? 'a command that never stops talking: 143'
signals out:up send:INT -- kexec -v -K record.json --no-stdin gnu -- \
	sh -c 'echo up; exec sleep 60'
[ "$rc" -eq 130 ] && grep -q 'exit status unknown: Interrupt' err
ok $? '-v says so'

# Before the session: kconf, and its plugin, end with kexec.
cat >slow <<'SH'
#!/bin/sh
echo $$ >plugin.pid
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
for row in 'INT 130' 'TERM 143' 'KILL 137'; do
	rm -f plugin.pid
	signals file:plugin.pid send:"${row% *}" -- kexec --kubeconfig plugin.conf gnu -- cat
	ended "${row#* }" "${row% *} while a plugin is waited for"
	# its end is seen by init first
	tries=0
	while kill -0 "$(cat plugin.pid)" 2>/dev/null && [ $tries -lt 200 ]; do
		tries=$((tries + 1))
		sleep 0.05
	done
	[ $tries -lt 200 ]
	ok $? "${row% *}: the plugin has gone"
done
python3 -c '
import socket, time
with socket.create_server(("127.0.0.1", 0)) as s:
    print(s.getsockname()[1], file=open("mute.port", "w"), flush=True)
    c = s.accept()[0]
    c.recv(1)
    open("mute.there", "w").close()
    while c.recv(65536):
        pass
' &
until [ -s mute.port ]; do
	sleep 0.02
done
sed "s,\"server\": \"[^\"]*\",\"server\": \"https://127.0.0.1:$(cat mute.port)\"," \
	record.json >mute.json
signals file:mute.there send:TERM -- kexec -K mute.json gnu -- cat
ended 143 'TERM while the server is silent'
finish
