#!/bin/sh
# ktar-unpack: which members are taken, and what is said of them.
. "$KPIPE_TESTS/lib.sh"
umask 022
LC_ALL=C
export LC_ALL

mkdir -p p/a/logs p/b
printf 'one' >p/a/f.c
printf 'two' >p/a/g.h
printf 'log' >p/a/logs/f.log
printf 'three' >p/b/f.c
ln -s f.c p/b/link
ln p/a/f.c p/a/hard
tar --sort=name -cf t.tar p

# unpacks with OPTIONS into an empty o; what is there is in got
into() {
	rm -rf o
	mkdir o
	run ktar-unpack "$@" o <t.tar
	(cd o && find . -mindepth 1 ! -type d -printf '%P\n' | sort) >got
}
holds() {
	printf '%s\n' "$@" >want
	same want got "$last: what is there"
}

into --include 'p/b'
good '--include'
holds p/b/f.c p/b/link
into --include '*.h' --include 'b/*'
good '--include, twice'
holds p/a/g.h p/b/f.c p/b/link
into --exclude logs --exclude '*.h'
good '--exclude'
holds p/a/f.c p/a/hard p/b/f.c p/b/link
[ ! -e o/p/a/logs ]
ok $? '--exclude: nor the directory'
into --include a --exclude '*.log' --strip-components 2
good '--include, --exclude and --strip-components'
holds f.c g.h hard
into --include nothing --include '*.h'
fails 2 '--include: nothing: no such member'
holds p/a/g.h
into --exclude 'p/a/f.c'
fails 1 'p/a/hard: refused: hard link to a file that is not of this stream'
into --prefix p/a --exclude 'p/b'
fails 2 'p/: not beneath the prefix' '--prefix counts for what is excluded'
[ ! -s got ]
ok $? '--prefix: nothing is written'
into --exclude 'p/*' --max-files 3
fails 2 'more members than --max-files' 'limits count what is excluded'
into --exclude 'p/*' --max-bytes 2
fails 2 'more data than --max-bytes' 'limits count what is excluded'

into --dry-run
good --dry-run
[ ! -s got ] && [ -z "$(ls -A o)" ]
ok $? '--dry-run makes nothing'
into --dry-run -v --include '*.c' --strip-components 1
status 0 '--dry-run -v'
stderr_is 'ktar-unpack: a/f.c
ktar-unpack: b/f.c'
into --dry-run --links none
fails 1 'p/b/link: refused: symbolic link' '--dry-run refuses'
head -c 2000 t.tar >cut.tar
run ktar-unpack --dry-run o <cut.tar
fails 2 'stdin: truncated' '--dry-run sees that a stream is cut'
run ktar-unpack --dry-run missing <t.tar
good '--dry-run does not look at the directory'

run ktar-unpack -t --include '*.c' --exclude b <t.tar
good '-t with patterns'
stdout_is 'p/a/f.c'
run ktar-unpack -t --max-files 2 <t.tar
fails 2 'more members than --max-files'
run ktar-unpack -t --links none <t.tar
good '-t'
grep -qx p/b/link out
ok $? '-t lists what would be refused'

# what it may still have while it waits for its first byte
if [ -z "$KPIPE_SAN" ] && [ -r /proc/self/limits ]; then
	mkfifo pipe
	ktar-unpack o <pipe 2>err &
	pid=$!
	exec 8>pipe
	tries=0
	until grep -q '^Max open files *[0-9]* *128 ' /proc/$pid/limits ||
		[ $tries -ge 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	# the last of the locks, so all are on
	until grep -q '^Seccomp:.*[12]' /proc/$pid/status || [ $tries -ge 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	[ "$(grep -cE '^Max (core file size|processes) +0 +0 ' \
		/proc/$pid/limits)" -eq 2 ]
	ok $? 'before the first byte: no core file, no process'
	grep -q '^NoNewPrivs:.*1' /proc/$pid/status
	ok $? 'before the first byte: no new privileges'
	exec 8>&-
	wait $pid
	[ $? -eq 2 ]
	ok $? 'and then an empty stream is a failure'
else
	skip 3 'limits' 'no /proc, or a build with sanitizers'
fi
# An empty stream may be somebody else's to explain; one byte is not.
mkdir -p quiet-empty
for how in '' -t --dry-run -z --auto; do
	run_sh "ktar-unpack --quiet-empty $how </dev/null"
	[ "$rc" -eq 2 ] && [ ! -s err ]
	ok $? "--quiet-empty $how: 2, without a word"
done
run_sh 'printf x | ktar-unpack --quiet-empty quiet-empty'
fails 2 'stdin' '--quiet-empty, and a byte'
run_sh 'ktar-unpack --quiet-empty quiet-empty <.'
fails 2 'stdin: Is a directory' '--quiet-empty, and an error'
finish
