#!/bin/sh
# kcp --retries: a large file that is cut at random places, each time.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/retries.sh"
umask 022
resume_start 4000000
seed=${KPIPE_SEED:-$(date +%s)}
echo "# KPIPE_SEED=$seed"
for at in $(places "$seed" 1200000 3900000 8); do
	cut_down "$at"
	# that no try was too many
	[ "$(grep -c 'connection cut' err)" -le $((resume_bytes / (at - 131072))) ]
	ok $? "down, cut at $at: each try goes on"
	cut_up "$at"
	[ "$(grep -c 'connection cut' err)" -le $((resume_bytes / (at - 131072))) ]
	ok $? "up, cut at $at: each try goes on"
done
finish
