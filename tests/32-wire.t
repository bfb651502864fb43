#!/bin/sh
# kexec comes through every recording of a real API server with the right exit
# status, stdout and stderr, however the bytes are cut.
. "$KPIPE_TESTS/lib.sh"

have python3 || skip_all 'no python3'
have openssl || skip_all 'no openssl'

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-keyout key.pem -out cert.pem -subj /CN=replay \
	-addext subjectAltName=IP:127.0.0.1 2>/dev/null || exit 1

# record PORT: the credential record for a server there
record() {
	cat <<-RECORD
	{"apiVersion": "v1", "kind": "Config", "current-context": "c",
	 "clusters": [{"name": "k", "cluster": {
	   "server": "https://127.0.0.1:$1",
	   "certificate-authority-data": "$(base64 -w0 cert.pem)"}}],
	 "users": [{"name": "u", "user": {"token": "secret"}}],
	 "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}]}
	RECORD
}

# replay NAME SPLIT STDIN KEXEC-ARG...: kexec against the recording
replay() {
	name=$1 split=$2 input=$3
	shift 3
	rm -f port
	python3 "$KPIPE_TESTS/replay.py" "$KPIPE_TESTS/wire/$name.jsonl" \
		cert.pem key.pem port "$split" 2>peer &
	server=$!
	until [ -s port ]; do
		sleep 0.02
	done
	record "$(cat port)" >record.json
	printf %b "$input" >input
	last="kexec --protocol $protocol $* < $name"
	rc=0
	kexec -K record.json --protocol "$protocol" "$@" <input >out 2>err || rc=$?
	wait "$server"
	peer_rc=$?
}

# expect NAME STATUS STDOUT STDERR STDIN KEXEC-ARG...: STDERR "" is silence,
# else a text that the one line holds
expect() {
	name=$1 want_rc=$2 want_out=$3 want_err=$4 want_in=$5
	shift 5
	seen="$seen $name"
	for split in 0 1; do
		replay "$name" "$split" "$want_in" "$@"
		printf %b "$want_out" >want
		[ "$peer_rc" -eq 0 ] && [ "$rc" -eq "$want_rc" ] &&
			cmp -s want out
		ok $? "$name, split $split: exit $want_rc and the right stdout"
		[ "$peer_rc" -eq 0 ] || sed 's/^/# /' peer
		if [ -n "$want_err" ]; then
			case $want_err in
			*'\n') printf %b "$want_err" | cmp -s - err ;;
			*) [ "$(wc -l <err)" -eq 1 ] && grep -qF "$want_err" err ;;
			esac
		else
			[ ! -s err ]
		fi
		ok $? "$name, split $split: stderr"
	done
}

seen=
no='--no-stdin'
# a refusal is the same for each
for protocol in spdy v5; do
	expect http-400-bad-container 255 '' \
		'kexec: default/gnu: container nope is not valid for pod gnu (400)' '' \
		$no -c nope gnu -- true
	expect http-400-no-container 255 '' \
		'choose one of: [first second] (400)' '' $no multi -- true
	expect http-401 255 '' 'kexec: default/gnu: Unauthorized (401)' '' \
		$no gnu -- true
	expect http-403 255 '' \
		'pods "gnu" is forbidden: User "viewer" cannot get' '' $no gnu -- true
	expect http-404-pod 255 '' \
		'kexec: default/nosuch: pods "nosuch" not found (404)' '' \
		$no nosuch -- true
done
expect http-403-unknown-subprotocol 255 '' \
	'knows none of the subprotocols that were offered (403)' '' $no gnu -- true
protocol=spdy
expect kubectl129-spdy-cat 0 'hello\n' '' 'hello\n' gnu -c main -- cat
expect kubectl129-spdy-exit7 7 'out\n' 'err\n' '' \
	$no gnu -c main -- sh -c 'echo out; echo err >&2; exit 7'
expect http-403-unknown-subprotocol 255 '' 'no exec stream: answer 403 Forbidden' \
	'' $no gnu -- true
protocol=v5
expect kubectl133-ws-cat 0 'hello\n' '' 'hello\n' gnu -- cat
expect no-subprotocol 255 '' 'chose no subprotocol' '' $no gnu -- echo hi
protocol=v4
expect v4-halfclose-attempt-does-nothing 255 'hello\n' 'exit status unknown' \
	'hello\n' -q gnu -- cat
expect v4-offered-v4-only 0 'hello\n' '' 'hello\n' -q gnu -- head -c 6
protocol=v5
expect v5-client-close-early 255 '' 'exit status unknown: closed by the server (1000)' \
	'' gnu -- cat
expect v5-command-not-found 127 '' 'executable file not found in $PATH' '' \
	$no gnu -- no-such-command
expect v5-killed-by-signal 137 '' '' '' $no gnu -- sh -c 'kill -9 $$'
expect v5-no-command 255 '' 'args must not be empty' '' $no gnu -- true
expect v5-no-streams 255 '' 'must specify at least 1 of stdin' '' $no gnu -- true
expect v5-ping 0 '' '' '' $no gnu -- sleep 0.5
expect v5-stdin-halfclose 0 'hello\n' 'eof-seen\n' 'hello\n' gnu -- \
	sh -c 'cat; echo eof-seen >&2'
expect v5-stdout-stderr-exit7 7 'out\n' 'err\n' '' $no gnu -- \
	sh -c 'echo out; echo err >&2; exit 7'
expect v5-success-no-output 0 '' '' '' $no gnu -- true
expect v5-text-frame-stdin 0 'abc' '' 'abc' gnu -- head -c 3
expect v5-tty-resize 0 '30 100\r\n/dev/pts/0\r\n' '' '' gnu -- sh
expect v5-unknown-channel 0 '' '' '' gnu -- cat

replay v5-large-stdout 0 '' $no gnu -- sh -c 'head -c 200000 /dev/zero'
head -c 200000 /dev/zero >zeros
same zeros out 'v5-large-stdout: all 200000 bytes'
good 'v5-large-stdout'
seen="$seen v5-large-stdout"

for f in "$KPIPE_TESTS"/wire/*.jsonl; do
	name=$(basename "$f" .jsonl)
	case " $seen " in
	*" $name "*) ;;
	*) ok 1 "$name is played" ;;
	esac
done
finish
