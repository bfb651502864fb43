#!/bin/sh
# --progress and SIGUSR1: one line, drawn over on a terminal, said elsewhere.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
have python3 || skip_all 'no python3'
cluster_start
kconf >record.json

run_sh 'printf hello | kexec -K record.json --progress gnu -- sh -c "cat; echo"'
stdout_is hello
[ "$(wc -l <err)" -eq 1 ] &&
	grep -Eq '^kexec: 5 B sent, 6 B received, [0-9.]+ (Ki)?B/s, 0:00:0[0-9]$' err
ok $? 'no terminal: a line at the end'
run_sh 'printf hello | kexec -K record.json --progress gnu -- sh -c "cat; exit 3"'
status 3 '--progress and a status'

run_sh 'printf hello | kexec -K record.json --progress --expect 100000 gnu -- sh -c "cat; sleep 0.2"'
grep -Eq '^kexec: 5 B sent, 5 B received, .*, [0-9]+:[0-9][0-9]:[0-9][0-9] left$' err
ok $? '--expect: the time that is left'
for bad in x '' -1 1K; do
	run kexec -K record.json --expect "$bad" gnu -- true
	fails 2 'not a number of bytes' "--expect '$bad'"
done

# on a terminal: drawn over, no escape sequence, a newline at the end alone
cat >script <<'SH'
printf hello | kexec -K record.json --progress gnu -- sh -c 'cat >/dev/null; sleep 1.3; echo said >&2; exit 3'
SH
run env TERM=xterm python3 "$KPIPE_TESTS/terminal.py" -- sh script
status 3 'on a terminal'
LC_ALL=C grep -q "$(printf '\033')" out
[ $? -eq 1 ] && [ "$(tr '\r' '\n' <out | grep -c '^kexec: 5 B sent, ')" -ge 3 ]
ok $? 'on a terminal: drawn several times, without an escape sequence'
[ "$(grep -c 'kexec: 5 B sent' out)" -le 2 ]
ok $? 'on a terminal: over and over on one line'
run env TERM=dumb python3 "$KPIPE_TESTS/terminal.py" -- sh script
[ "$(grep -c 'kexec: 5 B sent' out)" -eq 1 ]
ok $? 'on a dumb one: a line at the end'
# a message takes the place of what is drawn
cat >script <<'SH'
kexec -K record.json --progress --no-stdin --idle-timeout 1200ms gnu -- sleep 60
SH
run env TERM=xterm python3 "$KPIPE_TESTS/terminal.py" -- sh script
status 255 'a message on a terminal'
grep -Eq '^(.*[[:cntrl:]])?kexec: default/gnu: exit status unknown: idle for too long' out
ok $? 'a message on a terminal: has its line for itself'

# SIGUSR1.
run python3 "$KPIPE_TESTS/signals.py" out:up send:USR1 err:'0 B sent, 3 B received, ' \
	send:USR1 stdin: -- kexec -K record.json gnu -- sh -c 'echo up; cat; exit 4'
status 4 'SIGUSR1 ends nothing'
[ "$(grep -Ec '^kexec: 0 B sent, 3 B received, [0-9.]+ (Ki)?B/s, 0:00:[0-9]*$' err)" -eq "$(wc -l <err)" ] && [ -s err ]
ok $? 'SIGUSR1: a line each'
cat >slow <<'SH'
#!/bin/sh
: >plugin.runs
exec sleep 60
SH
chmod +x slow
cat >plugin.conf <<CONF
current-context: c
clusters: [{name: k, cluster: {server: "$SERVER_URL"}}]
contexts: [{name: c, context: {cluster: k, user: u}}]
users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1,
  command: ./slow, interactiveMode: Never}}}]
CONF
run python3 "$KPIPE_TESTS/signals.py" file:plugin.runs send:USR1 for:0.3 send:TERM -- \
	kexec --kubeconfig plugin.conf gnu -- true
status 143 'SIGUSR1 before there is a session does nothing'
run python3 "$KPIPE_TESTS/signals.py" ignore:USR1 out:up send:USR1 for:0.3 stdin: -- \
	kexec -K record.json gnu -- sh -c 'echo up; cat'
good 'SIGUSR1 that is ignored'
finish
