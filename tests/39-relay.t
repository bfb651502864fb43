#!/bin/sh
# The relay itself: each of its modes does what its head says.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
have python3 || skip_all 'no python3'

cat >peer.py <<'EOF'
"""peer.py KIND OPTION...: a relay with these options between two sockets."""
import os
import socket
import struct
import subprocess
import sys
import threading
import time

kind, options = sys.argv[1], sys.argv[2:]
listener = socket.create_server(("127.0.0.1", 0))
relay = subprocess.Popen(
    [sys.executable, os.environ["KPIPE_TESTS"] + "/relay.py", "relay.port",
     str(listener.getsockname()[1])] + options)
while not os.path.exists("relay.port"):
    time.sleep(0.01)
client = socket.create_connection(("127.0.0.1", int(open("relay.port").read())))
server, _ = listener.accept()
os.remove("relay.port")
for s in (client, server):
    s.settimeout(20)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
SIDES = {"up": (client, server), "down": (server, client)}


def read(s, out, patience=20):
    """Reads s to its end into out; returns how it ended."""
    s.settimeout(patience)
    try:
        while data := s.recv(65536):
            out.append(data)
        return "fin"
    except ConnectionResetError:
        return "rst"
    except TimeoutError:
        return "nothing"


def send(s, data, ends=True):
    def run():
        try:
            s.sendall(data)
            if ends:
                s.shutdown(socket.SHUT_WR)
        except OSError:
            pass
    threading.Thread(target=run, daemon=True).start()


def segments(s):
    """How many with data have come: tcpi_data_segs_in."""
    info = s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    return struct.unpack_from("I", info, 152)[0]


data = os.urandom(300000)
if kind == "same":
    for way, (source, sink) in SIDES.items():
        got = []
        send(source, data)
        how = read(sink, got)
        print(way, how, b"".join(got) == data)
elif kind == "bytes":
    for way, (source, sink) in SIDES.items():
        got = []
        send(source, data[:5000])
        how = read(sink, got)
        print(way, how, b"".join(got) == data[:5000], segments(sink) >= 5000)
elif kind == "join":
    for way, (source, sink) in SIDES.items():
        for i in range(10):
            source.sendall(bytes([i]) * 100)
            time.sleep(0.001)
        print(way, len(sink.recv(65536)))
elif kind == "delay":
    for way, (source, sink) in SIDES.items():
        start = time.monotonic()
        source.sendall(b"x")
        print(way, sink.recv(1) == b"x", time.monotonic() - start >= 0.3)
elif kind == "cut":
    way, silent = options[0][6:], "silent" in options
    source, sink = SIDES[way]
    got = []
    send(source, data, ends=False)
    how = read(sink, got, 1 if silent else 20)
    print(len(b"".join(got)), b"".join(got) == data[:len(b"".join(got))], how)
    # and the other side
    print(read(source, [], 1 if silent else 20))
elif kind == "stall":
    way = options[0][8:]
    source, sink = SIDES[way]
    got = []
    send(source, data * 100)
    how = read(sink, got, 1)
    print(len(b"".join(got)), how)
    got = []
    send(sink, data)
    how = read(source, got)
    print(how, b"".join(got) == data)
relay.kill()
relay.wait()
EOF

# relays WANT OPTIONS...: what the peer sees
relays() {
	printf '%b' "$1" >want
	shift
	run "$(python3 -c 'import sys; print(sys.executable)')" peer.py "$@"
	[ ! -s err ] && cmp -s want out
	ok $? "$*"
}

both='up fin True\ndown fin True\n'
relays "$both" same
relays "$both" same --join 10
relays "$both" same --delay 10
relays 'up fin True True\ndown fin True True\n' bytes --bytes
relays 'up 1000\ndown 1000\n' join --join 2000
relays 'up True True\ndown True True\n' delay --delay 300
for way in up down; do
	for n in 0 1 100000; do
		relays "$n True fin\nfin\n" cut --cut-$way $n
	done
	relays '70000 True nothing\nnothing\n' cut --cut-$way 70000 --how silent
	run "$(python3 -c 'import sys; print(sys.executable)')" peer.py cut \
		--cut-$way 70000 --how rst
	# a reset may overtake what has not been read yet
	sed 's/^[0-9]* //' out >short
	printf 'True rst\nrst\n' >want
	same want short "cut --cut-$way 70000 --how rst"
	relays '50000 nothing\nfin True\n' stall --stall-$way 50000
done

# Sessions through it.
cluster_start
head -c 20000 "$CERTS/ca.crt" >in
for how in --bytes '--join 40'; do
	# words
	# shellcheck disable=SC2086
	cluster_relay $how
	for protocol in spdy v5; do
		run_sh "kexec -s '$RELAY_URL' --protocol $protocol gnu -- \
sh -c 'cat; echo err >&2; exit 3' <in"
		status 3 "kexec through a relay, $how, $protocol: the status"
		same in out "kexec through a relay, $how, $protocol: stdout"
		echo err >want
		same want err "kexec through a relay, $how, $protocol: stderr"
	done
	run kexec -s "$RELAY_URL" --protocol v4 --no-stdin gnu -- echo out
	stdout_is out "kexec through a relay, $how, v4"
done
cluster_relay --cut-down 5000
head -c 100000 /dev/zero >"$CLUSTER_ROOT/default/gnu/data"
run kexec -s "$RELAY_URL" gnu -- cat data
status 255 'kexec through a relay that cuts'

finish
