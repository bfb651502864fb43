# shellcheck shell=sh disable=SC2034,SC2154 # for the tests to use
# A cluster for the shell tests.  Source it behind lib.sh, then
#
#	cluster_start [APISERVER OPTIONS]
#
# starts tests/apiserver in the test's directory and exports a KUBECONFIG; it
# ends with the test.  Pods, all in the namespace default: gnu (the machine's
# own programs), busybox, multi (containers first and second), empty, and the
# faults (fault-NAME, see tests/README.md), which share the folder
# $CLUSTER_ROOT/default/fault.  A pod's files are in $CLUSTER_ROOT/default/POD.
#
# Contexts: admin (the current one, by token), cert (by client certificate),
# basic, viewer (may not exec: 403), badtoken (401).
#
# Sets SERVER_URL, SERVER_PORT, CERTS, CLUSTER_ROOT, CLUSTER_LOG, POD (NS/NAME
# of the pod to use) and TOKEN.
#
# With CLUSTER_POD=NS/NAME in the environment nothing is started: the user's
# own kubeconfig is used and POD is that pod (make check-cluster).

# cluster_needs_test_server: skips the whole test on a real cluster
cluster_needs_test_server() {
	[ -z "${CLUSTER_POD-}" ] || skip_all "needs the test server"
}

# on_exit CMD: runs CMD when the test ends, before what was given earlier
exit_commands=
on_exit() {
	exit_commands="$1; $exit_commands"
	trap 'exit_rc=$?; eval "$exit_commands"; exit "$exit_rc"' EXIT
	trap 'exit 143' HUP INT TERM
}

# cluster_user NAME FIELDS: one user and a context of that name
cluster_user() {
	cluster_users="$cluster_users
- name: $1
  user: $2"
	cluster_contexts="$cluster_contexts
- name: $1
  context: {cluster: test, user: $1, namespace: default}"
}

# cluster_kubeconfig FILE CA: a kubeconfig for the server that runs
cluster_kubeconfig() {
	cluster_users=
	cluster_contexts=
	cluster_user admin "{token: $TOKEN}"
	cluster_user cert "{client-certificate: $CERTS/client.crt, client-key: $CERTS/client.key}"
	cluster_user basic '{username: admin, password: secret}'
	cluster_user viewer '{token: viewer-token}'
	cluster_user badtoken '{token: no-such-token}'
	cat >"$1" <<EOF
apiVersion: v1
kind: Config
current-context: admin
clusters:
- name: test
  cluster: {server: "$SERVER_URL", certificate-authority: $2}
users:$cluster_users
contexts:$cluster_contexts
EOF
	chmod 600 "$1"
}

# cluster_pods: the folders behind the pods
cluster_pods() {
	cluster_default=$CLUSTER_ROOT/default
	mkdir -p "$cluster_default/gnu" "$cluster_default/busybox" \
		"$cluster_default/empty" "$cluster_default/fault" \
		"$cluster_default/multi/first" "$cluster_default/multi/second"
	echo 'containers first second' >"$cluster_default/.multi"
	cluster_bb=$(command -v busybox) || return 0
	mkdir -p "$CLUSTER_ROOT/.userland"
	"$cluster_bb" --install -s "$CLUSTER_ROOT/.userland" || exit 1
	echo "path $CLUSTER_ROOT/.userland" >"$cluster_default/.busybox"
}

# cluster_stop NAME PID: ends a server; one that has said something, or did not
# end as it should, makes the test fail
cluster_stop() {
	stop_rc=0
	if kill "$2" 2>/dev/null; then
		wait "$2" || stop_rc=$?
	fi
	[ "$stop_rc" -ne 0 ] || [ -s "$1.err" ] || return 0
	echo "# ${1##*/}: the server ended with $stop_rc"
	sed 's/^/# /' "$1.err"
	exit_rc=1
}

# cluster_serve NAME OPTIONS: starts one more server; its port is in NAME.port,
# its process in NAME.pid, what it says in NAME.err
cluster_serve() {
	cluster_name=$1
	shift
	"$KPIPE_BUILD/tests/apiserver" --root "$CLUSTER_ROOT" \
		--port-file "$PWD/$cluster_name.port" "$@" \
		2>"$cluster_name.err" &
	cluster_pid=$!
	echo "$cluster_pid" >"$cluster_name.pid"
	on_exit "cluster_stop '$PWD/$cluster_name' $cluster_pid"
	while [ ! -s "$cluster_name.port" ]; do
		kill -0 "$cluster_pid" 2>/dev/null || {
			echo "# $cluster_name: the server did not start"
			sed 's/^/# /' "$cluster_name.err"
			exit 1
		}
		sleep 0.01
	done
}

# cluster_relay OPTIONS: a relay (relay.py) in front of the server; its port is
# RELAY_PORT, and RELAY_URL is the server through it
cluster_relay() {
	rm -f relay.port
	"$(python3 -c 'import sys; print(sys.executable)')" \
		"$KPIPE_TESTS/relay.py" relay.port "$SERVER_PORT" "$@" &
	cluster_pid=$!
	on_exit "kill $cluster_pid 2>/dev/null"
	while [ ! -s relay.port ]; do
		kill -0 "$cluster_pid" 2>/dev/null || {
			echo '# the relay did not start'
			exit 1
		}
		sleep 0.01
	done
	RELAY_PORT=$(cat relay.port)
	RELAY_URL=https://127.0.0.1:$RELAY_PORT
}

# cluster_start [OPTIONS]: see above
cluster_start() {
	if [ -n "${CLUSTER_POD-}" ]; then
		POD=$CLUSTER_POD
		return
	fi
	CERTS=$PWD/certs
	CLUSTER_ROOT=$PWD/pods
	CLUSTER_LOG=$PWD/server.log
	TOKEN=admin-token
	POD=default/gnu
	"$KPIPE_TESTS/certs" "$CERTS" || exit 1
	cluster_pods
	: >"$CLUSTER_LOG"
	cluster_serve server --cert "$CERTS/server.crt" \
		--key "$CERTS/server.key" --client-ca "$CERTS/ca.crt" \
		--token "$TOKEN=admin" --token viewer-token=viewer \
		--viewer viewer --basic admin:secret --log "$CLUSTER_LOG" "$@"
	SERVER_PORT=$(cat server.port)
	SERVER_URL=https://127.0.0.1:$SERVER_PORT
	cluster_kubeconfig "$PWD/kubeconfig" "$CERTS/ca.crt"
	KUBECONFIG=$PWD/kubeconfig
	export KUBECONFIG
}

# cluster_requests PATTERN: how many requests of the log match it
cluster_requests() {
	grep -c "^request	.*$1" "$CLUSTER_LOG" || :
}
