#!/bin/sh
# More of the archives of 57-unpack-differential.t.
KPIPE_ARCHIVES=${KPIPE_ARCHIVES:-100}
KPIPE_SEED=${KPIPE_SEED:-1000}
export KPIPE_ARCHIVES KPIPE_SEED
exec "$KPIPE_TESTS/57-unpack-differential.t"
