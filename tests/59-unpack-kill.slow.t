#!/bin/sh
# ktar-unpack: as 59-unpack-kill.t, 200 times over.
KPIPE_KILLS=200
export KPIPE_KILLS
exec "$KPIPE_TESTS/59-unpack-kill.t"
