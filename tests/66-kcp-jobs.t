#!/bin/sh
# kcp --jobs and --atomic.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
cluster_start
pods=$CLUSTER_ROOT/default
mkdir -p here/tree/sub/empty here/tree/deep/er into
i=0
while [ "$i" -lt 40 ]; do
	i=$((i + 1))
	head -c $((i * 997)) /dev/urandom >"here/tree/deep/f $i"
	echo "$i" >"here/tree/sub/s$i"
done
ln here/tree/sub/s1 here/tree/deep/er/hard
ln -s sub here/tree/soft
chmod 750 here/tree/deep
find here/tree -depth -exec touch -h -d '2001-02-03 04:05:06' {} +

# alike A B NAME: contents, modes, times, names of one file
alike() {
	alike_time=%T@
	# its tar leaves the times of directories
	case $3 in busybox*) alike_time= ;; esac
	for alike_dir in "$1" "$2"; do
		(cd "$alike_dir" && find . -type d -printf "%P %y %m %n $alike_time\n" -o \
			! -type l -printf '%P %y %m %n %T@\n' -o -printf '%P %l\n' |
			sed '/^ d/d' | sort) >"tree.${alike_dir##*/}.$$" || echo >fail
	done
	diff -r --no-dereference "$1" "$2" >diff.log 2>&1 &&
		cmp -s "tree.${1##*/}.$$" "tree.${2##*/}.$$"
	ok $? "$3: the same"
	[ -z "$(find "$pods" . -name '.kcp.*' -o -name '*.end*' -o -name 'kcp-end*')" ]
	ok $? "$3: nothing is left over"
}
for pod in gnu busybox; do
	run kcp --jobs 4 here/tree "$pod:new"
	good "$pod: four streams up"
	alike here/tree "$pods/$pod/new" "$pod: four streams up"
	rm "$pods/$pod/new/sub/s2"
	run kcp -j 3 here/tree/. "$pod:new"
	good "$pod: three streams into a directory"
	alike here/tree "$pods/$pod/new" "$pod: three streams into a directory"
	run kcp -j 4 "$pod:new" into/new
	good "$pod: four streams down"
	alike here/tree into/new "$pod: four streams down"
	rm -rf into/new && mkdir -p into/new
	run kcp -j 2 --verify -z "$pod:new/." into/new
	good "$pod: into a directory, compressed and verified"
	alike here/tree into/new "$pod: into a directory, compressed and verified"
	run kcp -j 2 --verify --zstd here/tree "$pod:packed"
	good "$pod: up, compressed and verified"
	alike here/tree "$pods/$pod/packed" "$pod: up, compressed and verified"
	rm -rf into/new
done
run kcp -j 4 "gnu:new/deep/f 1" into/f1
good 'one file in four streams, down'
same 'here/tree/deep/f 1' into/f1 'one file in four streams, down'
run kcp -j 4 'here/tree/deep/f 1' gnu:f1
good 'one file in four streams, up'
same 'here/tree/deep/f 1' "$pods/gnu/f1" 'one file in four streams, up'
run kcp -j 3 here/tree fault-starve-65536:lost
[ "$rc" -eq 1 ] && [ ! -e "$pods/fault/lost" ]
ok $? 'a part that is lost'
run kcp -q -j 3 --retries 9 here/tree fault-starve-200000:lost
status 0 'a part that is lost, and tried again'
alike here/tree "$pods/fault/lost" 'a part that is lost, and tried again'
cp -a here/tree "$pods/fault/tree"
run kcp -q -j 3 --retries 9 fault-cut-200000:tree into/lost
status 0 'a part that is lost, and tried again, down'
alike here/tree into/lost 'a part that is lost, and tried again, down'
run kcp -j 3 here/tree gnu:no/such
fails 1 'no such directory' 'an error is said once'
for bad in 0 x '' 1000; do
	run kcp --jobs "$bad" here/tree gnu:x
	fails 2 'not a number' "--jobs '$bad'"
done

# --atomic
for pod in gnu busybox; do
	mkdir -p "$pods/$pod/in/tree/gone" && chmod 711 "$pods/$pod/in/tree"
	echo old >"$pods/$pod/in/tree/old"
	run kcp --atomic here/tree "$pod:in"
	good "$pod: --atomic"
	alike here/tree "$pods/$pod/in/tree" "$pod: --atomic replaces"
	echo old >"$pods/$pod/in/tree/old" && chmod 711 "$pods/$pod/in/tree"
	run kcp --atomic here/tree/. "$pod:in/tree"
	good "$pod: --atomic, contents"
	[ "$(stat -c %a "$pods/$pod/in/tree")" = 711 ]
	ok $? "$pod: --atomic, contents: the mode stays"
	alike here/tree "$pods/$pod/in/tree" "$pod: --atomic, contents"
done
run kcp --atomic here/tree gnu:fresh
good '--atomic, new'
alike here/tree "$pods/gnu/fresh" '--atomic, new'
echo old >"$pods/fault/lost/old"
run kcp --atomic here/tree/. fault-starve-65536:lost
[ "$rc" -eq 1 ] && [ -e "$pods/fault/lost/old" ]
ok $? '--atomic: a stream that is lost changes nothing'
mkdir -p into/at/tree/gone
echo old >into/at/tree/old
run kcp --atomic fault-cut-100000:tree into/at
[ "$rc" -eq 1 ] && [ -e into/at/tree/old ] && [ ! -e into/at/tree/soft ]
ok $? '--atomic down: a stream that is lost changes nothing'
run kcp --atomic gnu:in/tree into/at
good '--atomic down'
diff -r --no-dereference here/tree into/at/tree >diff.log 2>&1
ok $? '--atomic down: replaces'
run kcp -q --atomic --retries 2 fault-cut-100000:tree into/at
[ "$rc" -eq 1 ]
ok $? '--atomic down with --retries takes no part for the whole'
diff -r --no-dereference here/tree into/at/tree >diff.log 2>&1
ok $? '--atomic down with --retries: what was there is there'
run kcp --atomic --update here/tree gnu:fresh
fails 2 'replaces all'
finish
