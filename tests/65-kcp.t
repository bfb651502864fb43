#!/bin/sh
# kcp: the table of kcp(1), both ways and from pod to pod; the proof; the pipes
# that -x prints.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
cluster_start
pods=$CLUSTER_ROOT/default

# Every copy below is made by each shell there is.
kcp=$(command -v kcp)
shells='sh'
for shell in dash bash 'busybox sh'; do
	if have "${shell% *}"; then
		shells="$shells|$shell"
	else
		skip 1 "$shell" "no $shell"
	fi
done

# fill DIR: a tree with what a copy may lose
fill() {
	mkdir -p "$1/tree/sub/empty" "$1/-dash"
	echo one >"$1/tree/file"
	echo two >"$1/tree/sub/a b'\"[*]?\\
c"
	ln "$1/tree/file" "$1/tree/hard"
	ln -s file "$1/tree/soft"
	chmod 750 "$1/tree/sub"
	chmod 640 "$1/tree/file"
	find "$1/tree" -exec touch -h -d '2001-02-03 04:05:06' {} +
	echo lone >"$1/lone"
	echo odd >"$1/a:b"
	echo dash >"$1/-dash/-f"
}
# tree DIR: what there is, with what every tar keeps
tree() {
	(cd "$1" && find . -mindepth 1 -type d -printf '%P/ %m\n' \
		-o -type l -printf '%P l %l\n' -o -printf '%P %y %m %T@ %n %l\n' | sort)
}
# alike A B NAME
alike() {
	tree "$1" >tree.a 2>&1
	tree "$2" >tree.b 2>&1
	[ -s tree.a ]
	ok $? "$3: there is something"
	same tree.a tree.b "$3: the same tree"
}

# Row by row: SRC, what DST is before, DST, and where it must be after.
# contents: tree's contents are there; tree: tree itself; lone: the file
table='
tree|none|to|to=contents
tree/|none|to|to=contents
tree/.|none|to|to=contents
tree|none|to/|error
tree|dir|to|to/tree=contents
tree|dir|to/|to/tree=contents
tree/.|dir|to|to=contents
tree|merge|to|to/tree=contents
tree|file|to|error
lone|none|to|to=lone
lone|none|to/|error
lone|file|to|to=lone
lone|dir|to|to/lone=lone
lone|dir|to/|to/lone=lone
lone|dir|to/other|to/other=lone
lone|none|no/such|error
missing|none|to|error
'
# before KIND DIR: makes DST what it is to be
before() {
	rm -rf "$2/to"
	case $1 in
	dir) mkdir "$2/to" ;;
	merge)
		mkdir -p "$2/to/tree/sub"
		# busybox leaves it as it is, unless root asks
		chmod 750 "$2/to/tree/sub"
		echo old >"$2/to/tree/file"
		;;
	file) echo old >"$2/to" ;;
	esac
}
# row NAME FROM-DIR TO-DIR FROM-PREFIX TO-PREFIX ROW
row() {
	row_src=${6%%|*}
	row_rest=${6#*|}
	row_kind=${row_rest%%|*}
	row_rest=${row_rest#*|}
	row_dst=${row_rest%%|*}
	row_want=${row_rest#*|}
	row_name="$1: $row_src, $row_kind, $row_dst"
	before "$row_kind" "$3"
	run kcp "$4$row_src" "$5$row_dst"
	case $row_want in
	error)
		[ "${rc:?}" -ne 0 ] && [ -s err ]
		ok $? "$row_name: fails, and says why"
		[ "$row_kind" != file ] || [ "$(cat "$3/to")" = old ]
		ok $? "$row_name: what was there is there"
		;;
	*=lone)
		good "$row_name"
		same "$2/lone" "$3/${row_want%=*}" "$row_name: the file"
		;;
	*=contents)
		good "$row_name"
		alike "$2/tree" "$3/${row_want%=*}" "$row_name"
		;;
	esac
	[ -z "$(find "$3" -name '.kcp.*')" ]
	ok $? "$row_name: nothing is left over"
}
# rows NAME FROM-DIR TO-DIR FROM-PREFIX TO-PREFIX
rows() {
	rows_left=$table
	while [ -n "$rows_left" ]; do
		rows_one=${rows_left%%
*}
		rows_left=${rows_left#*
}
		[ -z "$rows_one" ] || row "$@" "$rows_one"
	done
}

mkdir here into
fill here
fill "$pods/gnu"
fill "$pods/busybox"
(cd here && tar cf ../whole.tar tree)

IFS='|'
for shell in $shells; do
	unset IFS
	mkdir -p bin
	printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$shell" "$kcp" >bin/kcp
	chmod +x bin/kcp
	PATH=$PWD/bin:$PATH
	hash -r
	if [ "$shell" = sh ]; then
		for pod in gnu busybox; do
			mkdir -p "$pods/$pod/in"
			rows "up to $pod" here "$pods/$pod/in" here/ "$pod:in/"
			rows "down from $pod" "$pods/$pod" into "default/$pod:" into/
		done
		rows 'pod to pod' "$pods/gnu" "$pods/busybox/in" gnu: busybox:in/
		rows 'and back' "$pods/busybox" "$pods/gnu/in" busybox: gnu:in/
	else
		row "$shell: up" here "$pods/gnu/in" here/ gnu:in/ 'tree|none|to|to=contents'
		row "$shell: down" "$pods/gnu" into gnu: into/ 'tree|dir|to|to/tree=contents'
		row "$shell: down" "$pods/gnu" into gnu: into/ 'missing|none|to|error'
	fi
done
unset IFS
PATH=${PATH#"$PWD"/bin:}

# Names.
run sh -c 'cd here && kcp ./a:b gnu:colon'
good './a:b'
same here/a:b "$pods/gnu/colon" './a:b'
run kcp here/-dash/-f gnu:-dashed
good 'a name that begins with -'
same here/-dash/-f "$pods/gnu/-dashed" 'a name that begins with -, up'
run sh -c 'cd into && kcp -- gnu:-dash/-f -x && cat ./-x'
stdout_is dash 'and down'
run kcp here/lone gnu:"a 'q' \"d\" \$(x) *"
good 'quotes'
same here/lone "$pods/gnu/a 'q' \"d\" \$(x) *" 'quotes, up'
# what a tar would take for a pattern, or for an escape
mkdir here/odd
for name in 'a\b' 'a\nb' 'x[1]' 'x*' 'x?' 'e\\f'; do
	mkdir "here/odd/$name"
	printf '%s\n' "$name" >"here/odd/$name/$name"
done
for p in gnu busybox; do
	mkdir "$pods/$p/odd" "into/$p"
	run_sh "cd here/odd && kcp * $p:odd && cd x* && kcp '../e\\\\f/e\\\\f' '../a\\b/a\\b' $p:odd/x?"
	good "$p: odd names, up"
	cp -a here/odd want.odd
	cp -a 'here/odd/e\\f/e\\f' 'here/odd/a\b/a\b' 'want.odd/x?'
	check "$p: odd names, up: the same" diff -r want.odd "$pods/$p/odd"
	run_sh "cd here/odd && for name in *; do kcp \"$p:odd/\$name\" ../../into/$p || exit; done"
	good "$p: odd names, down"
	check "$p: odd names, down: the same" diff -r want.odd "into/$p"
	rm -rf want.odd
done
run kcp here/lone --no-such
fails 2 'neither is in a pod' 'an option behind the operands is an operand'
run kcp 'C:\x' C:y
fails 2 'C:\x C:y: neither is in a pod' 'a Windows path is no pod'
run kcp gnu: here
fails 2 'gnu:: no path behind the colon'
run kcp here/lone
fails 2 'a SRC and a DST are needed'
run kcp --nonsense a b
fails 2 '--nonsense: unknown option'
run kcp --token secret here/lone gnu:x
fails 2 '--token: would be seen in ps'

# Several, and streams.
rm -rf "$pods/gnu/in/to" && mkdir "$pods/gnu/in/to"
run kcp here/tree here/lone gnu:in/to
good 'two sources'
alike here/tree "$pods/gnu/in/to/tree" 'two sources'
same here/lone "$pods/gnu/in/to/lone" 'two sources: the other'
run kcp here/tree here/lone gnu:in/none
[ "$rc" -eq 1 ] && [ ! -e "$pods/gnu/in/none" ]
ok $? 'two sources need a directory'
rm -rf "$pods/gnu/in/to"
run_sh 'kcp - gnu:in/to <whole.tar'
good 'a stream up'
alike here/tree "$pods/gnu/in/to/tree" 'a stream up'
rm -rf back && mkdir back
run_sh 'kcp gnu:tree - | tar xpf - -C back'
good 'a stream down'
alike here/tree back/tree 'a stream down'

# The proof.
head -c 3000000 /dev/urandom >here/big
for protocol in spdy v5; do
	run kcp --protocol "$protocol" here/big fault-lie-success:big
	[ "$rc" -eq 1 ] && [ -s err ] && [ ! -e "$pods/fault/big" ]
	ok $? "$protocol: a Success that is a lie is none"
done
# a tar takes a stream that ends between two members for a good one
mkdir here/edge
head -c 64512 /dev/urandom >here/edge/a
echo b >here/edge/b
for src in here/edge here/edge/.; do
	run kcp $src fault-lie-success:edge
	[ "$rc" -eq 1 ] && [ -s err ] && [ ! -e "$pods/fault/edge" ]
	ok $? "$src: nor is one behind a whole member"
done
cp -a here/edge "$pods/fault/of-edge"
run kcp fault:of-edge fault-lie-success:edge
[ "$rc" -eq 1 ] && [ -s err ] && [ ! -e "$pods/fault/edge" ]
ok $? 'nor is one from pod to pod'
run kcp fault-cut-65536:of-edge gnu:edge
[ "$rc" -eq 1 ] && [ ! -e "$pods/gnu/edge" ]
ok $? 'what was cut behind a whole member is not put in its place'
cp here/big "$pods/fault/big"
run kcp fault-cut-100000:big into/cut
[ "$rc" -eq 1 ] && [ -s err ] && [ ! -e into/cut ] && [ -z "$(find into -name '.kcp*')" ]
ok $? 'a download that is cut leaves nothing'
run kcp fault-cut-100000:big busybox:in/cut
[ "$rc" -eq 1 ] && [ ! -e "$pods/busybox/in/cut" ]
ok $? 'pod to pod: a cut source leaves nothing'
run kcp here/lone viewer:in
[ "$rc" -eq 1 ] && [ -s err ]
ok $? 'no such pod'
mkfifo here/tree/fifo
run kcp here/tree gnu:in/fifo
[ "$rc" -eq 1 ] && grep -q 'fifo' err && [ -f "$pods/gnu/in/fifo/file" ]
ok $? 'what is left out is said, and fails'
rm here/tree/fifo

# A pod that sends what was not asked for puts nothing into a folder in use.
mkdir -p "$pods/gnu/evil" into/home/evil
(mkdir -p e/evil && echo planted >e/.profile && cd e && tar cf ../evil.tar evil .profile)
mkdir -p fakebin
cat >fakebin/kexec <<S
#!/bin/sh
exec cat '$PWD/evil.tar'
S
chmod +x fakebin/kexec
# beside a kcp of its own, which looks there first
cp "$kcp" fakebin/kcp
run fakebin/kcp gnu:evil into/home
[ "$rc" -eq 1 ] && [ ! -e into/home/.profile ]
ok $? 'a member that is not beneath SRC is refused'
rm -rf into/home/evil
run fakebin/kcp gnu:evil into/home
[ ! -e into/home/.profile ]
ok $? 'where SRC is new, too'

# -x
rm -rf "$pods/gnu/in/to"
run kcp -x here/tree "gnu:in/to"
good '-x'
[ ! -e "$pods/gnu/in/to" ]
ok $? '-x runs nothing'
mv out line
run sh line
good 'what -x printed'
alike here/tree "$pods/gnu/in/to" 'what -x printed'
rm -rf into/to
run kcp -x gnu:tree into/to
mv out line
run sh line
good 'what -x printed, down'
alike here/tree into/to 'what -x printed, down'

# Options.
rm -rf "$pods/multi/second/to"
run kcp -c second --exclude='[sh]*' here/tree multi:to
good '-c, --exclude'
[ -f "$pods/multi/second/to/file" ] && [ ! -e "$pods/multi/second/to/hard" ]
ok $? '-c, --exclude: what is there'
rm -rf into/to
run kcp --exclude hard gnu:tree into/to
[ "$rc" -eq 0 ] && [ -f into/to/file ] && [ ! -e into/to/hard ]
ok $? '--exclude down'
finish
