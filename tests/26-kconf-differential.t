#!/bin/sh
# Made-up kubeconfigs, side by side with kubectl: what it would send, kconf
# (through kexec) sends, and where it fails, kconf fails.  A sample of those of
# 27-kconf-differential.slow.t; KPIPE_SEED and KPIPE_SITUATIONS choose others.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/kubectl.sh"
cluster_needs_test_server
have python3 || skip_all 'no python3'
[ -n "$KUBECTL" ] || skip_all 'no kubectl of 1.31 or later'
python3 -c 'import socket; socket.socket(socket.AF_INET6).bind(("::1", 0))' \
	2>/dev/null || skip_all 'no IPv6 on the loopback'
"$KPIPE_TESTS/certs" certs || exit 1

differ() {
	run python3 "$KPIPE_TESTS/kubediff.py" "$KUBECTL" "$PWD/certs" "$@"
	sed 's/^/# /;q' out
}
differ "${KPIPE_SITUATIONS:-150}" "${KPIPE_SEED:-1}"
[ "$rc" -eq 0 ] || LC_ALL=C tr -c '\n\t -~' '?' <out | sed '1d;s/^/# /'
good 'kubectl and kconf agree'

# A kconf that is wrong is found out, in so many situations: the test of this
# test, which is the same whatever kconf was built with, and once is enough.
if [ -n "$KPIPE_SAN${KPIPE_SITUATIONS-}" ]; then
	finish
	exit
fi
mkdir shim
real=$(command -v kconf)
wrong() {
	printf '#!/bin/sh\nreal=%s\n%s\n' "$real" "$2" >shim/kconf
	chmod +x shim/kconf
	was=$PATH
	PATH=$PWD/shim:$PATH
	differ "${3-25}"
	PATH=$was
	[ "$rc" -eq 1 ] && grep -q 'DIFFERENT' out
	ok $? "$1 is found out"
}
wrong 'another namespace' '"$real" "$@" | sed "s/\(\"namespace\": \"\)/\1x/"'
wrong 'a server that is never there' 'echo "kconf: no" >&2; exit 1'
wrong 'a kconf that asks no NO_PROXY' 'unset NO_PROXY no_proxy; exec "$real" "$@"' 100
wrong 'a kconf that knows no proxies' \
	'unset HTTPS_PROXY https_proxy HTTP_PROXY http_proxy; exec "$real" "$@"' 100
wrong 'a crash' 'kill -SEGV $$'
finish
