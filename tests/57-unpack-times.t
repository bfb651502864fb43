#!/bin/sh
# ktar-unpack: times that the file system cannot hold are said, all others come
# out silently.
. "$KPIPE_TESTS/lib.sh"
have python3 || skip_all 'python3 is not installed'
PYTHONPATH=$KPIPE_TESTS/hostile
export PYTHONPATH
python3 -B -c "
from tar import *
for n in -2**31, -1, 0, 2**31 - 1, 2**31, 2**33, 2**34, 2**40, -2**40, 2**55:
    t = base256(n, 12)
    open('%d.tar' % n, 'wb').write(
        member(mtime=t) + header(b'd/', type=b'5', mtime=t) +
        header(b'l', type=b'2', link=b'f', mtime=t) + END)"
bad=
held=0
for where in . /dev/shm; do
	[ -w $where ] || continue
	top=$(mktemp -d $where/kpipe-test.XXXXXX)
	for archive in ./*.tar; do
		want=${archive#./}
		want=${want%.tar}
		rm -rf "$top/o"
		mkdir "$top/o"
		rc=0
		ktar-unpack "$top/o" <"$archive" 2>err || rc=$?
		for name in f d l; do
			got=$(stat -c %Y "$top/o/$name")
			if [ "$got" = "$want" ]; then
				held=$((held + 1))
				! grep -q ": $name: its time" err ||
					bad="$bad $where:$want:$name:said"
			else
				grep -qx "ktar-unpack: $name: its time is beyond what the file system holds" err ||
					bad="$bad $where:$want:$name:not-said"
			fi
		done
		if [ -s err ]; then
			[ $rc -eq 1 ] || bad="$bad $where:$want:$rc"
		else
			[ $rc -eq 0 ] || bad="$bad $where:$want:$rc"
		fi
	done
	rm -rf "$top"
done
[ -z "$bad" ]
ok $? "each time is right, or its member is named, exit 1$bad"
[ $held -ge 15 ]
ok $? "those of 1901 to 2038 can be held ($held)"
finish
