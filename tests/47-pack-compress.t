#!/bin/sh
# ktar-pack -z and --zstd: gzip and zstd read them, and a stream that is broken
# off is one for them as well.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/packfault.sh"

for peer in tar gzip zstd; do
	have "$peer" || skip_all "no $peer"
done
timer=/usr/bin/time

# broken READER MEMBERS WHAT: both READER -d and the tar behind it fail on out,
# and leave MEMBERS
broken() {
	mkdir into
	rc=0
	"$1" -dc <out >plain.tar 2>err || rc=$?
	[ "$rc" -eq 1 ]
	ok $? "$1 fails: $3"
	rc=0
	tar -C into -xf plain.tar >log 2>&1 || rc=$?
	left=$(find into -type f -printf '%P\n' | sort | tr '\n' ' ')
	[ "$rc" -eq 2 ] && [ "$left" = "$2" ]
	ok $? "and so does tar behind it: $3, and leaves: $2"
	rm -rf into
}

mkdir -p src/d empty
echo a >src/a
head -c 3000000 /dev/urandom >src/d/noise
yes | head -c 9000000 >src/d/yes
: >src/z
ktar-pack src >want.tar
ktar-pack -C empty . >none.tar

for kind in 'gzip -z' 'gzip --gzip' 'zstd --zstd'; do
	reader=${kind% *}
	option=${kind#* }
	run ktar-pack "$option" src
	good
	mv out one
	run_sh "$reader -dc <one >two"
	good "$reader reads it"
	same want.tar two "$option: the same stream"
	[ "$(wc -c <one)" -lt 6000000 ]
	ok $? "$option: and smaller"
	run ktar-pack "$option" src
	same one out "$option: two runs give the same bytes"
	run_sh "ktar-pack $option -C empty . | $reader -dc"
	same none.tar out "$option: a stream of nothing"

	run ktar-pack "$option" src/a nowhere
	fails 2 'ktar-pack: nowhere: No such file or directory'
	broken "$reader" '' "$option, a missing path"
	run faulty list:1 ktar-pack "$option" src/a src/d src
	status 2
	broken "$reader" 'src/a ' "$option, a path that cannot be listed"
	run faulty eio:4 ktar-pack "$option" src/a src/d
	status 2
	broken "$reader" 'src/a src/d/noise ' "$option, a read error in a body"

	run_sh "ktar-pack $option src --nonsense | $reader -dc"
	status 1 "$option, a missing path behind it"
	run_sh "ktar-pack $option --nonsense | $reader -dc"
	status 1 "$option, a usage error"
	run_sh "ktar-pack $option src >/dev/full"
	fails 2 'ktar-pack: stdout: No space left on device'
	run_sh "{ ktar-pack $option src; echo \$? >code; } | head -c 1 >/dev/null"
	quiet "$option, a reader that goes away"
	echo 141 >want
	same want code "$option, a reader that goes away: exit 141"

	if [ -n "${KPIPE_SAN-}" ] || [ ! -x $timer ]; then
		skip 1 "$option: memory" 'a sanitizer, or no /usr/bin/time'
	else
		# that cannot be compressed: what is in the queue is large
		head -c 40000000 /dev/urandom >large
		run_sh "$timer -o peak -f %M ktar-pack $option src large | wc -c"
		peak=$(tail -n 1 peak)
		[ "$peak" -lt 16384 ]
		ok $? "$option: $peak KiB resident, under 16384"
		rm large
	fi
done
run ktar-pack -z --zstd src
fails 2 'ktar-pack: --zstd: not with -z (see --help)'

# A signal reaches the thread that looks for it, not one that compresses.
for kind in 'gzip -z' 'zstd --zstd'; do
	reader=${kind% *}
	option=${kind#* }
	terminated src/a "$option"
	fails 2 'ktar-pack: stream broken off: SIGTERM'
	broken "$reader" 'src/a ' "a signal while $reader waits for a list"

	# The process starts threads, and nothing else.
	if have strace && [ -z "${KPIPE_SAN-}" ]; then
		strace -f -o trace -e trace=clone,clone3,fork,vfork \
			ktar-pack "$option" src >/dev/null 2>&1
		[ "$(grep -c 'CLONE_THREAD.*= [0-9]' trace)" -eq 2 ]
		ok $? "$option has two threads"
	else
		skip 1 "$option has two threads" 'a sanitizer, or no strace'
	fi
done

finish
