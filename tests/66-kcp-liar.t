#!/bin/sh
# kcp and pods that say more than they should: it ends, with a line, and keeps no
# more of it than a bound.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/userland.sh"
cluster_needs_test_server
cluster_start
pods=$CLUSTER_ROOT/default
mkdir -p here into tmp
echo one >here/file
cp here/file "$pods/gnu/file"
TMPDIR=$PWD/tmp
export TMPDIR

# liar POD PROGRAM: a pod where that says y for ever; it takes what there is
liar() {
	userland "$1" cat
	cat >"$CLUSTER_ROOT/.bin-$1/$2" <<S
#!$(command -v sh)
PATH=$PATH
exec yes
S
	chmod +x "$CLUSTER_ROOT/.bin-$1/$2"
}
# ends NAME
ends() {
	[ "$rc" -eq 1 ] && grep -q 'says more than it should' err
	ok $? "$1: ends, and says why"
	[ -z "$(ls -A tmp)" ]
	ok $? "$1: nothing is left here"
}
liar shell sh
run kcp here/file shell:x
ends 'a confirmation without end'
run kcp -z here/file shell:x
ends 'an answer without end'
run kcp --retries 1 here/file shell:x
ends 'a confirmation without end, and --retries'
# the bound of a list is too much for a test
sed 's/^list_most=.*/list_most=100000/' "$(command -v kcp)" >here/kcp
chmod +x here/kcp
run here/kcp --update shell:x into/x
ends 'a list without end'
run here/kcp --update gnu:file into/file
good 'a list that ends'
# messages are kept, where it is not known yet whether they matter
userland loud cat
cat >"$CLUSTER_ROOT/.bin-loud/tee" <<S
#!$(command -v sh)
PATH=$PATH
cat >/dev/null
yes | head -c 3000000 >&2
exit 1
S
chmod +x "$CLUSTER_ROOT/.bin-loud/tee"
run kcp here/file loud:x
[ "$rc" -eq 1 ] && grep -q y err && [ "$(wc -c <err)" -lt 20000 ]
ok $? 'messages without end: the beginning is said'

# a tar that would drive the terminal
userland rude cat mkdir mv rm sh touch
cat >"$CLUSTER_ROOT/.bin-rude/tar" <<S
#!$(command -v sh)
[ "\$1" = --help ] && exit
printf 'tar: \033]0;x\007\n' >&2
exit 1
S
chmod +x "$CLUSTER_ROOT/.bin-rude/tar"
run kcp here/file rude:x
[ "$(cat err)" = 'tar: \033]0;x\007' ]
ok $? 'what would drive the terminal is escaped'
cp here/file "$pods/rude/file"
run kcp rude:file into/x
grep -qF 'tar: \033]0;x\007' err
ok $? 'the same from a pod'
finish
