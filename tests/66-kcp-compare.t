#!/bin/sh
# kcp --verify, --update, --checksum, --delete and --dry-run.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/userland.sh"
cluster_needs_test_server
cluster_start
pods=$CLUSTER_ROOT/default
base='sh tar mkdir mv rm rmdir cat touch chmod'
have openssl && with_openssl=openssl
# shellcheck disable=SC2086 # words
{
	userland openssl $base stat ${with_openssl-}
	userland nosum $base stat
	userland nostat $base sha256sum
}

odd='a b\c
d'
# fill DIR: a tree with names that lists have to carry
fill() {
	mkdir -p "$1/tree/sub/empty" "$1/tree/-d"
	echo one >"$1/tree/one"
	echo two >"$1/tree/sub/two"
	echo odd >"$1/tree/sub/$odd"
	printf 'cr\n' >"$1/tree/$(printf 'c\rr')"
	echo bytes >"$1/tree/$(printf '\303\251\377')"
	echo quote >"$1/tree/it's \"\$x\" [*]"
	echo dash >"$1/tree/-d/-f"
	ln "$1/tree/one" "$1/tree/hard"
	ln -s one "$1/tree/soft"
	find "$1/tree" -exec touch -h -d '2001-02-03 04:05:06' {} +
}
mkdir here into
fill here
# alike A B NAME
alike() {
	diff -r --no-dereference "$1" "$2" >diff.log 2>&1
	ok $? "$3: the same"
}

# --verify
for pod in gnu busybox openssl; do
	if [ "$pod" = openssl ] && ! have openssl; then
		skip 11 'sums by openssl' 'no openssl'
		continue
	fi
	for what in tree tree/. tree/one; do
		run kcp --verify here/$what "$pod:to"
		good "--verify $what to $pod"
		rm -rf "$pods/$pod/to"
	done
	mkdir "$pods/$pod/in"
	run kcp --verify here/tree "$pod:in"
	good "--verify into a directory of $pod"
	run kcp --verify here/tree "$pod:in"
	good "--verify into one that is there"
	run kcp --verify "$pod:in/tree" into/new
	good "--verify down from $pod"
	run kcp --verify "$pod:in/tree" into
	run kcp --verify "$pod:in/tree" into
	good "--verify down from $pod, into one that is there"
	run kcp --verify "$pod:in/tree/." into/dot
	good "--verify down from $pod, contents"
	run kcp --verify "$pod:in/tree/sub/$odd" into/odd
	good "--verify down from $pod, one file"
	run kcp --verify "$pod:in/tree" gnu:across
	good "--verify from $pod to another"
	alike here/tree "$pods/gnu/across" "--verify from $pod to another"
	rm -rf into/* "$pods/gnu/across"
done
# a pod whose files are not what they were
mkdir "$CLUSTER_ROOT/.rot" "$pods/rot"
echo "path $CLUSTER_ROOT/.rot" >"$pods/.rot"
cat >"$CLUSTER_ROOT/.rot/tar" <<S
#!/bin/sh
$(command -v tar) "\$@" || exit
for a; do [ "\$a" != -xf ] || x=1; done
[ -z "\${x-}" ] || find . -name two -exec sh -c 'echo rot >"\$1"' sh {} \\;
S
chmod +x "$CLUSTER_ROOT/.rot/tar"
run kcp --verify here/tree rot:to
fails 1 'tree/sub/two: not the same at both ends' 'a file that is another, up'
cat >"$CLUSTER_ROOT/.rot/tar" <<S
#!/bin/sh
$(command -v tar) "\$@" || exit
for a; do [ "\$a" != -cf ] || c=1; done
[ -z "\${c-}" ] || echo rot >to/one
S
run kcp --verify rot:to into/rot
[ "$rc" -eq 1 ] && grep -q '^kcp: to/one: not the same at both ends$' err
ok $? 'a file that is another, down'
run kcp --verify here/tree nosum:to
fails 1 'no sha256sum' 'a pod without a program for it'
alike here/tree "$pods/nosum/to" 'the copy is made, then'

# --update and --checksum: what goes is what is another
mkdir -p "$CLUSTER_ROOT/.count"
# what tar takes and sends, where it is named
cat >"$CLUSTER_ROOT/.count/tar" <<S
#!/bin/sh
for a; do [ "\$a" != -xf ] || x=1; done
[ -z "\${x-}" ] || exec $(command -v tar) -v "\$@"
exec $(command -v tar) "\$@"
S
chmod +x "$CLUSTER_ROOT/.count/tar"
# sent LOG: files among the names that kcp would send
would() {
	run kcp --dry-run "$@"
	LC_ALL=C sort out >would
}
for pod in gnu busybox; do
	rm -rf "$pods/$pod/to" && cp -a here/tree "$pods/$pod/to"
	would --update here/tree/. "$pod:to"
	[ "$rc" -eq 0 ] && [ ! -s would ]
	ok $? "$pod: nothing is another"
	would --checksum here/tree/. "$pod:to"
	[ "$rc" -eq 0 ] && [ ! -s would ]
	ok $? "$pod: nothing is another by its sum"
	echo TWO >"$pods/$pod/to/sub/two"
	touch -d '2001-02-03 04:05:06' "$pods/$pod/to/sub/two"
	touch "$pods/$pod/to/-d/-f"
	would --update here/tree/. "$pod:to"
	[ "$(cat would)" = 'copy -d/-f' ]
	ok $? "$pod: --update sees the time"
	would --checksum here/tree/. "$pod:to"
	[ "$(cat would)" = 'copy sub/two' ]
	ok $? "$pod: --checksum sees the sum"
	rm "$pods/$pod/to/sub/$odd" "$pods/$pod/to/one"
	would --checksum here/tree/. "$pod:to"
	[ "$(wc -l <would)" -eq 4 ] && grep -q '^copy hard$' would && grep -q '^copy sub/two$' would &&
		grep -qF 'copy sub/a b\\c\nd' would
	ok $? "$pod: and what is missing"
	[ "$(cat "$pods/$pod/to/sub/two")" = TWO ] && [ ! -e "$pods/$pod/to/one" ]
	ok $? "$pod: --dry-run does nothing"
	run kcp -v --checksum here/tree/. "$pod:to"
	[ "$rc" -eq 0 ] && grep -q 'ktar-pack.* -T ' err
	ok $? "$pod: --checksum, a list goes to ktar-pack"
	alike here/tree "$pods/$pod/to" "$pod: --checksum"
	run kcp --checksum here/tree/. "$pod:to"
	good "$pod: --checksum again"
	# down, and into what is not there
	rm -rf into/to
	run kcp --update "$pod:to" into/to
	good "$pod: --update into a new directory"
	alike here/tree into/to "$pod: --update into a new directory"
	echo TWO >into/to/sub/two
	rm "into/to/$(printf 'c\rr')" into/to/soft
	would --update "$pod:to/." into/to
	[ "$(wc -l <would)" -eq 2 ] && grep -q '^copy sub/two$' would
	ok $? "$pod: --update down, --dry-run"
	run kcp --update "$pod:to/." into/to
	good "$pod: --update down"
	alike here/tree into/to "$pod: --update down"
	rm -rf "$pods/empty/to" && mkdir -p "$pods/empty/to/to"
	echo ONE >"$pods/empty/to/to/one"
	run kcp --update "$pod:to" empty:to
	good "$pod: --update from pod to pod"
	alike here/tree "$pods/empty/to/to" "$pod: --update from pod to pod"
	run kcp --update here/tree/one "$pod:to/one"
	good "$pod: --update of one file"
	echo x >here/lone
	run kcp --update here/lone "$pod:to/one"
	good "$pod: --update of one file that is another"
	same here/lone "$pods/$pod/to/one" "$pod: --update of one file that is another"
done
run kcp --update here/tree nostat:to
fails 1 'no stat' 'a pod without stat'
[ ! -e "$pods/nostat/to" ]
ok $? 'and nothing is sent'

# --delete
for pod in gnu busybox; do
	rm -rf "$pods/$pod/to" && cp -a here/tree "$pods/$pod/to"
	mkdir -p "$pods/$pod/to/more/sub" "$pods/$pod/to/keep"
	echo x >"$pods/$pod/to/more/sub/$odd"
	ln -s /nowhere "$pods/$pod/to/more/link"
	echo x >"$pods/$pod/to/keep/k.keep"
	rm "$pods/$pod/to/one"
	cp -a "$pods/$pod/to" kept
	would --delete --exclude '*.keep' here/tree/. "$pod:to"
	grep -q '^copy one$' would && grep -q '^delete more/link$' would &&
		grep -q '^delete more/sub$' would && ! grep -q 'k.keep' would
	ok $? "$pod: --delete --dry-run says it"
	alike kept "$pods/$pod/to" "$pod: --delete --dry-run"
	run kcp --delete --exclude '*.keep' here/tree/. "$pod:to"
	good "$pod: --delete"
	[ -e "$pods/$pod/to/keep/k.keep" ] && [ ! -e "$pods/$pod/to/more" ]
	ok $? "$pod: --delete spares what is excluded"
	run kcp --delete here/tree/. "$pod:to"
	good "$pod: --delete of all"
	alike here/tree "$pods/$pod/to" "$pod: --delete of all"
	# down
	rm -rf into/to && cp -a kept into/to
	run kcp --delete "$pod:to/." into/to
	good "$pod: --delete down"
	alike here/tree into/to "$pod: --delete down"
	rm -rf kept
done
cp -a here/tree "$pods/gnu/spared"
run kcp --delete here/none gnu:spared
[ "$rc" -eq 1 ]
ok $? 'no source, nothing is deleted'
run kcp --delete gnu:none/. gnu:spared
[ "$rc" -eq 1 ]
ok $? 'no source in a pod'
run kcp --delete gnu:no-such/. into/to
run kcp --delete here/lone gnu:spared
fails 1 'not a directory' '--delete of a file'
mkdir here/fifo && mkfifo here/fifo/fifo
run kcp --delete here/fifo/. gnu:spared
[ "$rc" -eq 1 ]
ok $? 'nothing is deleted behind a copy that is not whole'
alike here/tree "$pods/gnu/spared" 'all of it is there'
alike here/tree into/to 'here, too'
run kcp --delete here/tree here/lone gnu:spared
fails 2 'takes one SRC'
run kcp --verify gnu:to -
fails 2 'a stream has no files'
[ -z "$(find "$pods" into -name '.kcp.*')" ]
ok $? 'nothing is left over'
# as kcp(1) has it; many proxies take 8 KiB
awk -F '\t' '$1 == "request" && length($3) > 7680 { exit 1 }' "$CLUSTER_LOG"
ok $? 'the scripts for the pods fit into a request'
finish
