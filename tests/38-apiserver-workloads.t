#!/bin/sh
# Workloads, selectors, states of pods and watches of the test server: a real
# kubectl must find what its own ranking says, and say what it says of a real
# server.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
cluster_start

# pod NAME [LINE...]: a pod and its description
pod() {
	mkdir -p "$CLUSTER_ROOT/default/$1"
	pod_file=$CLUSTER_ROOT/default/.$1
	shift
	# whole at once: a watch may look at any time
	printf '%s\n' "$@" >"$pod_file.new"
	mv "$pod_file.new" "$pod_file"
}

# workload RESOURCE/NAME LINE...
workload() {
	mkdir -p "$CLUSTER_ROOT/default/.${1%/*}"
	workload_file=$CLUSTER_ROOT/default/.$1
	shift
	printf '%s\n' "$@" >"$workload_file"
}

# --- selectors, by curl

pod s1 'labels app=web tier=front' 'phase Pending' 'node none'
pod s2 'labels app=web tier=back beta'
pod s3 'labels app=db tier=back'

# api PATH [CURL OPTIONS]
api() {
	api_path=$1
	shift
	run curl -sS --cacert "$CERTS/ca.crt" -H "Authorization: Bearer $TOKEN" \
		"$@" "$SERVER_URL$api_path"
}

# selects QUERY NAMES: the pods s1, s2, s3 that it selects
selects() {
	api /api/v1/namespaces/default/pods -G --data-urlencode "$1"
	grep -o '"name":"s[1-3]"' out | tr -dc 's1-3\n' | tr '\n' ' ' >names
	[ "$(cat names)" = "$2" ]
	ok $? "$1: $2"
}

if have curl; then
	selects labelSelector=app=web 's1 s2 '
	selects labelSelector=app==db 's3 '
	selects labelSelector=app=web,tier=back 's2 '
	selects 'labelSelector=app,tier!=back' 's1 '
	selects 'labelSelector=tier in (back, front),app' 's1 s2 s3 '
	selects 'labelSelector=app,app notin (web,cache)' 's3 '
	selects 'labelSelector=app,!beta' 's1 s3 '
	selects 'labelSelector=beta=' 's2 '
	selects 'labelSelector=app,beta!=x' 's1 s2 s3 '
	selects 'labelSelector=nothing' ''
	selects 'fieldSelector=metadata.name=s2' 's2 '
	selects 'fieldSelector=status.phase!=Running' 's1 '
	for s in 'app in' 'app in (a' '=' 'a=b,' '!' 'a b'; do
		api /api/v1/namespaces/default/pods -G -o /dev/null \
			-w '%{http_code}\n' --data-urlencode "labelSelector=$s"
		stdout_is 400 "not a selector: $s"
	done
	api /api/v1/namespaces/default/pods -G -o /dev/null \
		-w '%{http_code}\n' --data-urlencode fieldSelector=spec.x=1
	stdout_is 400 'not a field'
	api /apis/apps/v1/namespaces/default/deployments/none
	stdout_is '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"deployments.apps \"none\" not found","reason":"NotFound","details":{"name":"none","kind":"deployments"},"code":404}' \
		'no such deployment'
	for path in /apis/apps/v1/pods /api/v1/namespaces/default/pods/s1/exec/x \
		/apis/apps /api/v1/namespaces/default/secrets/x; do
		api "$path" -o /dev/null -w '%{http_code}\n'
		stdout_is 404 "not there: $path"
	done
else
	skip 24 'selectors' 'no curl'
fi

# --- watches, by curl

# grows TEXT: waits until it is in ./events
grows() {
	grows_left=500
	until grep -q "$1" events || [ $grows_left -eq 0 ]; do
		sleep 0.05
		grows_left=$((grows_left - 1))
	done
}

if have curl; then
	: >events
	pod w1 'labels watched=yes'
	curl -sSN --cacert "$CERTS/ca.crt" -H "Authorization: Bearer $TOKEN" \
		"$SERVER_URL/api/v1/namespaces/default/pods?watch=true&labelSelector=watched" \
		>events 2>watch.err &
	watcher=$!
	grows '"ADDED".*"w1"'
	pod w2 'labels watched=yes' 'phase Pending'
	grows '"ADDED".*"w2"'
	pod w2 'labels watched=yes'
	grows '"MODIFIED".*"w2"'
	pod w2 'labels watched-no-more=yes'
	grows '"DELETED".*"w2"'
	kill "$watcher"
	wait "$watcher" 2>/dev/null
	sed 's/^{"type":"\([A-Z]*\)".*"name":"\(w.\)".*"phase":"\([A-Za-z]*\)".*/\1 \2 \3/' \
		events >out
	stdout_is 'ADDED w1 Running
ADDED w2 Pending
MODIFIED w2 Running
DELETED w2 Running' 'a watch tells what comes, changes and goes'
	api '/api/v1/pods?watch=1&timeoutSeconds=1&labelSelector=watched'
	good 'a watch that ends by itself'
	[ "$(wc -l <out)" -eq 1 ]
	ok $? 'a watch that ends by itself: one event'
else
	skip 3 'watches' 'no curl'
fi

# --- what kubectl picks

n=0
# better WORDS... -- WORDS...: two pods, one better than the other by what the
# words say.  The better one's name comes last.
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
better 'node none' --                       # 1 a node
better 'phase Unknown' -- 'phase Running'   # 2 a better phase
better 'phase Pending' -- 'phase Unknown'   # 3
better 'ready no' --                        # 4 ready
better 'deleted 2025-02-01T00:00:00Z' --    # 5 not deleted
better 'deleted 2025-02-01T00:00:00Z' -- 'deleted 2025-02-02T00:00:00Z' # 6
better 'ready 2025-02-02T00:00:00Z' -- 'ready 2025-02-01T00:00:00Z' # 7 longer
better 'restarts main=3' -- 'restarts main=2' # 8 fewer restarts
better 'created 2025-01-03T00:00:00Z' -- 'created 2025-01-02T00:00:00Z' # 9 older

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
workload deployments/over 'match over=yes'
pod over 'labels over=yes' 'phase Succeeded'

pod many 'containers one two' 'init setup' 'sidecars proxy' 'ephemeral debug' \
	'annotations kubectl.kubernetes.io/default-container=two'
pod several 'containers one two' 'init setup' 'sidecars proxy'
pod unknown 'containers one two' \
	'annotations kubectl.kubernetes.io/default-container=three'
mkdir "$CLUSTER_ROOT/default/many/two" "$CLUSTER_ROOT/default/many/debug" \
	"$CLUSTER_ROOT/default/several/one"
pod pending 'phase Pending'
pod nowhere 'phase Pending' 'node none'

# picks TARGET POD: exec of TARGET goes to POD
picks() {
	: >"$CLUSTER_LOG"
	run "$k" exec "$1" -- true
	sed -n 's|^request.*/pods/\([^/]*\)/exec?.*|\1|p' "$CLUSTER_LOG" |
		sort -u >out
	stdout_is "$2" "$v: $1"
}

# with KUBECTL NAME
with() {
	k=$1
	v=$2
	i=0
	while [ $i -lt $n ]; do
		i=$((i + 1))
		# 1.27 does not look at deletion yet
		case $minor$i in
		1.27[56]) skip 1 "$v: deploy/r$i" 'it ranks otherwise' && continue ;;
		esac
		picks deploy/r$i r$i-b
	done
	for kind in deployment rs sts ds job rc svc; do
		picks $kind/web k2
	done
	picks deploy/in k1
	picks deploy/notin k1
	picks deploy/exists k3
	picks deploy/lacks k2
	picks pod/k3 k3
	run "$k" exec svc/none -- true
	fails 1 'Service is defined without a selector' "$v: no selector"
	run "$k" exec deploy/nothing -- true
	fails 1 'deployments.apps "nothing" not found' "$v: no deployment"
	run "$k" exec deploy/over -- true
	fails 1 'completed pod; current phase is Succeeded' "$v: completed"
	run "$k" exec many -- pwd
	stdout_is "$CLUSTER_ROOT/default/many/two" "$v: the annotation"
	run "$k" exec -c debug many -- pwd
	stdout_is "$CLUSTER_ROOT/default/many/debug" "$v: an ephemeral container"
	run "$k" exec several -- pwd
	stdout_is "$CLUSTER_ROOT/default/several/one" "$v: the first container"
	stderr_is 'Defaulted container "one" out of: one, two, setup (init), proxy (init)' \
		"$v: the first container"
	run "$k" exec unknown -- true
	stderr_is 'Defaulted container "one" out of: one, two' \
		"$v: an annotation that is wrong"
	run "$k" exec -c setup several -- true
	fails 1 'container not found ("setup")' "$v: an init container is over"
	run "$k" exec pending -- true
	fails 1 'container not found ("main")' "$v: a pod that does not run"
	run "$k" exec nowhere -- true
	fails 1 'pod nowhere does not have a host assigned' "$v: no node"

	rm -rf "$CLUSTER_ROOT/default/late" "$CLUSTER_ROOT/default/.late"
	: >"$CLUSTER_LOG"
	"$k" exec --pod-running-timeout=60s deploy/late -- echo hi >out 2>err &
	waiter=$!
	until grep -q 'watch=true' "$CLUSTER_LOG"; do
		kill -0 $waiter 2>/dev/null || break
		sleep 0.05
	done
	pod late 'labels late=yes'
	rc=0
	wait $waiter || rc=$?
	good "$v: a pod that comes later"
	stdout_is hi "$v: a pod that comes later"
}

if have kubectl; then
	dir=$(dirname "$(readlink -f "$(command -v kubectl)")")
fi
for minor in 1.27 1.30 1.33; do
	if [ -x "${dir-/none}/kubectl.$minor" ]; then
		with "$dir/kubectl.$minor" "kubectl $minor"
	else
		skip 35 "kubectl $minor" 'not on this machine'
	fi
done

finish
