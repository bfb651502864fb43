# shellcheck shell=sh disable=SC2154 # beside cluster.sh
# kcp --retries, over streams that are cut: for 67-kcp-retries.t, 67-kcp-resume.t
# and their slow sisters.  retries_start makes the trees, cut_down N and cut_up N
# are three checks each.  resume_start BYTES makes a tree with a large file.

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

# resume_start BYTES: a cluster, and the tree here/tree, in the pod fault, too, of
# which one file, sub/$big, is large
resume_start() {
	cluster_needs_test_server
	cluster_start
	pods=$CLUSTER_ROOT/default
	resume_bytes=$1
	big="big \\ '
one"
	mkdir -p here/tree/sub into
	head -c "$1" /dev/urandom >"here/tree/sub/$big"
	echo small >here/tree/zzz
	chmod 440 "here/tree/sub/$big"
	find here/tree -exec touch -d '2001-02-03 04:05:06' {} +
	cp -a here/tree "$pods/fault/tree"
}
# resume_down NAME SRC DST OPTION...: from the pod, over connections of which each
# is cut after 1300000 bytes; two checks, that hardly more than what there is came
# over the wire
resume_down() {
	resume_name=$1 resume_src=$2 resume_dst=$3
	shift 3
	: >"$CLUSTER_LOG"
	run kcp -v --retries 9 "$@" "fault-cut-1300000:$resume_src" "$resume_dst"
	until [ "$(grep -c '^connection' "$CLUSTER_LOG")" -eq "$(grep -c '^closed' "$CLUSTER_LOG")" ]; do :; done
	resume_came=$(awk -F '\t' '$1 == "closed" { n += $4 } END { printf "%.0f\n", n }' "$CLUSTER_LOG")
	went_on "$resume_name"
	[ "$resume_came" -ge "$resume_bytes" ] && [ "$resume_came" -lt $((resume_bytes * 12 / 10)) ]
	ok $? "$resume_name: only the rest came ($resume_came bytes)"
}
# resume_up NAME SRC DST OPTION...: into the pod, where each command gets no more
# than 1300000 bytes; one check
resume_up() {
	resume_name=$1 resume_src=$2 resume_dst=$3
	shift 3
	run kcp -v --retries 9 "$@" "$resume_src" "fault-starve-1300000:$resume_dst"
	went_on "$resume_name"
}
# went_on NAME: the last run was good after as many tries as there have to be
went_on() {
	[ "$rc" -eq 0 ] && [ "$(grep -c 'bytes have arrived' err)" -ge $((resume_bytes / 1300000)) ] &&
		[ "$(grep -c 'the stream was lost' err)" -eq $((resume_bytes / 1300000)) ]
	ok $? "$1: it goes on"
}
# alike A B NAME: contents, modes and times
alike() {
	same_tree "$1" "$2" "$3"
	(cd "$1" && find . -exec stat -c '%n %a %Y' {} + | sort) >want.stat 2>&1 ||
		stat -c '%a %Y' "$1" >want.stat
	(cd "$2" && find . -exec stat -c '%n %a %Y' {} + | sort) >got.stat 2>&1 ||
		stat -c '%a %Y' "$2" >got.stat
	same want.stat got.stat "$3: modes and times"
}
# hook TOOL SCRIPT [PATTERN]: the next time when the pod fault runs TOOL, with a
# first argument like PATTERN, SCRIPT is run before
hook() {
	unhook
	mkdir "$CLUSTER_ROOT/.hook"
	printf 'cd "%s"\n%s\n' "$PWD" "$2" >"$CLUSTER_ROOT/.hook.sh"
	cat >"$CLUSTER_ROOT/.hook/$1" <<S
#!/bin/sh
case "\$*" in
${3-*})
	if [ ! -e "$PWD/hooked" ]; then
		: >"$PWD/hooked"
		sh "$CLUSTER_ROOT/.hook.sh" </dev/null >/dev/null 2>&1
	fi
	;;
esac
exec $(command -v "$1") "\$@"
S
	chmod +x "$CLUSTER_ROOT/.hook/$1"
	echo "path $CLUSTER_ROOT/.hook" >"$pods/.fault"
}
# damage: a script for that, which spoils what has arrived
damage='find pods/default/fault/.kcp.* into/.kcp.* -type f -size +1000k \
	-exec chmod u+w {} \; -exec dd if=/dev/zero of={} bs=1 count=5 seek=70000 conv=notrunc \;'
unhook() {
	rm -rf "$CLUSTER_ROOT/.hook" "$pods/.fault" hooked
}
# one_more NAME: the last run was good, the hook was run, and the try behind that
# began anew
one_more() {
	[ "$rc" -eq 0 ] && [ -e hooked ] &&
		[ "$(grep -c 'the stream was lost: try' err)" -ge 3 ] &&
		sed -n '/lost: try 1/,/lost: try 2/p' err | grep -q '1 are to be sent' &&
		! sed -n '/lost: try 1/,/lost: try 2/p' err | grep -q 'bytes have arrived' &&
		sed -n '/lost: try 2/,$p' err | grep -q 'bytes have arrived'
	ok $? "$1"
	rm -f hooked
}
