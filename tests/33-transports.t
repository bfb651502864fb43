#!/bin/sh
# What a session means does not depend on what carries it: each ending over
# SPDY/3.1 and over WebSocket. And which of them is tried, when.
. "$KPIPE_TESTS/lib.sh"
have python3 || skip_all 'no python3'

python3 "$KPIPE_TESTS/execpeer.py" "$PWD/peer" \
	"$KPIPE_TESTS/wire/kubectl129-spdy-cat.jsonl" 2>peer.err &
peer=$!
trap 'kill "$peer"' EXIT
until [ -s peer ]; do
	sleep 0.02
done
read -r port recorded <peer
cat >record.json <<RECORD
{"current-context": "c",
 "clusters": [{"name": "k", "cluster": {"server": "http://127.0.0.1:$port"}}],
 "users": [{"name": "u", "user": {}}],
 "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}]}
RECORD

# both WORDS STATUS STDOUT STDERR: over each transport; STDERR "" is silence,
# else a text that the one line holds. over: the same for the transport $over
over=
over() {
	run kexec -K record.json --no-stdin --protocol "$over" "$1" -- x
	printf %b "$3" >want
	[ "$rc" -eq "$2" ] && cmp -s want out
	ok $? "$over, $1: exit $2 and the right stdout"
	if [ -n "$4" ]; then
		[ "$(wc -l <err)" -eq 1 ] && grep -qF -- "$4" err
	else
		[ ! -s err ]
	fi
	ok $? "$over, $1: stderr: ${4:-silence}"
}
both() {
	for over in spdy v5; do
		over "$@"
	done
}
spdy() {
	over=spdy
	over "$@"
}
ws() {
	over=v5
	over "$@"
}
unknown='exit status unknown: '

# The verdict, however it ends.
both ok.end 0 '' ''
both out.ok.end 0 'out\n' ''
both out.err.exit7.end 7 'out\n' 'err'
both out.ok.cut 0 'out\n' ''
both out.ok.reset 0 'out\n' ''
both out.exit3.cut 3 'out\n' ''
both out.exit3.reset 3 'out\n' ''
both out.splitok.end 0 'out\n' ''
both out.ok.late.end 0 'out\nlate\n' ''
both out.exit3.late.cut 3 'out\nlate\n' ''
both junk.out.junk.ok.junk.end 0 'out\n' ''
both ping.out.ping.ok.end 0 'out\n' ''
both one.out.err.exit7.end 7 'out\n' err
both first.out.err.exit7.end 7 'out\n' err
both first.ok.end 0 '' ''
spdy out.ok.fin1.fin2.fin3 0 'out\n' ''
spdy out.ok.fin1.fin2.rst3.linger 0 'out\n' ''
spdy out.fin1.fin2.ok.rst3.linger 0 'out\n' ''
spdy fin1.fin2.exit3.away0.linger 3 '' ''
spdy exit3.rst1.rst2.rst3.away0 3 '' ''
spdy out.exit3.away2.late 3 'out\n' ''
spdy away0.out.exit3.end 3 'out\n' ''
ws out.exit3.close1001 3 'out\n' ''
ws out.exit3.close1011 3 'out\n' ''

# No verdict is no success.
both out.cut 255 'out\n' "${unknown}connection closed"
both out.reset 255 'out\n' "${unknown}Connection reset by peer"
both cut 255 '' "${unknown}connection closed"
spdy out.end 255 'out\n' "${unknown}no status"
spdy out.rst3.linger 255 'out\n' "${unknown}no status"
spdy out.fin1.fin2.fin3.linger 255 'out\n' "${unknown}no status"
spdy out.away0.cut 255 'out\n' "${unknown}connection closed"
spdy out.gone0.linger 255 'out\n' "${unknown}closed by the server (SPDY 0)"
spdy out.away2.linger 255 'out\n' "${unknown}closed by the server (SPDY 2)"
spdy out.rst1.ok.end 255 'out\n' "${unknown}stdout was broken off"
spdy out.rst2.ok.end 255 'out\n' "${unknown}stderr was broken off"
ws out.end 255 'out\n' "${unknown}closed by the server (1000)"
ws out.close1001 255 'out\n' "${unknown}closed by the server (1001)"
ws out.close1011 255 'out\n' "${unknown}closed by the server (1011)"

# What is no verdict.
both ok.ok.end 255 '' "${unknown}more than one status"
both exit3.ok.end 255 '' "${unknown}more than one status"
both out.statusjson.end 255 'out\n' "${unknown}status that is no JSON"
both statushalf.end 255 '' "${unknown}status that is no JSON"
both statushalf.cut 255 '' "${unknown}status that is no JSON"
both statusempty.cut 255 '' "${unknown}connection closed"
both statusmaybe.end 255 '' "${unknown}status that is neither Success nor Failure"
both statusnocause.end 255 '' "${unknown}status without an exit code"
both statuslong.end 255 '' "${unknown}status is too long"
both statusother.end 255 '' 'no\nway'
both exit007.end 7 '' ''
both exit255.end 255 '' ''
for code in 0 256 -1 abc; do
	both "exit$code.end" 255 '' "${unknown}status with an invalid exit code"
done

# Faults of framing; a frame may be large.
spdy version.ok.end 255 '' "${unknown}frame of another version than SPDY/3"
spdy zero.ok.end 255 '' "${unknown}data of no stream"
spdy short.ok.end 255 '' "${unknown}control frame that is too short"
spdy bomb.ok.end 255 '' "${unknown}header block that is too long"
head -c 16777215 /dev/zero >large
for over in spdy v5; do
	run kexec -K record.json --no-stdin --protocol "$over" huge.ok.end -- x
	same large out "$over: a frame of 16 MiB"
	good "$over: a frame of 16 MiB"
done

# stdin.
head -c 3000000 /dev/urandom >data
for over in spdy v5; do
	run_sh "kexec -K record.json --protocol $over echo.ok.end -- x <data"
	same data out "$over: stdin, its end, and all of it back"
	good "$over: stdin"
	run_sh "kexec -K record.json --protocol $over count.exit3.end -- x <&-"
	stdout_is 0 "$over: a closed stdin is an end at once"
	status 3 "$over: a closed stdin"
	for how in end cut reset; do
		run_sh "head -c 50000000 /dev/zero | kexec -K record.json --protocol $over five.err.exit3.$how -- x"
		status 3 "$over, $how: a command that leaves 50 MB of stdin unread"
		[ "$(cat err)" = err ]
		ok $? "$over, $how: and its last words"
	done
done
run_sh "head -c 50000000 /dev/zero | kexec -K record.json --protocol spdy five.rst0.out.exit3.end -- x"
status 3 'spdy: stdin is refused, the session goes on'
stdout_is out 'spdy: stdin is refused'

# A recorded session, cut behind each byte: 255 until the verdict is whole.
at=0 wrong='' first_zero=
while [ "$at" -le "$recorded" ]; do
	rc=0
	echo hello | kexec -K record.json --protocol spdy "bytes$at" -- cat >out 2>err || rc=$?
	case $rc in
	255) [ -z "$first_zero" ] && [ "$(wc -l <err)" -eq 1 ] ;;
	0) first_zero=${first_zero:-$at}; [ "$(cat out)" = hello ] && [ ! -s err ] ;;
	*) false ;;
	esac || wrong="$wrong $at"
	at=$((at + 1))
done
last="cut behind byte$wrong of $recorded"
[ -z "$wrong" ]
ok $? 'a recorded SPDY session, cut behind each byte'
# the two resets and the farewell are what stands behind the verdict
[ "${first_zero:-0}" -eq $((recorded - 48)) ]
ok $? "it is a success from byte $first_zero on, where the verdict is whole"

# Which transport is tried. asked METHODS: what the last run asked
: >peer.log
asked() {
	[ "$(tr '\n' ' ' <peer.log)" = "$1 " ]
	ok $? "$last: asked $1"
	: >peer.log
}
# kexec_to WORDS OPTION...
kexec_to() {
	to=$1
	shift
	: >peer.log
	run kexec -K record.json --no-stdin "$@" "$to" -- x
}
kexec_to ok.end
good 'auto'
asked POST
kexec_to ok.end --protocol spdy
asked POST
kexec_to ok.end --protocol v5
asked GET
for name in 400 403 403text 426 502 200 json stripped websocket noversion v5; do
	kexec_to "answer.$name"
	good "$name to SPDY is no last word"
	asked 'POST GET'
	kexec_to "answer.$name" --protocol spdy
	fails 255 'kexec: default/answer.'"$name: no exec stream: " \
		"$name, and only SPDY is asked for"
	asked POST
done
for row in 's400 container x is not valid for pod p (400)' \
	's401 Unauthorized (401)' 's404 pods "p" not found (404)' \
	's403get cannot get resource "pods/exec" in API group "" in the namespace "default" (403)'; do
	name=${row%% *}
	kexec_to "answer.$name"
	fails 255 "${row#* }" "$name is final"
	asked POST
done
kexec_to answer.s403
fails 255 'cannot create resource "pods/exec" in API group "" in the namespace "default" (403); --protocol v5 asks for the verb get instead' \
	'a refused POST is final, and what to do is said'
asked POST
kexec_to answer.502.502
fails 255 'no exec stream: SPDY/3.1: answer 502 No; WebSocket: answer 502 No' \
	'what was tried'
asked 'POST GET'
kexec_to answer.426.403
fails 255 'SPDY/3.1: answer 426 No; WebSocket: the server knows none of the subprotocols that were offered (403)' \
	'a bare 403 to a WebSocket is not that of RBAC'
kexec_to answer.403.s403get
fails 255 'SPDY/3.1: answer 403 No; WebSocket: pods "p" is forbidden' \
	'a proxy, then the API server'
kexec_to answer.stripped.noaccept
fails 255 "SPDY/3.1: Upgrade request required (400); WebSocket: the server's handshake is wrong"
kexec_to answer.502.noversion --protocol v5
fails 255 'no exec stream: the server switched to another protocol'
kexec_to answer.502.502 --protocol v5
fails 255 'no exec stream: answer 502 No'
asked GET
kexec_to answer.502 -v
grep -q 'default/answer.502: no SPDY/3.1: answer 502 No' err &&
	grep -q 'default/answer.502: WebSocket (v5.channel.k8s.io)' err
ok $? '-v says what was tried'
kexec_to ok.end -v
grep -q 'default/ok.end: SPDY/3.1 (v4.channel.k8s.io)' err
ok $? '-v says what it is'

# v4, which cannot end stdin, is only for what has none, or by name.
kexec_to v4.out.err.exit3.end
status 3 'an old server: v4 where there is no stdin'
stdout_is out
asked 'POST GET'
kexec_to v4.out.ok.end -v
grep -q 'default/v4.out.ok.end: WebSocket (v4.channel.k8s.io)' err
ok $? '-v says that it is v4'
kexec_to v4.out.end --protocol v4
fails 255 "${unknown}closed by the server (1000)" 'v4 without a status'
kexec_to v4.ok.end --protocol v5
fails 255 'knows none of the subprotocols that were offered (403)' 'v5 is all that was asked for'
: >peer.log
run_sh 'echo hello | kexec -K record.json v4.ok.end -- x'
fails 255 'WebSocket: the server knows none of the subprotocols that were offered (403)' \
	'and v4 is not offered where there is stdin'
asked 'POST GET'
run_sh 'echo hello | kexec -K record.json --protocol v4 v4.five.exit3.end -- x'
status 3 'v4 with stdin, by name'
says 'v4.channel.k8s.io cannot tell the command that stdin ended'
run_sh 'echo hello | kexec -K record.json -q --protocol v4 v4.five.exit3.end -- x'
quiet 'and -q keeps that to itself'

last='the server'
cp peer.err err
quiet 'no client has sent what it should not'
finish
