#!/bin/sh
# Each row of tests/table through kconf, and through kubectl where there is
# one.  KPIPE_ROWS, a regular expression, chooses rows by number and name.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/kubectl.sh"
have python3 || skip_all 'no python3'
"$KPIPE_TESTS/certs" certs || exit 1
# what kubectl says is the same whatever kconf was built with
[ -z "$KPIPE_SAN" ] || KUBECTL=
exec python3 "$KPIPE_TESTS/table/run.py" "$PWD/certs" \
	"$KPIPE_TESTS/../man/kconf.1" "$KUBECTL" "$KPIPE_TESTS"/table/*.rows
