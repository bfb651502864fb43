#!/bin/sh
# Many sessions at once, each with bytes of its own both ways.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_start
kconf >record.json

seq 64 >numbers
head -c 300000 /dev/urandom >noise
for protocol in spdy v5; do
	while read -r n; do
		{
			echo "$n"
			cat noise
		} >"in.$n"
		(
			kexec -K record.json --protocol "$protocol" "$POD" -- \
				sh -c "cat; echo $n >&2; exit $n" \
				<"in.$n" >"out.$n" 2>"err.$n"
			echo $? >"status.$n"
		) &
	done <numbers
	wait_for=0
	until [ "$(find . -name 'status.*' -size +0 | wc -l)" -eq 64 ] ||
		[ $wait_for -eq 1200 ]; do
		sleep 0.1
		wait_for=$((wait_for + 1))
	done
	good=0
	while read -r n; do
		if cmp -s "in.$n" "out.$n" && [ "$(cat "err.$n")" = "$n" ] &&
			[ "$(cat "status.$n")" -eq "$n" ]; then
			good=$((good + 1))
		else
			echo "# session $n: status $(cat "status.$n")"
			head -n 1 "err.$n" | sed 's/^/# /'
		fi
	done <numbers
	[ $good -eq 64 ]
	ok $? "$protocol: $good of 64 at once: every byte, both outputs, the status"
	rm -f status.* out.* err.*
done

finish
