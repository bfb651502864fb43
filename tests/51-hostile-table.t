#!/bin/sh
# ktar-unpack: every archive of tests/hostile, by the rules that table.py lists.
. "$KPIPE_TESTS/lib.sh"
have python3 || skip_all 'python3 is not installed'
# thousands of small trees: in memory where there is room, as a file system
# without a journal is slow to make anew what it has just removed
if [ "$(df -Pk /dev/shm 2>/dev/null | awk 'NR > 1 { print $4 }')" -gt 1048576 ] 2>/dev/null &&
	quick=$(mktemp -d /dev/shm/kpipe-test.XXXXXX 2>/dev/null); then
	trap 'chmod -R u+rwx "$quick"; cd /; rm -rf "$quick"' EXIT
	trap 'exit 143' HUP INT TERM
else
	quick=$PWD
fi
python3 -B "$KPIPE_TESTS/hostile/run.py" "$KPIPE_BUILD/bin/ktar-unpack" \
	"$quick" ${KPIPE_CASES:+"$KPIPE_CASES"}
