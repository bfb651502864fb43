#!/bin/sh
# kcp --retries: what has arrived is checked, and only the rest is sent.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/retries.sh"
retries_start

cut_down 200000
cut_down 90001
cut_up 250000
cut_up 120001

# Without a try left it is an error, and all is taken away.
run kcp fault-cut-200000:tree into/none
[ "$rc" -eq 1 ] && [ -s err ] && [ ! -e into/none ]
ok $? 'no --retries: a cut is an error'
run kcp --retries 1 fault-cut-100000:tree into/none
[ "$rc" -eq 1 ] && [ ! -e into/none ] && [ "$(grep -c 'the stream was lost: try' err)" -eq 1 ]
ok $? '--retries 1: one more try, and no more'
run kcp --retries 1 here/tree fault-starve-100000:none
[ "$rc" -eq 1 ] && [ ! -e "$pods/fault/none" ] && [ "$(grep -c 'the stream was lost: try' err)" -eq 1 ]
ok $? '--retries 1 up: one more try, and no more'
[ -z "$(find "$pods" into here -name '.kcp.*')" ]
ok $? 'nothing is left over'

# Only the rest goes.
rm -rf into/to
run kcp -v --retries=3 fault-cut-300000:tree into/to
[ "$rc" -eq 0 ] && grep -q ' files have arrived, ' err &&
	! grep -q ' 0 files have arrived' err
ok $? 'what has arrived does not go again'
same_tree here/tree into/to 'what has arrived does not go again'

# Into directories that are there.
rm -rf into/to && mkdir -p into/to/tree
echo old >into/to/tree/f1
echo kept >into/to/tree/kept
run kcp -q --retries -1 fault-cut-200000:tree into/to
status 0 'into a directory that is there'
[ "$(cat into/to/tree/kept)" = kept ] && rm into/to/tree/kept
ok $? 'into a directory that is there: what was there'
same_tree here/tree into/to/tree 'into a directory that is there'
mkdir -p "$pods/fault/in/tree"
echo old >"$pods/fault/in/tree/f1"
run kcp -q --retries -1 here/tree fault-starve-200000:in
status 0 'up into a directory that is there'
same_tree here/tree "$pods/fault/in/tree" 'up into a directory that is there'
# a connection that is cut with all that is in it, and the command killed
if have python3; then
	cluster_relay --cut-up 250000
	run kcp -q -s "$RELAY_URL" --bwlimit 500K --retries -1 here/tree gnu:to
	status 0 'up, over a relay that cuts'
	same_tree here/tree "$pods/gnu/to" 'up, over a relay that cuts'
else
	skip 3 'up, over a relay that cuts' 'no python3'
fi
# from pod to pod
run kcp -q --retries -1 fault-cut-200000:tree busybox:from
status 0 'from pod to pod'
same_tree here/tree "$pods/busybox/from" 'from pod to pod'
# one file
head -c 150000 /dev/urandom >here/one
cp here/one "$pods/fault/one"
run kcp -q --retries 2 fault-cut-100000:one into/one
[ "$rc" -eq 1 ] && [ ! -e into/one ]
ok $? 'a file that never gets through is not there'
run kcp -q --retries 2 fault-lie-success:nothing into/one
[ "$rc" -eq 1 ]
ok $? 'no such source is not tried again'

# All has arrived and is in its place, and only that word was lost.
mkdir here/small
echo small >here/small/file
for src in here/small here/small/. here/small/file; do
	rm -rf "$pods/fault/small"
	run kcp -q --retries 1 $src fault-starve-10240:small
	status 0 "$src: all has arrived, but nobody said so"
	same here/small/file "$(find "$pods/fault/small" -type f)" "$src: it is there"
done
[ "$(echo "$pods"/fault/small*)" = "$pods/fault/small" ] && [ -f "$pods/fault/small" ]
ok $? 'and nowhere else'

# A Success that is a lie is a stream that was lost.
run kcp --retries 1 here/tree fault-lie-success:lie
[ "$rc" -eq 1 ] && [ "$(grep -c 'try 1' err)" -eq 1 ] && [ ! -e "$pods/fault/lie" ]
ok $? 'a Success that is a lie is tried again'

# A tree that changes between two tries: when the second one looks at it.
mkdir "$CLUSTER_ROOT/.changing"
cat >"$CLUSTER_ROOT/.changing/stat" <<S
#!/bin/sh
if [ ! -e done ]; then
	touch done
	cd tree
	for f in f*; do
		tr abc bca <\$f >../new && cat ../new >\$f
		touch -d '2001-02-03 04:05:06' \$f
	done
	rm f?[3579] ../new
	mkdir new
fi
exec $(command -v stat) "\$@"
S
chmod +x "$CLUSTER_ROOT/.changing/stat"
echo "path $CLUSTER_ROOT/.changing" >"$pods/.fault"
rm -rf into/to
run kcp --retries 5 fault-cut-300000:tree into/to
[ "$rc" -eq 0 ] && [ -e "$pods/fault/done" ] && grep -q 'the source has changed' err
ok $? 'a tree that changed is seen'
same_tree "$pods/fault/tree" into/to 'a tree that changed'

for bad in x '' 1x - --; do
	run kcp --retries "$bad" here/tree gnu:x
	fails 2 'not a number' "--retries '$bad'"
done
finish
