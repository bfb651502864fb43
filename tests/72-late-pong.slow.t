#!/bin/sh
# A server that answers a ping late, and then none for 75 s because its command
# leaves stdin unread, is alive; and so is one whose answer waits for us while
# our disk is slow.
. "$KPIPE_TESTS/lib.sh"
have python3 || skip_all 'no python3'

# serve NAME [MODE]: such a server, and NAME.json for it; its process is $server
serve() {
	python3 "$KPIPE_TESTS/latepong.py" "$1.port" ${2:+"$2"} &
	server=$!
	until [ -s "$1.port" ]; do
		sleep 0.02
	done
	cat >"$1.json" <<-RECORD
	{"current-context": "c",
	 "clusters": [{"name": "k", "cluster": {"server": "http://127.0.0.1:$(cat "$1.port")"}}],
	 "users": [{"name": "u", "user": {}}],
	 "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}]}
	RECORD
}

# the first write to the disk takes 65 s
disk=
if have strace && strace -o /dev/null true 2>/dev/null; then
	serve disk slow-disk
	{
		strace -f -o disk.trace -e trace=write \
			-e inject=write:delay_enter=65000000:when=1 \
			kexec -K disk.json --protocol v5 --ping-interval 1s --no-stdin pod -- cmd \
			>disk.out 2>disk.err
		echo $? >disk.rc
	} &
	disk=$!
fi

serve pongs
mkfifo stdin
last='kexec with late pongs'
kexec -K pongs.json --protocol v5 --ping-interval 2s pod -- cmd <stdin >out 2>err &
client=$!
exec 9>stdin
while [ ! -s out ] && kill -0 "$client" 2>/dev/null; do
	sleep 0.05
done
echo more >&9
rc=0
wait "$client" || rc=$?
exec 9>&-
good 'late pongs: the session lives'
stdout_is now
wait "$server"
ok $? 'and the server saw what it waited for'

last='kexec on a slow disk'
if [ -n "$disk" ]; then
	wait "$disk"
	rc=$(cat disk.rc)
	cp disk.out out
	cp disk.err err
	good 'a slow disk: the session lives'
	stdout_is 'first
second' 'a slow disk: every byte'
else
	skip 2 'a slow disk' 'strace cannot trace here'
fi
finish
