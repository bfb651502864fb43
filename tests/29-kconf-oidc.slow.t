#!/bin/sh
# An issuer that takes its time is given up.
. "$KPIPE_TESTS/lib.sh"
have python3 || skip_all 'no python3'

"$KPIPE_TESTS/certs" certs
mkdir issuer
python3 "$KPIPE_TESTS/issuer.py" issuer certs/server.crt certs/server.key &
issuer=$!
trap 'kill $issuer 2>/dev/null' EXIT
for _ in $(seq 100); do
	[ ! -e issuer/port ] || break
	sleep 0.1
done
read -r secure plain <issuer/port

for way in silent trickle; do
	cat >f <<-E2
	current-context: c
	clusters: [{name: k, cluster: {server: "https://h"}}]
	contexts: [{name: c, context: {cluster: k, user: u}}]
	users:
	- name: u
	  user:
	    auth-provider:
	      name: oidc
	      config:
	        client-id: i
	        idp-certificate-authority: certs/ca.crt
	        idp-issuer-url: https://127.0.0.1:$secure/$way
	        refresh-token: r
	E2
	run kconf --kubeconfig f
	fails 1 'timed out' "an issuer that is $way"
	[ ! -e f.lock ]
	ok $? "$way: the lock is gone"
done
finish
