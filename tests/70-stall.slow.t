#!/bin/sh
# Liveness is not progress: a reader that sleeps for 75 s, a remote that sleeps
# for 75 s before it reads its stdin. kubectl kills both sessions. All sessions
# sleep at the same time.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_start

head -c 20000000 /dev/urandom >data

waiting=
for over in spdy v5; do
	# -ping-interval 5s: many pings must go unanswered, and be forgiven
	(
		kexec --protocol $over --ping-interval 5s "$POD" -- cat <data 2>"$over-reader.err"
		echo $? >"$over-reader.rc"
	) | { sleep 75; cat; } >"$over-reader.out" &
	waiting="$waiting $!"
	(
		kexec --protocol $over --ping-interval 5s "$POD" -- \
			sh -c 'sleep 75; cat; exit 3' <data >"$over-remote.out" 2>"$over-remote.err"
		echo $? >"$over-remote.rc"
	) &
	waiting="$waiting $!"
	# little enough that every buffer on the way takes it, and then silence
	(
		head -c 200000 data | kexec --protocol $over --ping-interval 5s "$POD" -- \
			sh -c 'sleep 75; cat' >"$over-quiet.out" 2>"$over-quiet.err"
		echo $? >"$over-quiet.rc"
	) &
	waiting="$waiting $!"
	(
		kexec --protocol $over --ping-interval 5s --no-stdin "$POD" -- sleep 75 2>"$over-idle.err"
		echo $? >"$over-idle.rc"
	) &
	waiting="$waiting $!"
done
# the server is a child as well, so each by name
for pid in $waiting; do
	wait "$pid"
done

for over in spdy v5; do
	last='sessions that stall'
	same data "$over-reader.out" "$over: a reader that sleeps for 75 s gets every byte"
	[ "$(cat "$over-reader.rc")" -eq 0 ] && [ ! -s "$over-reader.err" ]
	ok $? "$over: and the session ends with 0, in silence"
	same data "$over-remote.out" "$over: a remote that sleeps for 75 s gets every byte"
	# over v5 nobody can tell this remote from one that has ended
	case $over in
	spdy) [ ! -s "$over-remote.err" ] ;;
	v5)
		grep -q ': no stdin is taken: ' "$over-remote.err" &&
			[ "$(wc -l <"$over-remote.err")" -eq 1 ]
		;;
	esac && [ "$(cat "$over-remote.rc")" -eq 3 ]
	ok $? "$over: and its own exit status"
	head -c 200000 data | cmp - "$over-quiet.out"
	ok $? "$over: a short stdin that is left unread for 75 s gets there"
	[ "$(cat "$over-quiet.rc")" -eq 0 ] && [ ! -s "$over-quiet.err" ]
	ok $? "$over: and the session ends with 0, in silence"
	[ "$(cat "$over-idle.rc")" -eq 0 ] && [ ! -s "$over-idle.err" ]
	ok $? "$over: a command that is silent for 75 s ends with 0"
done
finish
