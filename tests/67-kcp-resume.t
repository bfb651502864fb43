#!/bin/sh
# kcp --retries: of a large file that was cut only the rest goes.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/retries.sh"
umask 022
resume_start 4000000

resume_down 'down' tree into/to
alike here/tree into/to 'down'
! grep -q 'ktar-pack' err
ok $? 'down: it is not copied once more here'
resume_up 'up' here/tree to
alike here/tree "$pods/fault/to" 'up'

# what has arrived is another thing by the time of the second try
hook stat "$damage"
run kcp -v --retries 9 "fault-cut-1300000:tree/sub/$big" into/one
one_more 'a part that was damaged goes again'
same "here/tree/sub/$big" into/one 'a part that was damaged goes again'
unhook

grep '^request' "$CLUSTER_LOG" | awk -F '\t' 'length($3) > 7680 { exit 1 }'
ok $? 'no request is longer than a server may take'
finish
