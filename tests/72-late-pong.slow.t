#!/bin/sh
# A server that answers a ping late, and then none for 75 s because its command
# leaves stdin unread, is alive.
. "$KPIPE_TESTS/lib.sh"
have python3 || skip_all 'no python3'

python3 "$KPIPE_TESTS/latepong.py" port &
server=$!
until [ -s port ]; do
	sleep 0.02
done
cat >record.json <<RECORD
{"current-context": "c",
 "clusters": [{"name": "k", "cluster": {"server": "http://127.0.0.1:$(cat port)"}}],
 "users": [{"name": "u", "user": {}}],
 "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}]}
RECORD
mkfifo stdin
last='kexec with late pongs'
kexec -K record.json --ping-interval 2s pod -- cmd <stdin >out 2>err &
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
finish
