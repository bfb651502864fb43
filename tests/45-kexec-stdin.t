#!/bin/sh
# Whatever stdin is, it arrives whole and its end is passed on.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_start
kconf >record.json
head -c 200000 /dev/urandom >data
: >nothing

# arrives WANT NAME: what the last run printed is what stdin held
arrives() {
	good "$2"
	same "$1" out "$2: every byte"
}

for protocol in spdy v5; do
	kexec="kexec -K record.json --protocol $protocol $POD -- cat"

	run_sh "$kexec <data"
	arrives data "$protocol: a file"
	run_sh "(dd bs=100000 count=1 of=/dev/null 2>/dev/null; $kexec) <data"
	tail -c 100000 data >rest
	arrives rest "$protocol: a file, from where it stands"
	run_sh "cat data | $kexec"
	arrives data "$protocol: a pipe"
	rm -f fifo
	mkfifo fifo
	run_sh "cat data >fifo & $kexec <fifo; wait"
	arrives data "$protocol: a FIFO"
	run_sh "$kexec </dev/null"
	arrives nothing "$protocol: /dev/null"
	run_sh "$kexec <&-"
	arrives nothing "$protocol: closed"
	if have python3; then
		cat >bysocket.py <<'P'
import socket, subprocess, sys, threading
ours, theirs = socket.socketpair()
with open("data", "rb") as f:
    data = f.read()
def feed():
    ours.sendall(data)
    ours.shutdown(socket.SHUT_WR)
threading.Thread(target=feed).start()
sys.exit(subprocess.call(sys.argv[1:], stdin=theirs))
P
		run_sh "python3 bysocket.py $kexec"
		arrives data "$protocol: a socket"
		cat >byterminal.py <<'P'
import os, pty, subprocess, sys
master, slave = pty.openpty()
os.write(master, b"a line\n\x04")
sys.exit(subprocess.call(sys.argv[1:], stdin=slave))
P
		echo 'a line' >line
		run_sh "python3 byterminal.py $kexec"
		arrives line "$protocol: a terminal, up to its Ctrl-D"
	else
		skip 2 "$protocol: sockets and terminals" 'no python3'
	fi
done

finish
