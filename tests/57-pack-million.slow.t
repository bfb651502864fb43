#!/bin/sh
# ktar-pack on a directory of 1,000,000 files, and ten levels deep: all of them,
# in less than 16 MiB.
. "$KPIPE_TESTS/lib.sh"

for peer in python3 tar; do
	have "$peer" || skip_all "no $peer"
done
[ -z "${KPIPE_SAN-}" ] || skip_all "memory of a build with $KPIPE_SAN"
timer=/usr/bin/time
[ -x $timer ] || skip_all 'no /usr/bin/time'

# in memory where that is possible
at=.
if [ -w /dev/shm ]; then
	at=$(mktemp -d /dev/shm/kpipe-million.XXXXXX)
	trap 'rm -rf "$at"' EXIT
	trap 'exit 143' HUP INT TERM
fi
cat >grow.py <<'PY'
import os, sys
os.chdir(sys.argv[1])
dirs = ['one', 'many']
for i in range(10):
    dirs.append(dirs[-1] + '/sub')
for d in dirs:
    os.mkdir(d)
for i in range(1000000):
    name = 'one/%07d' % i
    os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
    if i % 50 == 0:
        # each of these is in the table of hard links until it is met again
        os.link(name, '%s/%07d' % (dirs[2 + i % 10], i))
PY
python3 grow.py "$at"
for option in '' --zstd '--sort none'; do
	case $option in
	--zstd) reader='zstd -dc |' ;;
	*) reader= ;;
	esac
	run_sh "$timer -o peak -f %M ktar-pack -C '$at' $option one many |
		$reader tar -tf - | wc -l"
	[ "$(cat out)" -eq 1020012 ]
	ok $? "1,000,000 files $option: every member"
	[ "$(grep -vc 'too many hard links' err)" -eq 0 ]
	ok $? "1,000,000 files $option: nothing else is said"
	peak=$(tail -n 1 peak)
	[ "$peak" -lt 16384 ]
	ok $? "1,000,000 files $option: $peak KiB resident, under 16384"
done
finish
