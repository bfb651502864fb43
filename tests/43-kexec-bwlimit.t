#!/bin/sh
# --bwlimit: no byte is lost, no silence rule trips, and it takes no less time
# than it must.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
cluster_start
kconf >record.json

for rate in x -1 '' 1kk 1t; do
	run kexec --bwlimit "$rate" gnu -- true
	fails 2 "--bwlimit: $rate: not a rate"
done
head -c 1500000 /dev/urandom >data
seconds() {
	cut -d. -f1 /proc/uptime
}
for over in spdy v5; do
	# 1.5 MB at 500 KiB/s are 2.9 s, of which the last piece is not waited for
	for row in 'wc -c' 'head -c 1500000 /dev/zero'; do
		start=$(seconds)
		run_sh "kexec -K record.json --protocol $over --bwlimit 500 --idle-timeout 400ms gnu -- $row <data | tail -c 8"
		good "$over: $row"
		[ $(($(seconds) - start)) -ge 1 ]
		ok $? "$over: $row: it was slowed down"
	done
	[ "$(wc -c <out)" -eq 8 ]
	ok $? "$over: the end of it came"
	run_sh "kexec -K record.json --protocol $over --bwlimit 1m gnu -- cat <data | cmp - data"
	good "$over: both ways at once"
done
finish
