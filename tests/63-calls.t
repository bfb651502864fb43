#!/bin/sh
# System calls of kexec while bytes flow, and while none do.  How many there are
# to a MiB depends on how fast the server is beside us, so that is only printed;
# what must hold is that a stream which pauses is waited for, not asked for.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
command -v strace >/dev/null || skip_all 'no strace'
[ -z "$KPIPE_SAN" ] || skip_all "calls of a build with $KPIPE_SAN"
cluster_start
kconf >record.json

# calls: how many strace counted
calls() {
	awk '$NF == "total" { print $4 }' counts
}

for protocol in spdy v5; do
	kexec="strace -f -c -o counts kexec -K record.json --protocol $protocol"

	run_sh "$kexec --no-stdin gnu -- head -c 67108864 /dev/zero | wc -c"
	stdout_is 67108864 "$protocol: down"
	echo "# measured: kexec, $protocol, down: $(($(calls) / 64)) calls a MiB"

	run_sh "head -c 67108864 /dev/zero | $kexec gnu -- wc -c"
	stdout_is 67108864 "$protocol: up"
	echo "# measured: kexec, $protocol, up: $(($(calls) / 64)) calls a MiB"

	run_sh "strace -f -o trace kexec -K record.json --protocol $protocol \
--no-stdin gnu -- sh -c 'head -c 33554432 /dev/zero; sleep 4' | wc -c"
	stdout_is 33554432 "$protocol: a burst, and silence"
	# 4000 were there one each millisecond
	polls=$(grep -c 'poll(' trace)
	[ "$polls" -lt 3000 ]
	ok $? "$protocol: $polls polls, so silence is slept through"
done

finish
