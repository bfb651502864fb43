#!/bin/sh
# kcp --retries, cut at 50 places on the way down.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/retries.sh"
retries_start
seed=${KPIPE_SEED:-$(date +%s)}
echo "# KPIPE_SEED=$seed"
for at in $(places "$seed" 60000 500000 50); do cut_down "$at"; done
finish
