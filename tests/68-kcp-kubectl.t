#!/bin/sh
# kcp beside a real kubectl cp: the same tree for its ordinary uses, in both
# directions; and each difference that kcp(1) lists is one.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/kubectl.sh"
cluster_needs_test_server
[ -n "$KUBECTL" ] || skip_all 'no kubectl 1.31 or later'
cluster_start
newest=$KUBECTL
others=
for one in "$kubectl_home"/kubectl.1.*; do
	[ -x "$one" ] || continue
	others="$others $one"
	newest=$one
done

# The same modes on both sides, or they would be a difference of their own.
umask 022
# fill DIR: what both can copy whole
fill() {
	mkdir -p "$1/tree/sub/empty" "$1/tree/deep/er"
	echo one >"$1/tree/file"
	echo two >"$1/tree/sub/a b"
	: >"$1/tree/deep/er/none"
	head -c 100000 /dev/urandom >"$1/tree/deep/large"
	echo lone >"$1/lone"
	# what is only known to one of them
	mkdir -p "$1/more/closed"
	echo run >"$1/more/run"
	echo one >"$1/more/one"
	echo in >"$1/more/closed/in"
	ln "$1/more/one" "$1/more/two"
	ln -s one "$1/more/link"
	chmod 755 "$1/more/run"
	chmod 700 "$1/more/closed"
	find "$1" -exec touch -h -d '2001-02-03 04:05:06' {} +
}
fill here
mkdir -p "$CLUSTER_ROOT/far/there"
pods=$CLUSTER_ROOT/default
gnu=$pods/gnu
cp -a here/tree here/lone here/more "$gnu"

# seen DIR: names, types, modes and contents
seen() {
	(cd "$1" && find . -mindepth 1 -printf '%P %y %m %l\n' | sort &&
		find . -type f -exec sha256sum {} + | sort)
}
# before KIND DIR: DIR is empty but for its to
before() {
	rm -rf "$2"
	mkdir "$2"
	case $1 in
	dir) mkdir "$2/to" ;;
	file) echo old >"$2/to" ;;
	esac
}
# copied WHO DIR KIND COPY...: what becomes of it, in seen.WHO, and its status
# in $rc
copied() {
	copied_who=$1
	copied_dir=$2
	before "$3" "$2"
	shift 3
	run "$@"
	seen "$copied_dir" >"seen.$copied_who"
}

# same, both fail (and leave what was there), or what differs, as kcp(1) has it
table='
up|lone|none|to|same
up|lone|dir|to|same
up|lone|dir|to/|same
up|lone|dir|to/other|same
up|lone|file|to|same
up|tree|none|to|same
up|tree/|none|to|same
up|tree/.|none|to|same
up|tree|dir|to|same
up|tree/|dir|to|same
up|tree/.|dir|to|same
up|tree|none|to/|up, missing and ends in /
up|tree|file|to|fail
up|lone|none|no/such|fail
up|missing|none|to|fail
down|lone|none|to|same
down|lone|file|to|same
down|tree|none|to|same
down|tree/|none|to|same
down|tree/.|none|to|same
down|tree/.|dir|to|same
down|tree|file|to|fail
down|lone|dir|to|a file down into a directory
down|tree|dir|to|a directory down into a directory
down|tree|none|no/such|down, the parent is missing
down|missing|none|to|down, no such source
'
# listed WHAT: whether kcp(1) says so
listed() {
	grep -qF ".It $1 Ta " "$KPIPE_TESTS/../man/kcp.1"
}
# row KUBECTL ROW
row() {
	row_kubectl=$1
	row_rest=$2
	way=${row_rest%%|*}
	row_rest=${row_rest#*|}
	src=${row_rest%%|*}
	row_rest=${row_rest#*|}
	kind=${row_rest%%|*}
	row_rest=${row_rest#*|}
	dst=${row_rest%%|*}
	want=${row_rest#*|}
	row_name="${row_kubectl##*/}: $way: $src, $kind, $dst"
	if [ "$way" = up ]; then
		dir=$gnu/in from=here/$src to=gnu:in/$dst
	else
		dir=into from=gnu:$src to=into/$dst
	fi
	copied kubectl "$dir" "$kind" timeout 60 "$row_kubectl" cp "$from" "$to"
	theirs=$rc
	copied kcp "$dir" "$kind" kcp "$from" "$to"
	case $want in
	same)
		[ "$theirs" -eq 0 ] && [ "$rc" -eq 0 ] && [ -s seen.kcp ]
		ok $? "$row_name: both copy"
		same seen.kubectl seen.kcp "$row_name: the same"
		;;
	fail)
		[ "$theirs" -ne 0 ] && [ "$rc" -ne 0 ]
		ok $? "$row_name: both fail"
		same seen.kubectl seen.kcp "$row_name: and leave the same"
		;;
	*)
		[ "$theirs:$(cat seen.kubectl)" != "$rc:$(cat seen.kcp)" ]
		ok $? "$row_name: differs"
		listed "$want"
		ok $? "$row_name: listed: $want"
		;;
	esac
}
rows_left=$table
while [ -n "$rows_left" ]; do
	one=${rows_left%%
*}
	rows_left=${rows_left#*
}
	[ -z "$one" ] || row "$newest" "$one"
done
for one in $others; do
	[ "$one" != "$newest" ] || continue
	row "$one" 'up|tree|dir|to|same'
	row "$one" 'down|tree|none|to|same'
done

# Options, and the two ways to name a pod.
for way in '-c second multi second' '-n far there far' 'NS far/there far'; do
	# shellcheck disable=SC2086 # words
	set -- $way
	options="$1 $2" target=$3
	case $1 in
	-c) dir=$pods/multi/second ;;
	-n) dir=$CLUSTER_ROOT/far/there ;;
	NS) dir=$CLUSTER_ROOT/far/there options='' target=$2 ;;
	esac
	# shellcheck disable=SC2086 # words
	copied kubectl "$dir" none "$newest" cp $options here/tree "$target:to"
	theirs=$rc
	# shellcheck disable=SC2086 # words
	copied kcp "$dir" none kcp $options here/tree "$target:to"
	[ "$theirs" -eq 0 ] && [ "$rc" -eq 0 ] && [ -s seen.kcp ]
	ok $? "$options $target: both copy"
	same seen.kubectl seen.kcp "$options $target: the same"
done

# What a copy keeps: KEPT WHERE WHAT, a test of the copied more
copied kubectl "$gnu/in" none "$newest" cp here/more gnu:in/to
mv "$gnu/in/to" up.kubectl
copied kcp "$gnu/in" none kcp here/more gnu:in/to
mv "$gnu/in/to" up.kcp
copied kubectl into none "$newest" cp gnu:more into/to
mv into/to down.kubectl
copied kcp into none kcp gnu:more into/to
mv into/to down.kcp
# kept WHAT CHECK WAY...: kcp keeps it each WAY, and kubectl does not
kept() {
	what=$1
	check=$2
	shift 2
	for way; do
		"$check" "$way.kcp"
		ok $? "$what: kcp keeps them, $way"
		! "$check" "$way.kubectl"
		ok $? "$what: kubectl does not, $way"
	done
	listed "$what"
	ok $? "$what: listed"
}
aged() { [ "$(stat -c %Y "$1/one")" = "$(stat -c %Y here/lone)" ]; }
links() { [ "$(stat -c %h "$1/one")" -eq 2 ]; }
symlinks() { [ "$(readlink "$1/link")" = one ]; }
runs() { [ -x "$1/run" ]; }
closed() { [ "$(stat -c %a "$1/closed")" = 700 ]; }
kept 'times' aged up down
kept 'hard links' links up down
kept 'symbolic links down' symlinks down
kept 'modes down' runs down
kept 'modes of directories up' closed up
[ ! -s down.kubectl/two ]
ok $? 'and of a hard link down kubectl makes an empty file'
symlinks up.kubectl && runs up.kubectl && [ -f up.kubectl/closed/in ]
ok $? 'and kubectl keeps symbolic links and modes of files on the way up'

# What is in a tree and no ordinary file.
mkdir -p odd/tree
echo odd >'odd/tree/a[1].txt'
copied kubectl "$gnu/in" none "$newest" cp odd/tree gnu:in/to
[ "$rc" -eq 0 ] && [ ! -e "$gnu/in/to/a[1].txt" ]
ok $? 'a name like a[1] up: kubectl leaves it out, and says nothing'
copied kcp "$gnu/in" none kcp odd/tree gnu:in/to
good 'a name like a[1] up: kcp'
same 'odd/tree/a[1].txt' "$gnu/in/to/a[1].txt" 'a name like a[1] up: kcp keeps it'
listed 'a name like a[1] up'
ok $? 'a name like a[1] up: listed'
mkfifo odd/tree/fifo
copied kubectl "$gnu/in" none timeout -s KILL 2 "$newest" cp odd/tree gnu:in/to
[ "$rc" -eq 137 ]
ok $? 'a FIFO up: kubectl waits'
copied kcp "$gnu/in" none kcp odd/tree gnu:in/to
[ "$rc" -eq 1 ] && grep -q fifo err && [ -f "$gnu/in/to/a[1].txt" ]
ok $? 'a FIFO up: kcp names it'
listed 'a FIFO up'
ok $? 'a FIFO up: listed'

# A stream that is cut.
cp here/tree/deep/large "$pods/fault/large"
copied kubectl into none timeout 60 "$newest" cp fault-cut-50000:large into/to
[ -e into/to ] && ! cmp -s into/to here/tree/deep/large
ok $? 'a broken copy down: kubectl leaves half a file'
copied kcp into none kcp fault-cut-50000:large into/to
[ "$rc" -ne 0 ] && [ ! -e into/to ]
ok $? 'a broken copy down: kcp leaves none'
listed 'a broken copy down'
ok $? 'a broken copy down: listed'

# And nothing is listed that is not looked at here.
sed -n '/^\.Ss Beside/,/^\.El/p' "$KPIPE_TESTS/../man/kcp.1" |
	sed -n 's/^\.It \([a-z].*\) Ta .* Ta .*/\1/p' >differences
unseen=0
while read -r what; do
	grep -qF -e "|$what" -e "'$what'" -e "listed '$what'" "$KPIPE_TESTS/68-kcp-kubectl.t" || {
		echo "# $what"
		unseen=1
	}
done <differences
[ -s differences ] && [ $unseen -eq 0 ]
ok $? 'each difference of kcp(1) is looked at'
finish
