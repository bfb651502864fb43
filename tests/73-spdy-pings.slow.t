#!/bin/sh
# A server that speaks SPDY deals pings to five workers, one of which waits
# while the command leaves its stdin unread: that one ping in five has no answer
# is no death, nor that then none has. When nothing is left unread, silence is.
. "$KPIPE_TESTS/lib.sh"
have python3 || skip_all 'no python3'

python3 "$KPIPE_TESTS/execpeer.py" "$PWD/peer" \
	"$KPIPE_TESTS/wire/kubectl129-spdy-cat.jsonl" 2>peer.err &
peer=$!
trap 'kill "$peer"' EXIT
until [ -s peer ]; do
	sleep 0.02
done
read -r port _ <peer
cat >record.json <<RECORD
{"current-context": "c",
 "clusters": [{"name": "k", "cluster": {"server": "http://127.0.0.1:$port"}}],
 "users": [{"name": "u", "user": {}}],
 "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}]}
RECORD
mkfifo stdin
k='kexec -K record.json --protocol spdy --ping-interval 2s'
$k five.four.sleep.out.exit3.end -- x <stdin >unread.out 2>unread.err &
unread=$!
exec 9>stdin
echo hello >&9
$k --no-stdin round.sleep.ok.end -- x >silent.out 2>silent.err &
silent=$!
$k --no-stdin round.round.round.out.exit4.end -- x >out 2>err
rc=$?
last='pings that are answered'
status 4
stdout_is out
rc=0
wait "$silent" || rc=$?
cp silent.err err
fails 255 'exit status unknown: the server no longer answers' 'silence with nothing left unread'
rc=0
wait "$unread" || rc=$?
exec 9>&-
cp unread.out out
cp unread.err err
last='one ping in five without an answer, then silence'
status 3
stdout_is out
quiet
last='the server'
cp peer.err err
quiet 'no client has sent what it should not'
finish
