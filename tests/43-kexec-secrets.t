#!/bin/sh
# Secrets are not in the memory of kexec when it ends, whichever way.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
memscan=$KPIPE_BUILD/tests/memscan
[ -z "$KPIPE_SAN" ] || skip_all 'sanitizers keep what was freed'
printf 'true x\n' >pieces
"$memscan" pieces report true >traced 2>&1 || skip_all "no tracing here: $(cat traced)"

# mark NAME: a secret of 48 bytes in $secret; a part of it counts as well
mark() {
	secret=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
	for text in "$secret" "$(printf %s "$secret" | base64 -w0)"; do
		printf %s "$text" | fold -w 16 | sed -n "s|^\(.\{12\}\).*|$1 \1|p"
	done >>pieces
}
: >pieces
mark token && token=$secret
mark unknown && unknown=$secret
mark password && password=$secret
mark option && option=$secret
cluster_start --token "$token=admin" --basic "basic:$password"
kconf --token "$token" >record.json
kconf --token "$unknown" >unknown.json
kconf --context basic | sed "s/\"secret\"/\"$password\"/; s/\"admin\"/\"basic\"/" >basic.json
kconf --token "$token" -s https://127.0.0.1:1 >refused.json
printf '{"clusters": [], "token": "%s"' "$token" >broken.json

# forgets STATUS NAME ARG...: kexec ends so, and leaves nothing
forgets() {
	want_status=$1
	name=$2
	shift 2
	run "$memscan" pieces report kexec "$@"
	[ "$rc" -eq "$want_status" ] && [ ! -s report ]
	ok $? "$name"
	[ ! -s report ] || sort report | uniq -c | sed 's/^/# /'
}

for protocol in spdy v5; do
	for record in record basic; do
		forgets 7 "$protocol, $record: a status" -K $record.json \
			--protocol $protocol --no-stdin gnu -- sh -c 'exit 7'
	done
	forgets 255 "$protocol: not known" -K unknown.json \
		--protocol $protocol --no-stdin gnu -- true
	forgets 255 "$protocol: no such pod" -K record.json \
		--protocol $protocol --no-stdin nobody -- true
	forgets 255 "$protocol: cut" -K record.json \
		--protocol $protocol --no-stdin fault-cut-100 -- head -c 1000 /dev/zero
done
forgets 255 'no connection' -K refused.json --no-stdin gnu -- true
forgets 255 'no workload' -K record.json --no-stdin deploy/nothing -- true
forgets 255 'a record that is none' -K broken.json --no-stdin gnu -- true
forgets 255 'credentials by kconf' --token "$option" --no-stdin gnu -- true
forgets 2 'wrong usage' --token "$option" --no-stdin gnu

finish
