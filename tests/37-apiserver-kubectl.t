#!/bin/sh
# The check on the checker: every kubectl that is here can exec and cp with the
# test server, over every transport that it has.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
# none of our own is run here but the server of the tests
[ -z "$KPIPE_SAN" ] || skip_all "kubectl, beside a build with $KPIPE_SAN"
cluster_start
gnu=$CLUSTER_ROOT/default/gnu
python=
if have python3; then
	python=$(python3 -c 'import sys; print(sys.executable)')
fi

head -c 67108864 /dev/urandom >big
mkdir -p tree/sub
head -c 3000000 big >tree/sub/data
echo text >tree/file

# spoken PROTOCOL: the last exec went that way
spoken() {
	[ "$(grep '/exec?' "$CLUSTER_LOG" | tail -n 1 | cut -f6)" = "$1" ]
	ok $? "$v: speaks $1"
}

# with KUBECTL NAME PROTOCOL: its checks
with() {
	k=$1
	v=$2
	run "$k" exec gnu -- sh -c 'echo out; echo err >&2'
	status 0 "$v: exec"
	echo out >want
	same want out "$v: stdout"
	echo err >want
	same want err "$v: stderr, apart"
	spoken "$3"
	run "$k" exec gnu -- sh -c 'exit 37'
	status 37 "$v: the exit code"
	run "$k" exec gnu -- no-such-command
	status 1 "$v: a command that is not there"
	run "$k" exec multi -c second -- pwd
	stdout_is "$CLUSTER_ROOT/default/multi/second" "$v: a container"
	for c in cert basic; do
		run "$k" --context $c exec gnu -- echo ok
		stdout_is ok "$v: context $c"
	done
	for c in viewer badtoken; do
		run "$k" --context $c exec gnu -- echo ok
		status 1 "$v: context $c"
	done
	"$k" exec -i busybox -- cat <big >out 2>err
	rc=$?
	good "$v: exec -i, half-close, 64 MiB each way"
	same big out "$v: exec -i, the bytes"

	rm -rf "$gnu/copy" back
	run "$k" cp tree gnu:copy
	good "$v: cp to the pod"
	check "$v: the tree is there" diff -r tree "$gnu/copy"
	run "$k" cp gnu:copy back
	status 0 "$v: cp from the pod"
	check "$v: the tree is back" diff -r tree back

	if [ -z "$python" ]; then
		skip 2 "$v: a terminal" 'no python3'
		return
	fi
	run "$python" "$KPIPE_TESTS/terminal.py" size:30x100 wait:first \
		'say:x\r' wait:read size:40x120 wait:second -- \
		"$k" exec -it gnu -- sh -c '
			until [ "$(stty size)" = "30 100" ]; do sleep 0.05; done
			echo first; read x; echo "read $x"
			until [ "$(stty size)" = "40 120" ]; do sleep 0.05; done
			echo second; test -t 1 && test -t 2 && exit 5'
	status 5 "$v: exec -it, its size and its changes"
	tr -d '\r' <out | grep -v '^command terminated' >lines
	printf '%s\n' first x 'read x' second >want
	same want lines "$v: exec -it, what is on the screen"
}

# every KUBECTL: with each transport that it has
every() {
	k_minor=$("$1" version --client -o json 2>/dev/null |
		sed -n 's/^ *"minor": "\([0-9]*\).*/\1/p')
	case " $found " in *" ${k_minor:-none} "*) return ;; esac
	[ -n "$k_minor" ] || return 0
	found="$found $k_minor"
	export KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false
	with "$1" "kubectl 1.$k_minor, SPDY" v4.channel.k8s.io
	[ "$k_minor" -ge 29 ] || return 0
	export KUBECTL_REMOTE_COMMAND_WEBSOCKETS=true
	with "$1" "kubectl 1.$k_minor, WebSocket" v5.channel.k8s.io
}

found=
if have kubectl; then
	for k in "$(dirname "$(readlink -f "$(command -v kubectl)")")"/kubectl* \
		/usr/bin/kubectl; do
		[ ! -x "$k" ] || every "$k"
	done
fi
# 1.20 is Debian 12's
for minor in 20 27 28 29 30 31 32 33; do
	case " $found " in
	*" $minor "*) ;;
	*) skip 1 "kubectl 1.$minor" 'not on this machine' ;;
	esac
done

finish
