#!/bin/sh
# kexec -t on real terminals: what is typed and shown, the size, and that the
# terminal is as it was whichever way kexec ends or stops.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/kubectl.sh"
cluster_needs_test_server
have python3 || skip_all 'no python3'
cluster_start
kconf >rec
chmod 600 rec
pods=$CLUSTER_ROOT/default

# as a shell without job control has it: the modes before and behind, the
# process, the status
cat >shell <<'S'
#!/bin/sh
rm -f before after pid
tty >name
stty -a | tail -n +2 >before
sh -c 'echo $$ >pid.new; mv pid.new pid; exec "$@"' sh "$@"
rc=$?
stty -a | tail -n +2 >after
exit "$rc"
S
# and one with it, to which a stop is given: what it does then is in ./stopped
cat >control <<'S'
#!/bin/bash
set -m
stty -a | tail -n +2 >before
tty >name
./kx -it gnu -- sh -c "$1"
rc=$?
if [ "$rc" -eq $((128 + 19)) ] || [ "$rc" -eq $((128 + 20)) ]; then
	. ./stopped
	rc=$?
fi
stty -a | tail -n +2 >after
exit "$rc"
S
# kexec over the protocol of the day
cat >kx <<'S'
#!/bin/sh
exec kexec -K rec --protocol "$over" "$@"
S
chmod +x shell control kx

# on STEP... -- CMD...: CMD on a terminal (terminal.py); stdout is what it shows
on() {
	run python3 "$KPIPE_TESTS/terminal.py" size:30x100 "$@"
}
# shows TEXT NAME: the terminal has shown it
shows() {
	tr -d '\r' <out | grep -qF -- "$1"
	ok $? "$2: shows $1"
}
# kept NAME: the terminal's modes are those of before
kept() {
	[ -s before ] && cmp -s before after
	ok $? "$1: the terminal is as it was"
}
# modes WORD: waits until stty -a of the terminal has the word
cat >modes <<'S'
#!/bin/sh
n=0
until stty -a -F "$(cat name)" | tr ' ;' '\n\n' | grep -qxe "$1"; do
	n=$((n + 1))
	[ "$n" -lt 600 ] || exit 1
	sleep 0.05
done
S
# gone: waits until the process of ./pid has ended
cat >gone <<'S'
#!/bin/sh
n=0
while kill -0 "$(cat pid)" 2>/dev/null; do
	n=$((n + 1))
	[ "$n" -lt 600 ] || exit 1
	sleep 0.05
done
S
# there FILE: waits for it
cat >there <<'S'
#!/bin/sh
n=0
until [ -e "$1" ]; do
	n=$((n + 1))
	[ "$n" -lt 600 ] || exit 1
	sleep 0.05
done
S
chmod +x modes gone there

vim=$(command -v vim || command -v vim.tiny || :)

# pane COMMAND...: of a tmux server of our own
pane() {
	LC_ALL=C.UTF-8 TERM=xterm tmux -S "$PWD/tmux" -f /dev/null "$@"
}
# in_pane TEXT NAME: the pane shows it, in the end
in_pane() {
	n=0
	until pane capture-pane -p 2>/dev/null | grep -qF -- "$1"; do
		n=$((n + 1))
		[ "$n" -lt 600 ] || break
		sleep 0.05
	done
	[ "$n" -lt 600 ]
	ok $? "$2: the pane shows $1"
}
on_exit 'pane kill-server 2>/dev/null || :'

# The size arrives behind the start of the command.
until_size='until [ "$(stty size)" = "$size" ]; do sleep 0.05; done; stty size'
forever='while :; do sleep 0.05; done'

terminals() {
	echo "# over $over"
	on -- ./shell ./kx -it gnu -- sh -c "size='30 100'; $until_size; exit 7"
	status 7 "$over: the command's own status"
	shows '30 100' "$over: the size"
	kept "$over: exit 7"
	on -- ./shell ./kx -ti gnu -- sh -c 'test -t 0 && test -t 1 && test -t 2 && echo three'
	status 0 "$over: -ti"
	shows three "$over: all three are terminals"
	kept "$over: exit 0"
	on wait:ready size:22x33 wait:'22 33' say:'\x03' -- ./shell ./kx -t gnu -- \
		sh -c "trap 'stty size' WINCH; echo ready; $forever"
	status 130 "$over: a new size, and Ctrl-C ends the command"
	kept "$over: Ctrl-C"

	# What is typed.
	on wait:ready say:'\x03\x04\x1a\x1c\x11\x13' wait:'03 04 1a 1c 11 13' -- \
		./shell ./kx -it gnu -- sh -c 'stty raw -echo; echo ready; head -c 6 | od -An -tx1'
	status 0 "$over: Ctrl-C, D, Z, \\, Q and S are bytes"
	on wait:ready say:'hello\r\x04' wait:behind -- ./shell ./kx -it gnu -- \
		sh -c 'echo ready; cat; echo behind'
	status 0 "$over: Ctrl-D ends cat"
	python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(256)))' >all
	on wait:ready type:all -- ./shell ./kx -it gnu -- \
		sh -c 'stty raw -echo; echo ready; head -c 256 | tee got'
	status 0 "$over: all bytes"
	same all "$pods/gnu/got" "$over: every byte goes up"
	tail -c 256 out >back
	same all back "$over: and comes down"
	on wait:xxx run:'sleep 1' -- ./shell ./kx -it gnu -- \
		sh -c 'head -c 10485760 /dev/zero | tr "\0" x'
	others=$(tr -d x <out | head -c 300)
	[ "$rc" -eq 0 ] && [ "$(wc -c <out)" -eq 10485760 ] && [ -z "$others" ]
	ok $? "$over: 10 MiB to a terminal that pauses"
	[ -z "$others" ] || echo "# the terminal also showed: $others"
	kept "$over: 10 MiB"

	# Programs that draw.
	if [ -n "$vim" ]; then
		rm -f "$pods/gnu/note"
		on wait:'~' say:'ihello\x1b' say:':wq\r' -- ./shell ./kx -it gnu -- \
			"$vim" -u NONE -i NONE -N note
		status 0 "$over: vim"
		[ "$(cat "$pods/gnu/note")" = hello ]
		ok $? "$over: vim writes what was typed"
		kept "$over: vim"
	else
		skip 3 "$over: vim" 'no vim'
	fi
	if have script; then
		on -- script -qec "./kx -it gnu -- sh -c 'tty; exit 6'" typescript
		status 6 "$over: within script(1)"
	else
		skip 1 "$over: script" 'no script'
	fi
	if have tmux; then
		rm -f rc
		pane new-session -d -x 91 -y 27 "./kx -it gnu -- sh; echo \$? >rc.new; mv rc.new rc; sleep 600"
		pane set-option -g status off
		pane set-option -g window-size manual
		pane resize-window -x 83 -y 21
		pane send-keys "size='21 83'; $until_size" Enter
		in_pane '21 83' "$over: tmux"
		pane resize-window -x 72 -y 19
		pane send-keys "size='19 72'; $until_size" Enter
		in_pane '19 72' "$over: tmux, a new size"
		pane send-keys 'exit 5' Enter
		./there rc && [ "$(cat rc)" -eq 5 ]
		ok $? "$over: tmux: the command's own status"
		pane kill-server
	else
		skip 3 "$over: tmux" 'no tmux'
	fi

	# The ways out.
	for sig in TERM:143 INT:130 HUP:129 QUIT:131 SEGV:139 ABRT:134 BUS:135; do
		on wait:ready run:"./modes -icanon && kill -${sig%:*} \$(cat pid)" -- \
			./shell ./kx -it gnu -- sh -c "echo ready; $forever"
		status "${sig#*:}" "$over: SIG${sig%:*}"
		kept "$over: SIG${sig%:*}"
	done
	on wait:ready run:'./modes -icanon && kill -TERM $(cat pid); kill -TERM $(cat pid) 2>/dev/null; :' -- \
		./shell ./kx -it gnu -- sh -c "echo ready; $forever"
	status 143 "$over: two signals"
	kept "$over: two signals"
	on -- ./shell ./kx -it fault-cut-100 -- sh -c 'yes | head -n 1000'
	status 255 "$over: a cut connection"
	shows 'exit status unknown: connection' "$over: a cut connection"
	kept "$over: a cut connection"
	on wait:ready run:'./modes -icanon' hangup: run:./gone -- \
		./shell ./kx -it gnu -- sh -c "echo ready; $forever"
	[ "$rc" -ne 112 ]
	ok $? "$over: a terminal that hangs up ends kexec"
	[ ! -s err ]
	ok $? "$over: silently"

	# Stops.
	cat >stopped <<-'S'
		stty -a | tail -n +2 >stop
		fg >/dev/null
	S
	on wait:ready run:'./modes -icanon && kill -TSTP $(pgrep -s $(cat leader) -x kexec)' wait:x \
		run:'./modes -icanon' size:22x33 wait:'22 33' say:'\x03' -- \
		sh -c 'echo $$ >leader; exec ./control "$@"' sh "trap 'stty size' WINCH; echo ready; while :; do echo x; sleep 0.05; done"
	status 130 "$over: SIGTSTP and fg"
	cmp -s before stop
	ok $? "$over: SIGTSTP: the terminal is as it was while it is stopped"
	kept "$over: SIGTSTP"

	rm -f was go
	cat >stopped <<-'S'
		stty sane
		stty -a | tail -n +2 >before
		stty rows 24 cols 81
		bg >/dev/null
		touch was
		./there go
		stty -a | tail -n +2 >stop
		jobs >listed
		fg >/dev/null
	S
	on wait:ready run:'./modes -icanon && kill -STOP $(pgrep -s $(cat leader) -x kexec)' \
		run:'./there was' wait:'xx' wait:'xx' run:'touch go; ./modes -icanon' \
		wait:'24 81' say:'\x03' -- \
		sh -c 'echo $$ >leader; exec ./control "$@"' sh "trap 'stty size' WINCH; echo ready; while :; do echo xx; sleep 0.05; done"
	status 130 "$over: SIGSTOP, bg, fg"
	grep -q Running listed
	ok $? "$over: in the background it runs on"
	! grep -q -- -icanon stop
	ok $? "$over: and leaves the terminal alone"
}

run kexec -K rec -t gnu -- true </dev/null
fails 2 '-t: stdin is not a terminal'
on -- sh -c 'kexec -K rec -t gnu -- true >file'
status 2 'stdout is a file'
shows 'kexec: -t: stdout is not a terminal' 'stdout is a file'
on -- kexec -K rec -t --no-stdin gnu -- true
status 2 '-t --no-stdin'
shows 'kexec: -t: not with --no-stdin' '-t --no-stdin'

: >"$CLUSTER_LOG"
for over in spdy v5 v4; do
	export over
	terminals
done
! grep -q 'stderr=true' "$CLUSTER_LOG" && grep -q 'tty=true' "$CLUSTER_LOG"
ok $? 'a terminal is asked for, and no stderr'

# What kubectl shows of the same command.
sees="size='30 100'; $until_size; stty -a; printf 'a\\nb\\033[1mc\\033[0m\\n'; echo err >&2; exit 4"
if [ -n "$KUBECTL" ]; then
	for over in spdy v5; do
		on -- ./kx -it gnu -- sh -c "$sees"
		status 4 "$over: beside kubectl"
		mv out ours
		# a busy machine makes kubectl say more on the same terminal
		for try in 1 2 3; do
			on -- "$KUBECTL" exec -it gnu -- sh -c "$sees"
			grep -v '^command terminated with exit code 4' out >theirs
			! cmp -s theirs ours || break
		done
		last="kubectl exec, try $try"
		same theirs ours "$over: the terminal shows what it shows with kubectl"
	done
else
	skip 4 'beside kubectl' 'no kubectl'
fi
finish
