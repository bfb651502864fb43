#!/bin/sh
# kcp on a terminal: one line of progress, with files and the time that is left,
# for every kind of copy, and nothing in its way.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
have python3 || skip_all 'no python3'
cluster_needs_test_server
cluster_start
pods=$CLUSTER_ROOT/default
mkdir -p here/tree/sub into
head -c 12000000 /dev/urandom >here/tree/big
echo one >here/tree/one
echo two >here/tree/sub/two
cp -a here/tree "$pods/gnu"

# A pod whose tar stops on its way, says something, and goes on when there is go.
ln -s gnu "$pods/slow"
mkdir "$CLUSTER_ROOT/.slow"
echo "path $CLUSTER_ROOT/.slow" >"$pods/.slow"
real=$(command -v tar)
cat >"$CLUSTER_ROOT/.slow/tar" <<S
#!/bin/sh
rest() {
	head -c 2000000
	until [ -e "$PWD/go" ]; do sleep 0.05; done
	echo 'tar: something odd' >&2
	cat
}
case "\$*" in
*--help | */dev/null*) exec $real "\$@" ;;
*x*f*) rest | $real "\$@" ;;
*) $real "\$@" | rest ;;
esac
S
chmod +x "$CLUSTER_ROOT/.slow/tar"

# lines: what was drawn, a line each
lines() {
	LC_ALL=C tr '\r' '\n' <out | grep "$1"
}
# shows NAME FILES WORD...: kcp with WORDs shows what is left, and at the end
# FILES; what tar says is a line of its own
shows() {
	shows_name=$1 shows_files=$2
	shift 2
	rm -f go
	run env TERM=xterm python3 "$KPIPE_TESTS/terminal.py" 'wait: left' 'run:>go' -- "$@"
	status 0 "$shows_name"
	lines '^kcp: ' | tail -n 1 | grep -q "^kcp: 11.5 MiB, $shows_files, [^,]*/s, [0-9:]* *$"
	ok $? "$shows_name: the sum of it"
	lines 'tar: something odd' | grep -qv '^tar: something odd$'
	[ $? -eq 1 ]
	ok $? "$shows_name: what is said has its line"
	# one of the line, and one for each word of tar
	[ $(($(wc -l <out) - $(grep -c something out))) -eq 1 ]
	ok $? "$shows_name: one line"
}
shows up '3 files' kcp here/tree slow:up
shows down '3 files' kcp slow:tree into/down
shows 'down, compressed' '3 files' kcp -z slow:tree into/zip
shows 'several up' '3 files' kcp -j 2 here/tree slow:jobs
rm into/down/big
shows 'a list, down' '1 file' kcp --update slow:tree/. into/down
: >go
run env TERM=xterm python3 "$KPIPE_TESTS/terminal.py" -- kcp -j 2 gnu:tree into/jobs
lines '^kcp: ' | tail -n 1 | grep -q '^kcp: 11.5 MiB, 3 files, '
ok $? 'several down: the sum of it'

# From pod to pod nobody counts files.
rm go
run env TERM=xterm python3 "$KPIPE_TESTS/terminal.py" 'wait: left' 'run:>go' -- kcp slow:tree gnu:copy
[ "$rc" -eq 0 ] && lines '^kexec: 0 B sent, 11.5 MiB received' >/dev/null
ok $? 'from pod to pod: bytes, and what is left'

# Where nobody looks there is nothing, and no session more than the copy takes.
sessions=$(cluster_requests exec)
run kcp gnu:tree into/quiet
good 'no terminal: silent'
[ "$(($(cluster_requests exec) - sessions))" -eq 1 ]
ok $? 'no terminal: one session'
run kcp --progress gnu:tree into/said
[ "$rc" -eq 0 ] && grep -q '^kcp: 11.5 MiB, 3 files, ' err && [ "$(wc -l <err)" -eq 1 ]
ok $? '--progress elsewhere: a line at the end'
run env TERM=xterm python3 "$KPIPE_TESTS/terminal.py" -- kcp -q gnu:tree into/q
[ "$rc" -eq 0 ] && [ ! -s out ]
ok $? '-q: silent'
run env TERM=xterm python3 "$KPIPE_TESTS/terminal.py" -- kcp gnu:none into/none
[ "$(LC_ALL=C tr -d '\r' <out)" = 'kcp: gnu:none: no such file or directory' ]
ok $? 'where nothing is copied no line is drawn'

# A size that a pod says is a number, or none.
mkdir "$CLUSTER_ROOT/.liar"
ln -s gnu "$pods/liar"
echo "path $CLUSTER_ROOT/.liar" >"$pods/.liar"
printf '#!/bin/sh\nexec yes 99999999999999999999\n' >"$CLUSTER_ROOT/.liar/find"
chmod +x "$CLUSTER_ROOT/.liar/find"
run env TERM=xterm python3 "$KPIPE_TESTS/terminal.py" -- kcp --bwlimit 16M liar:tree into/liar
[ "$rc" -eq 0 ] && lines '^kcp: 11.5 MiB, 3 files, ' >/dev/null
ok $? 'a size without end'
finish
