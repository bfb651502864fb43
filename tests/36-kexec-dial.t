#!/bin/sh
# Names with several addresses, of which some are dead, and resolvers that
# hang.  A preloaded resolver (resolve.c) says what is what.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
have python3 || skip_all 'no python3'
cluster_start
# the server's port on another address of this machine is full, so that it
# answers nothing; on others nobody listens
python3 -c '
import socket, sys, time
port = int(sys.argv[1])
full = socket.socket()
full.bind(("127.0.0.2", port))
full.listen(0)
held = []
for _ in range(4):
    held.append(socket.socket())
    held[-1].setblocking(False)
    held[-1].connect_ex(("127.0.0.2", port))
time.sleep(0.1)
open("full", "w").write("yes")
time.sleep(600)' "$SERVER_PORT" &
on_exit "kill $!"
until [ -s full ]; do
	sleep 0.01
done
far=https://many.example.test:$SERVER_PORT
kconf -s "$far" --tls-server-name localhost >record
# by RESOLVE [OPTION...]: to a name with these addresses
by() {
	by_addresses=$1
	shift
	run env RESOLVE="$by_addresses" LD_PRELOAD="$KPIPE_BUILD/tests/resolve.so" \
		ASAN_OPTIONS="verify_asan_link_order=0:${ASAN_OPTIONS-}" \
		kexec -K record "$@" --no-stdin gnu -- echo hi
}
reached() {
	by "$@"
	stdout_is hi "$*: the server is reached"
	good "$*: and nothing said"
}
reached 127.0.0.1
reached ::1,127.0.0.1
reached 127.0.0.3,::1,127.0.0.1
# one after the other would take minutes for each
reached 127.0.0.2,127.0.0.1 --connect-timeout 20s
reached 127.0.0.2,127.0.0.2,127.0.0.2,127.0.0.1 --connect-timeout 20s
reached 127.0.0.2,127.0.0.2,127.0.0.2,127.0.0.2,127.0.0.2,::1,127.0.0.1 --connect-timeout 0
by ::1,127.0.0.3
stderr_is "kexec: $far: Connection refused" 'none of them listens'
by 127.0.0.2,127.0.0.3 --connect-timeout 600ms
stderr_is "kexec: $far: Connection timed out" 'one of them says nothing'
by none
stderr_is "kexec: $far: Name or service not known" 'no such name'
by hang --connect-timeout 300ms
stderr_is "kexec: $far: Connection timed out" 'a resolver that hangs'
status 255

# families take turns: the order in which they are asked
if have strace && [ -z "$KPIPE_SAN" ]; then
	last='strace kexec'
	RESOLVE=127.0.0.3,127.0.0.4,127.0.0.5,::1,127.0.0.1 strace -f \
		-E LD_PRELOAD="$KPIPE_BUILD/tests/resolve.so" -e trace=connect \
		-o trace kexec -K record --no-stdin gnu -- true >out 2>err
	sed -n 's/.*inet_addr("\([^"]*\)").*/\1/p; s/.*AF_INET6, "\([^"]*\)".*/\1/p; s/.*inet_pton(AF_INET6, "\([^"]*\)".*/\1/p' \
		trace | uniq | tr '\n' ' ' >got
	echo '127.0.0.3 ::1 127.0.0.4 127.0.0.5 127.0.0.1 ' | tr -d '\n' >want
	same want got 'IPv6 has the second turn'
	echo "# $(cat got)"
else
	skip 1 'the order of the families' 'no strace, or a sanitizer'
fi

# an address with a zone, which is the sender's own affair
mkdir six
cluster_serve six/server --listen ::1 --cert "$CERTS/server.crt" \
	--key "$CERTS/server.key" --client-ca "$CERTS/ca.crt" --token "$TOKEN=admin"
run kexec -s "https://[::1]:$(cat six/server.port)" --tls-server-name localhost --no-stdin gnu -- echo six
stdout_is six 'an IPv6 address'
run kexec -s "https://[::1%251]:$(cat six/server.port)" --no-stdin gnu -- echo zone
stdout_is zone 'and one with a zone'

# the same for the name of a proxy
kconf -s "$far" --tls-server-name localhost --proxy-url http://u:hidden@proxy.example.test:1 >record
by none
stderr_is "kexec: $far: proxy http://proxy.example.test:1: its name cannot be resolved" 'a proxy without an address'
by hang --connect-timeout 300ms
stderr_is "kexec: $far: proxy http://proxy.example.test:1: Connection timed out" 'a resolver that hangs at a proxy'
by ::1,127.0.0.1
stderr_is "kexec: $far: proxy http://proxy.example.test:1: Connection refused" 'a proxy that is not there'
finish
