# shellcheck shell=sh disable=SC2154 # beside cluster.sh
# kcp --retries, over streams that are cut: for 67-kcp-retries.t and its slow
# sister.  retries_start makes the trees, cut_down N and cut_up N are three
# checks each.

retries_start() {
	cluster_needs_test_server
	cluster_start
	pods=$CLUSTER_ROOT/default
	mkdir -p here/tree/sub/empty into
	retries_i=0
	while [ "$retries_i" -lt 30 ]; do
		retries_i=$((retries_i + 1))
		head -c $((retries_i * 997)) /dev/urandom >"here/tree/f$retries_i"
		echo "$retries_i" >"here/tree/sub/s
$retries_i"
	done
	ln -s f1 here/tree/soft
	find here/tree -exec touch -h -d '2001-02-03 04:05:06' {} +
	cp -a here/tree "$pods/fault/tree"
}

# same_tree A B NAME
same_tree() {
	diff -r --no-dereference "$1" "$2" >diff.log 2>&1
	ok $? "$3: the same"
	[ -z "$(find "$pods" into here -name '.kcp.*')" ]
	ok $? "$3: nothing is left over"
}
# cut_down N: each session of the copy is cut after N bytes from the pod
cut_down() {
	rm -rf into/to
	run kcp -q --retries -1 "fault-cut-$1:tree" into/to
	status 0 "down, cut at $1"
	same_tree here/tree into/to "down, cut at $1"
}
# cut_up N: the same with N bytes to the pod, but lists are not cut
cut_up() {
	rm -rf "$pods/fault/to"
	run kcp -q --retries -1 here/tree "fault-starve-$1:to"
	status 0 "up, cut at $1"
	same_tree here/tree "$pods/fault/to" "up, cut at $1"
}
# places SEED FROM TO COUNT: so many random numbers
places() {
	awk -v seed="$1" -v from="$2" -v to="$3" -v n="$4" 'BEGIN {
		srand(seed)
		while (n-- > 0) print from + int(rand() * (to - from))
	}'
}
