#!/bin/sh
# Liveness is not progress: a reader that sleeps for 75 s, a remote that sleeps
# for 75 s before it reads its stdin. kubectl kills both sessions. All sessions
# sleep at the same time.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_start

head -c 20000000 /dev/urandom >data

# -ping-interval 5s: many pings must go unanswered, and be forgiven
(
	kexec --ping-interval 5s "$POD" -- cat <data 2>reader.err
	echo $? >reader.rc
) | { sleep 75; cat; } >reader.out &
waiting=$!
(
	kexec --ping-interval 5s "$POD" -- \
		sh -c 'sleep 75; cat; exit 3' <data >remote.out 2>remote.err
	echo $? >remote.rc
) &
waiting="$waiting $!"
# little enough that every buffer on the way takes it, and then silence
(
	head -c 200000 data | kexec --ping-interval 5s "$POD" -- \
		sh -c 'sleep 75; cat' >quiet.out 2>quiet.err
	echo $? >quiet.rc
) &
waiting="$waiting $!"
(
	kexec --ping-interval 5s --no-stdin "$POD" -- sleep 75 2>idle.err
	echo $? >idle.rc
) &
waiting="$waiting $!"
# the server is a child as well, so each by name
for pid in $waiting; do
	wait "$pid"
done

last='sessions that stall'
same data reader.out 'a reader that sleeps for 75 s gets every byte'
[ "$(cat reader.rc)" -eq 0 ] && [ ! -s reader.err ]
ok $? 'and the session ends with 0, in silence'
same data remote.out 'a remote that sleeps for 75 s gets every byte'
[ "$(cat remote.rc)" -eq 3 ] && [ ! -s remote.err ]
ok $? 'and its own exit status'
head -c 200000 data | cmp - quiet.out
ok $? 'a short stdin that is left unread for 75 s gets there'
[ "$(cat quiet.rc)" -eq 0 ] && [ ! -s quiet.err ]
ok $? 'and the session ends with 0, in silence'
[ "$(cat idle.rc)" -eq 0 ] && [ ! -s idle.err ]
ok $? 'a command that is silent for 75 s ends with 0'
finish
