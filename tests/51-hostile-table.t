#!/bin/sh
# ktar-unpack: every archive of tests/hostile, by the rules that table.py lists.
. "$KPIPE_TESTS/lib.sh"
have python3 || skip_all 'python3 is not installed'
exec python3 -B "$KPIPE_TESTS/hostile/run.py" "$KPIPE_BUILD/bin/ktar-unpack" \
	${KPIPE_CASES:+"$KPIPE_CASES"}
