#!/bin/sh
# What kexec runs a command in: every way to name it, against what each kubectl
# does with the same server, in the same words, with fewer requests.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
cluster_start
default=$CLUSTER_ROOT/default

# pod NAME [LINE...]: a pod and its description
pod() {
	mkdir -p "$default/$1"
	pod_file=$default/.$1
	shift
	printf '%s\n' "$@" >"$pod_file.new"
	mv "$pod_file.new" "$pod_file"
}

# workload RESOURCE/NAME LINE...
workload() {
	mkdir -p "$default/.${1%/*}"
	workload_file=$default/.$1
	shift
	printf '%s\n' "$@" >"$workload_file"
}

# better WORDS... -- WORDS...: pods of which the second is the better one
n=0
better() {
	n=$((n + 1))
	worse=
	while [ "$1" != -- ]; do
		worse="$worse$1
"
		shift
	done
	shift
	pod "r$n-a" "labels rank=n$n" "$worse"
	pod "r$n-b" "labels rank=n$n" "$@"
	pod "r$n-c" "labels rank=n$n" "$worse"
	workload "deployments/r$n" "match rank=n$n"
}
better 'node none' --
better 'phase Unknown' -- 'phase Running'
better 'phase Pending' -- 'phase Unknown'
better 'ready no' --
better 'deleted 2025-02-01T00:00:00Z' --
better 'deleted 2025-02-01T00:00:00Z' -- 'deleted 2025-02-02T00:00:00Z'
better 'ready 2025-02-02T00:00:00Z' -- 'ready 2025-02-01T00:00:00Z'
better 'restarts main=3' -- 'restarts main=2'
better 'created 2025-01-03T00:00:00Z' -- 'created 2025-01-02T00:00:00Z'
better 'restarts main=3' -- 'restarts main=3' 'created 2024-01-02T00:00:00Z'

pod k1 'labels kind=web env=dev' 'ready no'
pod k2 'labels kind=web env=prod'
pod k3 'labels kind=web env=prod beta' 'restarts main=9'
for kind in deployments replicasets statefulsets daemonsets jobs \
	replicationcontrollers services; do
	workload "$kind/web" 'match kind=web'
done
workload deployments/in 'match kind=web' 'in env dev test'
workload deployments/notin 'match kind=web' 'notin env prod'
workload deployments/exists 'exists kind beta'
workload deployments/lacks 'match kind=web' 'lacks beta'
workload services/none
workload deployments/late 'match late=yes'
workload deployments/none 'match nothing=here'
workload deployments/over 'match over=yes'
pod over 'labels over=yes' 'phase Succeeded' 'containers one two'
pod failed 'phase Failed' 'containers one two'
pod many 'labels many=yes' 'containers one two' 'init setup' 'sidecars proxy' \
	'ephemeral debug' 'annotations kubectl.kubernetes.io/default-container=two'
pod several 'labels several=yes' 'containers one two' 'init setup' 'sidecars proxy'
pod unknown 'containers one two' \
	'annotations kubectl.kubernetes.io/default-container=three'
workload deployments/many 'match many=yes'
workload deployments/several 'match several=yes'
mkdir "$default/many/two" "$default/many/debug" "$default/several/one" \
	"$default/several/proxy"

# went COMMAND...: runs it; where it ran, what was said without the name of
# the program, and the status, go to the file answer.  Two messages are worded
# apart: kexec lists the containers there are, and of an answer that is no
# Status it gives the head.
went() {
	: >"$CLUSTER_LOG"
	run "$@"
	{
		# without a name it is the only one, which is main here
		sed -n '/	101	/s|^request.*/pods/\([^/]*\)/exec?\(.*\)|\1 \2&container=main|p' \
			"$CLUSTER_LOG" | sed 's/ [^=]*=.*[?&]container=\([^&	]*\).*&container=main$/ \1/' |
			sed 's/ .*container=main$/ main/'
		cat out
		sed -e 's/^kexec: //; s/^error: //' -e 's/^Error from server[^:]*: //' \
			-e 's|^default/[^ ]*: ||; s| ([0-9]*)$||' \
			-e '/^command terminated/d' \
			-e 's/\( is not valid for pod [^ ]*\) out of: .*/\1/' \
			-e 's/^unable to upgrade connection: container not found.*/no exec stream: answer 500 Internal Server Error/' err
		case $rc in
		1 | 255) echo failed ;;
		*) echo "$rc" ;;
		esac
	} >answer
}

# like KUBECTL OPERANDS...: kexec does what it does
like() {
	like_k=$1
	shift
	went "$like_k" exec "$@"
	mv answer theirs
	went kexec --no-stdin --protocol "${like_protocol:-spdy}" "$@"
	last="kexec $*"
	diff theirs answer >diff.out
	ok $? "$v: $*"
	sed 's/^/# /' diff.out
}

with() {
	k=$1
	v=$2
	i=0
	while [ $i -lt $n ]; do
		i=$((i + 1))
		case $minor$i in
		1.27[56]) skip 1 "$v: deploy/r$i" 'it ranks otherwise' && continue ;;
		esac
		like "$k" deploy/r$i -- sh -c 'basename "$(pwd)"'
	done
	for word in deployment deployments Deployments deployments.apps \
		deployments.v1.apps deploy.apps rs replicaset replicasets.apps sts \
		statefulset.v1.apps ds daemonset.apps job jobs jobs.v1.batch rc \
		replicationcontrollers svc service services; do
		like "$k" $word/web -- sh -c 'basename "$(pwd)"; exit 7'
	done
	for name in in notin exists lacks over nothing; do
		like "$k" deploy/$name -- sh -c 'basename "$(pwd)"'
	done
	like "$k" pod/k3 -- pwd
	like "$k" pods/k3 -- pwd
	for operands in many 'many -c debug' 'many -c one' several 'several -q' \
		deploy/many 'deploy/several' 'deploy/several -q' \
		'deploy/several -c proxy' 'deploy/many -c nope' unknown \
		'several -c setup' over failed; do
		# shellcheck disable=SC2086 # words
		like "$k" $operands -- pwd
		# what cannot be run is said elsewhere under v5
		[ "$operands" != 'several -c setup' ] || continue
		like_protocol=v5
		# shellcheck disable=SC2086 # words
		like "$k" $operands -- pwd
		like_protocol=
	done
	went "$k" exec svc/none -- true
	went kexec --no-stdin svc/none -- true
	fails 255 'default/services/none: it is defined without a selector' \
		"$v: no selector"
}

if have kubectl; then
	dir=$(dirname "$(readlink -f "$(command -v kubectl)")")
fi
export KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false
for minor in 1.27 1.30 1.33; do
	if [ -x "${dir-/none}/kubectl.$minor" ]; then
		with "$dir/kubectl.$minor" "kubectl $minor"
	else
		skip 67 "kubectl $minor" 'not on this machine'
	fi
done

# What it costs, in requests and connections.  Kubectl's discovery is cached by
# now.

# costs REQUESTS TARGET...: on one connection
costs() {
	want=$1
	shift
	: >"$CLUSTER_LOG"
	run kexec --no-stdin "$@" -- true
	status 0 "$*"
	[ "$(cluster_requests .)" -eq "$want" ]
	ok $? "$*: $want requests"
	[ "$(grep -c ^connection "$CLUSTER_LOG")" -eq 1 ]
	ok $? "$*: one connection"
	if [ -x "${dir-/none}/kubectl.1.33" ] && [ "$1" != --protocol ]; then
		: >"$CLUSTER_LOG"
		KUBECTL_REMOTE_COMMAND_WEBSOCKETS=true \
			"$dir/kubectl.1.33" exec "$@" -- true >/dev/null 2>&1
		echo "# kubectl 1.33, $*: $(cluster_requests .) requests," \
			"$(grep -c ^connection "$CLUSTER_LOG") connections"
	fi
}
costs 1 gnu
costs 1 many -c two
costs 3 many
costs 3 deploy/web
costs 3 --protocol v5 many
costs 3 --protocol v5 deploy/web

# -v names what was chosen.
run kexec -v --no-stdin deploy/web -- true
grep -q 'default/deployments/web: pod k2' err &&
	grep -q 'default/k2: container main' err
ok $? '-v: what was chosen'

# Waiting for a pod.
run kexec --no-stdin --pod-running-timeout 1ns deploy/none -- true
fails 255 'default/deployments/none: it has no pod, and none came'
: >"$CLUSTER_LOG"
kexec --no-stdin deploy/late -- echo hi >out 2>err &
waiter=$!
until [ "$(cluster_requests labelSelector)" -ge 2 ]; do
	kill -0 $waiter 2>/dev/null || break
	sleep 0.05
done
pod late 'labels late=yes'
rc=0
wait $waiter || rc=$?
last='a pod that comes later'
stdout_is hi
good

# A user who may exec, but not get pods, is told both.
run kexec --no-stdin -n nowhere deploy/web -- true
fails 255 'nowhere/deployments/web: deployments.apps "web" not found (404)'
run kexec --no-stdin --context badtoken deploy/web -- true
fails 255 'default/deployments/web: Unauthorized (401)'
run kexec --no-stdin --context viewer multi -- true
fails 255 'default/multi: pods "multi" is forbidden'
finish
