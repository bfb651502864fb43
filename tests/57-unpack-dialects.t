#!/bin/sh
# ktar-unpack: what every tar writes comes out exact: names, content, modes,
# times, links, holes.
. "$KPIPE_TESTS/lib.sh"
have python3 || skip_all 'python3 is not installed'
umask 022
exec python3 -B "$KPIPE_TESTS/dialects.py"
