#!/bin/sh
# kexec against the test server: streams, exit codes, a server that breaks off
# or lies, and bad input. One line that names the thing each, nothing else.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
have python3 || skip_all 'no python3'
cluster_start

# Usage.
run kexec
fails 2 'no TARGET' 'no operand'
run kexec pod
fails 2 'no COMMAND behind --' 'no command'
run kexec pod --
fails 2 'no COMMAND behind --' 'nothing behind --'
run kexec pod ls -- ls
fails 2 'ls: a command must stand behind --'
run kexec pod ls
fails 2 'ls: a command must stand behind --' 'no -- at all'
run kexec --nonsense pod -- ls
fails 2 '--nonsense: unknown option'
run kexec -Z pod -- ls
fails 2 '-Z: unknown option'
run kexec pod -c
fails 2 '-c: needs an argument'
run kexec configmap/web -- ls
fails 2 'configmap/web: no pod can be chosen by such a type'
run kexec default/.. -- ls
fails 2 'default/..: has a name that can be none'
run kexec --pod-running-timeout 0s deploy/web -- ls
fails 2 '0s: must be higher than zero'
run kexec -n a b/pod -- ls
fails 2 'b/pod: names another namespace than -n'
run kexec --connect-timeout soon pod -- ls
fails 2 'soon: not a length of time'
run kexec --protocol v3 pod -- ls
fails 2 'v3: not auto, spdy, v5 or v4'
run kexec --help
good '--help'
run kexec --version
stdout_is "kexec $(cat "$KPIPE_TESTS/../VERSION")"

# Words, targets, records.
run_sh 'printf "a\nb\n" | while read -r x; do kexec --no-stdin gnu -- echo "$x"; done'
stdout_is 'a
b' '--no-stdin leaves stdin alone'
run kexec gnu --no-stdin -c main -- printf '%s|' 'a b' '' "c'd" '*' '--' -x
printf 'a b||c'\''d|*|--|-x|' >want
same want out 'each word is one argument, options on both sides of the target'
run kexec --no-stdin -n default gnu -- true
good '-n NAMESPACE POD'
run kexec --no-stdin pod/gnu -- true
good 'pod/POD'
run kexec --no-stdin default/gnu -- true
good 'NAMESPACE/POD'
run kexec --no-stdin multi -c second -- sh -c 'basename "$(pwd)"'
stdout_is second '-c'
for context in cert basic; do
	run kexec --no-stdin --context $context gnu -- true
	good "credentials: $context"
done
run_sh 'kexec -K kubeconfig-record --no-stdin gnu -- true'
fails 255 'kubeconfig-record: No such file or directory'
kconf >record.json
run kexec -K record.json --no-stdin gnu -- true
good '-K FILE'
run_sh 'kconf | KUBECONFIG=/nonexistent kexec -K /dev/stdin --no-stdin gnu -- true'
good '-K from a pipe'

# Refusals.
fault() {
	fault_pod=$1
	shift
	run kexec --no-stdin "$@" "fault-$fault_pod" -- true
}
fault not-101-200 --protocol v5
fails 255 'no exec stream: answer 200' 'an answer 200'
fault 502 --protocol v5
fails 255 'no exec stream: answer 502' 'a proxy answers 502'
fault bad-accept --protocol v5
fails 255 "the server's handshake is wrong"

run kexec --no-stdin --context badtoken gnu -- true
fails 255 'kexec: default/gnu: Unauthorized (401)'
run kexec --no-stdin --context viewer gnu -- true
fails 255 'pods "gnu" is forbidden: User "viewer" cannot create resource "pods/exec"'
run kexec --no-stdin --context viewer --protocol v5 gnu -- true
fails 255 'pods "gnu" is forbidden: User "viewer" cannot get resource "pods/exec"'
run kexec --no-stdin nosuch -- true
fails 255 'kexec: default/nosuch: pods "nosuch" not found (404)'
run kexec --no-stdin gnu -c nope -- true
fails 255 'container nope is not valid for pod gnu (400)'

# The way there.
run kexec --no-stdin -s https://127.0.0.1:1 gnu -- true
fails 255 'https://127.0.0.1:1: Connection refused' 'nothing listens'
run kexec --no-stdin -s https://no.such.host.invalid gnu -- true
fails 255 'https://no.such.host.invalid: ' 'a name that does not resolve'
run kexec --no-stdin --certificate-authority "$CERTS/other-ca.crt" gnu -- true
fails 255 "$SERVER_URL: certificate: " 'an unknown authority'
run kexec --no-stdin --tls-server-name wrong.example gnu -- true
fails 255 "$SERVER_URL: certificate: hostname mismatch" 'a certificate for another name'
run kexec --no-stdin --tls-server-name localhost gnu -- true
good '--tls-server-name'
run kexec --no-stdin --insecure-skip-tls-verify gnu -- true
good '--insecure-skip-tls-verify'
cluster_serve expired --cert "$CERTS/expired.crt" --key "$CERTS/expired.key" \
	--token "$TOKEN=admin"
run kexec --no-stdin -s "https://127.0.0.1:$(cat expired.port)" gnu -- true
fails 255 'certificate: certificate has expired'
python3 -c '
import socket
with socket.create_server(("127.0.0.1", 0)) as s:
    print(s.getsockname()[1], file=open("http.port", "w"), flush=True)
    c = s.accept()[0]
    c.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    c.recv(65536)
' &
until [ -s http.port ]; do
	sleep 0.02
done
run kexec --no-stdin -s "https://127.0.0.1:$(cat http.port)" gnu -- true
fails 255 'the server does not speak TLS'
cluster_serve plain --plain
run kexec --no-stdin --connect-timeout 300ms -s "https://127.0.0.1:$(cat plain.port)" gnu -- true
fails 255 'Connection timed out' 'a server that says nothing: --connect-timeout'
run kexec --no-stdin -s "http://127.0.0.1:$(cat plain.port)" gnu -- true
status 255 'no credentials over plain http'
sed "s,\"server\": \"[^\"]*\",\"server\": \"http://127.0.0.1:$(cat plain.port)\"," \
	record.json >plain.json
run kexec -K plain.json --no-stdin gnu -- true
fails 255 'no TLS, so no credentials go there' 'nor from a record'
sed -e 's/"token": .*//' -e "s,\"server\": \"[^\"]*\",\"server\": \"http://127.0.0.1:$(cat plain.port)\"," \
	record.json >plain.json
run kexec -K plain.json --no-stdin gnu -- echo hi
stdout_is hi 'plain http without credentials'

# Credentials that cannot be had: kconf says why, once.
run env KUBECONFIG=/nonexistent kexec --no-stdin gnu -- true
status 255 'no kubeconfig'
[ "$(wc -l <err)" -eq 1 ]
ok $? 'no kubeconfig: one line'
run kexec --no-stdin --context nope gnu -- true
status 255 'no such context'
grep -q '^kconf: .*nope' err
ok $? 'the context is named, by kconf'
echo '{' >broken.json
run kexec -K broken.json --no-stdin gnu -- true
fails 255 'broken.json: line'

sed 's,"server": ",&https://user:hunter2@,' record.json >userinfo.json
run kexec -K userinfo.json --no-stdin gnu -- true
fails 255 'server: has a user name in it' 'a password in an address is not shown'

# Outputs that do not work.
run_sh 'kexec --no-stdin gnu -- echo hi >&-'
fails 255 'kexec: stdout: Bad file descriptor'
run_sh 'kexec --no-stdin gnu -- head -c 1000000 /dev/zero >/dev/full'
fails 255 'kexec: stdout: No space left on device'
run_sh 'kexec --no-stdin gnu -- true >/dev/full'
good 'nothing to write to a full disk'
run_sh '{ kexec --no-stdin gnu -- yes; echo $? >rc; } | head -n 1'
stdout_is y 'a reader that leaves early'
[ "$(cat rc)" -eq 141 ] && [ ! -s err ]
ok $? 'kexec dies of SIGPIPE, silently'
run_sh 'kexec gnu -- cat </'
fails 255 'kexec: stdin: Is a directory'

run_sh 'kexec --no-stdin gnu -- sh -c "echo out; echo err >&2; exit 4" 2>&-'
stdout_is out 'a closed stderr: what is for it is dropped, stdout is whole'
status 4 'a closed stderr'
run_sh '{ kexec --no-stdin gnu -- sh -c "sleep 0.3; echo err >&2; echo out; exit 5"; echo $? >rc; } 2>&1 >out2 | :'
[ "$(cat rc)" -eq 5 ] && [ "$(cat out2)" = out ]
ok $? 'a reader of stderr that leaves changes nothing'

# what drives no terminal, by the rule of messages; each line in its own
run kexec --escape-stderr --no-stdin gnu -- sh -c 'printf "a\033[31m\\\\b\tc\r\nd\302\233e\303\251\377\n\n" >&2'
printf 'a\\033[31m\\\\b\\tc\\r\nd\\302\\233e\303\251\\377\n\n' >want
same want err 'an escaped stderr'
[ ! -s out ]
ok $? 'an escaped stderr: nothing on stdout'
head -c 300000 /dev/zero >zeros
for protocol in v5 spdy; do
	# a slow reader, and more than the buffer has room for
	run_sh "kexec --protocol $protocol --escape-stderr gnu -- sh -c 'cat >&2' <zeros 2>&1 | (sleep 0.2; cat)"
	yes '\000' | head -n 300000 | tr -d '\n' >want
	same want out "an escaped stderr of many bytes, $protocol"
done
python3 -c '
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execvp("kexec", ["kexec", "--no-stdin", "gnu", "--", "echo", "hi"])' >out 2>err
rc=$?
last='SIGCHLD ignored'
stdout_is hi
good
# stdout on each side of a pseudo-terminal, and on a socket
cat >outputs.py <<'PYTHON'
import os, pty, socket, subprocess, sys

command = ["kexec", "--no-stdin", "gnu", "--", "sh", "-c",
           "seq 20000; echo end"]
master, slave = pty.openpty()
left, right = socket.socketpair()
out, reader = {"slave": (slave, master), "master": (master, slave),
               "socket": (left.fileno(), right.fileno())}[sys.argv[1]]
if sys.argv[1] == "master":
    import termios, tty
    tty.setraw(slave, termios.TCSANOW)
p = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out)
if sys.argv[1] != "master":  # its last close throws away what is unread
    os.close(out)
data = b""
while not data.endswith(b"end\n") and not data.endswith(b"end\r\n"):
    try:
        more = os.read(reader, 65536)
    except OSError:
        break
    if not more:
        break
    data += more
sys.stdout.buffer.write(data.replace(b"\r\n", b"\n"))
sys.exit(p.wait())
PYTHON
seq 20000 >numbers
echo end >>numbers
for side in slave master socket; do
	run python3 outputs.py $side
	same numbers out "stdout is a $side: every byte"
	good "stdout is a $side"
done

# A token is in no argument list while kexec runs.
mkfifo held
kexec --token "$TOKEN" gnu -- sh -c 'echo up; cat' <held >up 2>/dev/null &
pid=$!
exec 9>held
while [ ! -s up ] && kill -0 "$pid" 2>/dev/null; do
	sleep 0.02
done
tr '\0' ' ' <"/proc/$pid/cmdline" >cmdline
grep -q -- '--token xxx' cmdline && ! grep -q "$TOKEN" cmdline
ok $? 'the token is gone from the command line'
exec 9>&-
wait "$pid"
ok $? 'and the session went on'
finish
