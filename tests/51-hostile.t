#!/bin/sh
# ktar-unpack: archives that end too early, full disks, signals.  What hostile
# archives must not do is in 51-hostile-table.t.
. "$KPIPE_TESTS/lib.sh"
umask 022
LC_ALL=C
export LC_ALL

# every cut of an archive fails, and leaves no half file
mkdir src
head -c 700 /dev/urandom >src/small
head -c 40000 /dev/urandom >src/large
: >src/empty
ln -s small src/link
printf 'x' >"src/$(printf '%0150d' 0)"
tar --format=pax -b 1 -cf whole.tar src
size=$(stat -c %s whole.tar)
bad=
n=0
while [ "$n" -lt "$size" ]; do
	for more in 0 $((n * 7 % 511 + 1)); do
		[ $((n + more)) -lt "$size" ] || continue
		rm -rf cut
		mkdir cut
		head -c $((n + more)) whole.tar | ktar-unpack cut 2>err
		rc=$?
		[ "$rc" -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] ||
			bad="$bad $((n + more)):status-$rc"
		for f in cut/src/*; do
			[ -e "$f" ] || continue
			cmp -s "$f" "src/${f#cut/src/}" ||
				bad="$bad $((n + more)):$f"
		done
		[ -z "$(find cut -name '.ktar-unpack-*')" ] ||
			bad="$bad $((n + more)):left-over"
	done
	n=$((n + 512))
done
[ -z "$bad" ]
ok $? "P1 R11 cut at each of $((size / 512)) blocks and in between: $bad"
run_sh 'mkdir all; ktar-unpack all <whole.tar'
good 'and the whole of it is good'

# a full disk: by the file size limit, and on a small file system
head -c 3000000 /dev/zero >zeros
tar cf z.tar small zeros -C src 2>/dev/null || tar cf z.tar -C src small -C .. zeros
mkdir full
run_sh 'ulimit -f 1000; exec ktar-unpack full <z.tar'
stderr_is 'ktar-unpack: zeros: File too large'
status 2 'a file that grows too large'
[ "$(ls -A full)" = small ]
ok $? 'and the partial file is gone'
if [ "$(id -u)" -eq 0 ] && mkdir tmp &&
	mount -t tmpfs -o size=1m tmpfs tmp 2>/dev/null; then
	run ktar-unpack tmp <z.tar
	left=$(ls -A tmp)
	umount tmp
	stderr_is 'ktar-unpack: zeros: No space left on device'
	status 2 'a full disk'
	[ "$left" = small ]
	ok $? 'a full disk: the partial file is gone'
else
	skip 3 'a full disk' 'mounting needs root'
fi

# nobody reads what is said about it
mkfifo gone
mkdir unheard
exec 4<>gone
exec 5>gone 4>&-
# shellcheck disable=SC2034 # ok shows it
last='a failure that nobody hears'
rc=0
(
	ulimit -f 1000
	exec ktar-unpack unheard <z.tar 2>&5
) || rc=$?
exec 5>&-
status 141
[ "$(ls -A unheard)" = small ]
ok $? 'a failure that nobody hears: the partial file is gone'

# interrupted: the partial file is gone, and the signal is the status
mkfifo pipe
for sig in INT TERM; do
	# shellcheck disable=SC2034 # ok shows it
	last="kill -$sig"
	rm -rf stop
	mkdir stop
	# env undoes what the shell does to background jobs
	env --default-signal=INT ktar-unpack stop <pipe 2>err &
	pid=$!
	{
		head -c 100000 z.tar
		tries=0
		while [ -z "$(find stop -name '.ktar-unpack-*')" ] &&
			[ $tries -lt 300 ]; do
			sleep 0.1
			tries=$((tries + 1))
		done
		find stop -name '.ktar-unpack-*' >seen
		kill -$sig $pid
		# the reader must not see an end before the signal
		while kill -0 $pid 2>/dev/null && [ $tries -lt 300 ]; do
			sleep 0.1
			tries=$((tries + 1))
		done
	} >pipe
	rc=0
	wait $pid || rc=$?
	[ -s seen ] && [ "$(ls -A stop)" = small ]
	ok $? "$sig: the file was being written, and is gone"
	[ $rc -gt 128 ] && [ "$(kill -l $rc)" = $sig ]
	ok $? "$sig: ends the process"
done
finish
