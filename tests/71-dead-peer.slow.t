#!/bin/sh
# A cable that is cut is noticed: in a network namespace of its own the server
# falls silent, in one session that is idle and in one that is sending.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
ns=kpipe-$$
host=198.51.100.1 server=198.51.100.2
ip netns add "$ns" 2>/dev/null || skip_all 'no network namespaces here'
on_exit "ip netns del $ns"
ip link add "kp$$" type veth peer name far netns "$ns" 2>/dev/null ||
	skip_all 'no veth links here'
ip addr add "$host/24" dev "kp$$"
ip link set "kp$$" up
ip -n "$ns" addr add "$server/24" dev far
ip -n "$ns" link set far up

"$KPIPE_TESTS/certs" certs
mkdir -p pods/default/gnu
ip netns exec "$ns" "$KPIPE_BUILD/tests/apiserver" --root "$PWD/pods" \
	--listen "$server" --port-file "$PWD/port" --cert certs/server.crt \
	--key certs/server.key --token token=admin &
on_exit "kill $!"
until [ -s port ]; do
	sleep 0.02
done
session() {
	kexec --kubeconfig /dev/null -s "https://$server:$(cat port)" \
		--certificate-authority certs/ca.crt --token token \
		--tls-server-name localhost --ping-interval 5s gnu -- "$@"
}
session true </dev/null >out 2>err
rc=$?
[ "$rc" -eq 0 ] && [ ! -s err ]
ok $? 'the server is reached while the cable is whole'

: >idle.up
{ session sh -c 'echo up; sleep 500' </dev/null >idle.up 2>idle.err; echo $? >idle.rc; } &
idle=$!
# fast enough to be always on its way, slow enough to last
{
	while echo data && sleep 0.1; do :; done |
		session sh -c 'cat >/dev/null; echo' >sending.out 2>sending.err
	echo $? >sending.rc
} &
sending=$!
i=0
until [ -s idle.up ] || [ $i -gt 100 ]; do
	i=$((i + 1))
	sleep 0.05
done
sleep 1
start=$(date +%s)
ip -n "$ns" link set far down
wait "$idle"
wait "$sending"
echo "# measured: a cut cable: both noticed after $(($(date +%s) - start)) s"

for kind in idle sending; do
	rc=$(cat $kind.rc)
	cp $kind.err err
	fails 255 'exit status unknown' "$kind: the silence is noticed"
done
finish
