#!/bin/sh
# --progress of ktar-pack and ktar-unpack, and SIGUSR1: a line of bytes, files,
# rate and time, drawn by whoever has it, in the way of nothing.
. "$KPIPE_TESTS/lib.sh"
have python3 || skip_all 'no python3'
mkdir -p tree/sub into
echo one >tree/one
ln tree/one tree/sub/hard
ln -s one tree/sub/soft
head -c 3000000 /dev/zero >tree/big
rest='[0-9.]+ ([KMG]i)?B/s, 0:00:[0-9][0-9]'

# No terminal: a line at the end, and the same count at both ends.
run_sh 'ktar-pack --progress tree | ktar-unpack --progress into'
[ "$(wc -l <err)" -eq 2 ] && grep -Eq "^ktar-pack: 2\.9 MiB, 4 files, $rest\$" err &&
	grep -Eq "^ktar-unpack: 2\.9 MiB, 4 files, $rest\$" err
ok $? 'no terminal: a line each at the end'
run_sh 'ktar-pack -z --progress tree 2>&1 >z.tar.gz; ktar-unpack -z --progress -t <z.tar.gz 2>&1 >/dev/null'
[ "$(grep -c 2.9 out)" -eq 2 ]
ok $? 'what is compressed counts as what it was'
run_sh 'ktar-pack tree | ktar-unpack into'
good 'nothing where it is not asked for'
for bad in x '' -1 1K 1x; do
	run_sh "ktar-pack --expect '$bad' tree >/dev/null"
	fails 2 'not a number of bytes' "ktar-pack --expect '$bad'"
	run_sh "ktar-unpack --expect '$bad' </dev/null"
	fails 2 'not a number of bytes' "ktar-unpack --expect '$bad'"
done
run_sh 'ktar-pack --expect ./none tree >/dev/null'
fails 2 './none: No such file' '--expect: no such file'
run_sh 'ktar-pack --line none/x tree >/dev/null'
fails 2 'none/x: No such file' '--line: no such directory'

# lines: what was drawn, a line each
lines() {
	LC_ALL=C tr '\r' '\n' <out | grep "$1"
}
# on_terminal TERM STEP...: the script on a terminal
on_terminal() {
	on_terminal_term=$1
	shift
	run env TERM="$on_terminal_term" python3 "$KPIPE_TESTS/terminal.py" "$@" -- sh script
}
# On a terminal: drawn over also while nothing moves.  until COMMAND: it succeeds
cat >until <<'S'
n=0
until eval "$1"; do
	n=$((n + 1))
	[ "$n" -lt 1000 ] || exit 1
	sleep 0.05
done
S
cat >script <<'S'
ktar-pack --progress --expect 6000000 tree | { sh until '[ -e one ]'; cat >/dev/null; }
{ ktar-pack tree; sh until '[ -e two ]'; } | ktar-unpack --progress --expect 6000000 into
S
on_terminal xterm wait:left wait:left 'run:>one' 'wait:ktar-unpack: ' wait:left wait:left 'run:>two'
status 0 'on a terminal: drawn several times'
LC_ALL=C grep -q "$(printf '\033')" out
[ $? -eq 1 ] && [ "$(wc -l <out)" -eq 2 ]
ok $? 'on a terminal: over and over on one line, without an escape sequence'
[ "$(lines '4 files' | grep -v left | grep -c '^ktar-.*pack: 2.9 MiB, 4 files')" -eq 2 ]
ok $? 'on a terminal: nothing is left at the end'
on_terminal dumb
[ "$(grep -c '^ktar-' out)" -eq 2 ]
ok $? 'on a dumb one: a line at the end'

# A message takes its place, and nothing is left of it by who is stopped.
mkfifo tree/fifo
cat >script <<'S'
ktar-pack --progress tree/big tree/fifo | { sh until '[ -e three ]'; cat >/dev/null; }
S
on_terminal xterm 'wait:1 file' 'run:>three'
lines '^ktar-pack: tree/fifo: is a FIFO' >/dev/null && lines '^ \{40,\}$' >/dev/null
ok $? 'a message has its line for itself'
rm tree/fifo
cat >script <<'S'
{ ktar-pack tree/big; sh until '[ -e gone ]'; } |
	sh -c 'sh -c "echo \$\$ >pid; exec ktar-unpack --progress into" 2>&1; touch gone; echo ended'
S
on_terminal xterm 'wait:MiB, 1 file' 'run:kill $(cat pid)'
lines . | tail -n 1 | grep -q '^Terminated\|^ended' && lines '^ \{40,\}$' >/dev/null
ok $? 'a signal takes the line away'

# SIGUSR1, also while nothing moves.
run python3 "$KPIPE_TESTS/signals.py" out:tree/ stall send:USR1 'err: file, ' send:KILL -- ktar-pack tree
grep -Eq "^ktar-pack: [0-9.]+ [KM]iB, 1 file, $rest\$" err
ok $? 'ktar-pack, SIGUSR1: a line'
mkfifo fifo
# signalled NAME DONE: ktar-unpack gets SIGUSR1 when it waits; its input ends
# when DONE succeeds
signalled() {
	: >err
	{
		ktar-pack -C tree one
		sh until "$2"
	} >fifo &
	ktar-unpack -v into <fifo 2>err &
	sh until 'grep -q one err'
	kill -USR1 $!
	rc=0
	wait $! || rc=$?
	wait
	status 0 "$1"
}
signalled 'ktar-unpack: SIGUSR1 ends nothing' 'grep -q file err'
grep -Eq "^ktar-unpack: 10.0 KiB, 1 file, $rest\$" err
ok $? 'ktar-unpack, SIGUSR1: a line'
trap '' USR1
signalled 'SIGUSR1 that is ignored' 'sleep 0.1'
trap - USR1
[ "$(wc -l <err)" -eq 1 ]
ok $? 'SIGUSR1 that is ignored: nothing is said'

# The size may be told when all runs already, and several draw one line.
cp tree/big tree/more
cat >script <<'S'
: >size
for i in 1 2; do
	ktar-pack --progress --line ./all --expect ./size --shard $i/2 tree |
		{ sh until '[ -e four ]'; cat >/dev/null; } &
done
wait
S
on_terminal xterm 'wait:all: 2.0 MiB' 'run:echo 60000000 >size' wait:left 'run:>four'
[ "$(wc -l <out)" -eq 1 ] && lines . | tail -n 1 | grep -q '^all: 5.7 MiB, 5 files, [^,]*, [0-9:]* *$'
ok $? '--line: the sum, on one line'
lines '^all: ' | head -n 1 | grep -q left
[ $? -eq 1 ] && lines '^all: .* left' >/dev/null
ok $? 'the time that is left is said once the size is known'
lines '^ktar' >/dev/null || lines '^all: .*file' | grep -qv '^all'
[ $? -eq 1 ]
ok $? '--line: under its own name'

# What it costs: nothing for a file.
if have strace && [ -z "$KPIPE_SAN" ]; then
	mkdir many
	(cd many && seq 300 | xargs touch)
	for tool in 'ktar-pack --progress many >many.tar' 'ktar-unpack --progress into <many.tar'; do
		run_sh "strace -o trace $tool"
		[ "$(grep -c 'rt_sigprocmask\|clock_gettime\|setitimer' trace)" -lt 30 ]
		ok $? "${tool%% *}: no call for a file"
	done
else
	skip 2 'calls' 'no strace, or a build with a sanitizer'
fi
finish
