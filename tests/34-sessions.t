#!/bin/sh
# Sessions against the test server, over each protocol: streams, exit codes, a
# server that breaks off or lies. One line that names the thing each, nothing
# else.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
cluster_start

sessions() {
	echo "# over $over"
	# Streams and exit codes.
	run_sh 'printf "a\0b\377" | kexec --protocol $over gnu -- cat'
	printf 'a\0b\377' >want
	same want out 'every byte through cat'
	good 'cat'
	run_sh 'kexec --protocol $over gnu -- sh -c "cat; echo end" </dev/null'
	stdout_is end 'empty stdin is an end at once'
	run_sh 'kexec --protocol $over gnu -- sh -c "cat; echo end" <&-'
	stdout_is end 'so is a closed stdin'
	run kexec --protocol $over --no-stdin gnu -- sh -c 'echo out; echo err >&2; exit 7'
	status 7
	stdout_is out
	stderr_is err
	for code in 0 1 2 77 126 127 254 255; do
		run kexec --protocol $over --no-stdin gnu -- sh -c "exit $code"
		status $code "the command's own $code"
	done
	run kexec --protocol $over --no-stdin gnu -- sh -c 'kill -TERM $$'
	status 143 'killed by SIGTERM'
	run kexec --protocol $over --no-stdin gnu -- no-such-program
	fails 127 'executable file not found in $PATH'

	# One request and one connection for one command.
	: >"$CLUSTER_LOG"
	run kexec --protocol $over --no-stdin gnu -- true
	[ "$(cluster_requests .)" -eq 1 ]
	ok $? 'one request for one command'

	# Large streams, both ways at once.
	head -c 20000000 /dev/urandom >big
	run_sh 'kexec --protocol $over gnu -- cat <big | cmp - big'
	good '20 MB there and back'
	run_sh 'kexec --protocol $over --no-stdin gnu -- sh -c "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2" 2>e | wc -c'
	stdout_is 3000000 'all of stdout'
	[ "$(wc -c <e)" -eq 3000000 ]
	ok $? 'and all of stderr'

	# The remote ends before it has read its stdin.
	run_sh 'head -c 100000 /dev/zero | kexec --protocol $over gnu -- sh -c "head -c 5 >/dev/null; exit 3"'
	status 3 'a command that leaves stdin unread'

	run_sh 'head -c 50000000 /dev/zero | kexec --protocol $over fault-reset -- sh -c "head -c 5 >/dev/null; exit 3"'
	status 3 'and the connection is reset behind the verdict'

	# The server breaks off, or lies: never a 0 that was not said.
	fault() {
		fault_pod=$1
		shift
		run kexec --protocol $over --no-stdin "fault-$fault_pod" -- "$@"
	}
	fault cut-65536 head -c 1000000 /dev/zero
	fails 255 'exit status unknown: connection' 'cut after 64 KiB'
	fault cut-0 echo hi
	fails 255 'exit status unknown' 'cut at once'
	fault no-status echo hi
	fails 255 "exit status unknown: $no_status" 'no status'
	[ "$(cat out)" = hi ]
	ok $? 'no status: what came is on stdout'
	fault no-status-drop echo hi
	fails 255 'exit status unknown' 'no status, connection dropped'
	fault status-drop echo hi
	stdout_is hi 'status, then dropped'
	good 'status, then dropped'
	fault status-drop sh -c 'exit 3'
	status 3 'status 3, then dropped'
	run timeout 60 kexec --protocol $over --no-stdin --ping-interval 1s fault-linger -- \
		sh -c 'echo hi; exit 3'
	status 3 'a server that stays, and answers pings, is not waited for'
	fault close-1011 true
	fails 255 "exit status unknown: $closed_1011" 'no status, close 1011'
	fault status-1011 sh -c 'exit 4'
	status 4 'status 4, then close 1011'
	fault slow echo hello
	stdout_is hello 'slow frames'
	good 'slow frames'
	fault fragment sh -c 'echo hello; exit 5'
	stdout_is hello 'fragments'
	status 5 'fragments'
	fault unknown-channel echo hello
	stdout_is hello 'junk on unknown channels'
	good 'junk on unknown channels'
	fault text echo hello
	stdout_is hello 'text frames'
	good 'text frames'
	fault late-data sh -c 'echo hello; exit 6'
	grep -q hello out
	ok $? 'output behind the status'
	status 6 'output behind the status'
	fault split-status sh -c 'exit 9'
	status 9 'a status in pieces'
	fault two-status true
	fails 255 'more than one status'
	fault bad-status true
	fails 255 'status that is no JSON'
	fault huge-status true
	fails 255 'status is too long'
	fault exit-256 true
	fails 255 'status with an invalid exit code'
	fault exit-abc true
	fails 255 'status with an invalid exit code'
	fault exit-0 true
	fails 255 'status with an invalid exit code' 'a failure with exit code 0'
	fault huge-frame true
	fails 255 'exit status unknown' 'a frame of 2^62 bytes'
	run kexec --protocol $over --no-stdin --idle-timeout 300ms fault-stall -- true
	fails 255 'exit status unknown: idle for too long'
}

# in the shell of run_sh as well
export over
over=spdy no_status='no status' closed_1011='no status'
sessions
over=v5 no_status='closed by the server (1000)'
closed_1011='closed by the server (1011)'
sessions

# What only v5 has: nothing is said of a command that left its stdin unread.
run_sh 'head -c 50000000 /dev/zero | kexec --protocol v5 --idle-timeout 1s fault-stdin-queue -- head -c 5'
status 255 'v5: a command that leaves its stdin unread, on a real server'
[ "$(wc -l <err)" -eq 2 ] &&
	head -n 1 err | grep -q '^kexec: default/fault-stdin-queue: no stdin is taken: the command may have ended .* only over SPDY$' &&
	tail -n 1 err | grep -q 'exit status unknown: idle for too long$'
ok $? 'v5: what that may be is said once'
run_sh 'head -c 50000000 /dev/zero | kexec -q --protocol v5 --idle-timeout 1s fault-stdin-queue -- head -c 5'
fails 255 'exit status unknown: idle for too long' '-q: the error alone'
run_sh 'head -c 50000000 /dev/zero | kexec --protocol spdy --idle-timeout 30s fault-stdin-queue -- sh -c "head -c 5; exit 3"'
status 3 'spdy: it just ends'
quiet 'spdy: it just ends'
run_sh '{ sleep 1; echo; } | kexec --protocol v5 --idle-timeout 1500ms gnu -- cat'
good 'v5: stdin that has nothing to send is not stuck'

# What only SPDY has.
over=spdy
fault goaway sh -c 'echo hello; exit 4'
stdout_is hello 'a GOAWAY before all else'
status 4 'a GOAWAY before all else'
fault no-reply sh -c 'echo hello; exit 4'
stdout_is hello 'no SYN_REPLY'
status 4 'no SYN_REPLY'
fault rst-1000 head -c 100000 /dev/zero
fails 255 'exit status unknown: stdout was broken off' 'stdout is reset, then Success'
fault header-bomb true
fails 255 'exit status unknown: header block that is too long' 'headers of 64 MiB'
fault ping-flood echo hello
stdout_is hello '20000 pings'
good '20000 pings'
run_sh 'head -c 50000000 /dev/zero | kexec --protocol auto gnu -- sh -c "head -c 5 >/dev/null; exit 3"'
status 3 'SPDY: a command that leaves 50 MB of stdin unread'
finish
