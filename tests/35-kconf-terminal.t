#!/bin/sh
# A plugin at the user's terminal: that it gets it, what the user types there,
# and that it is given back as it was.
. "$KPIPE_TESTS/lib.sh"
have python3 || skip_all 'no python3'

cat >f <<'P'
current-context: c
clusters: [{name: k, cluster: {server: "https://h:1/p"}}]
contexts: [{name: c, context: {cluster: k, user: u}}]
users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1,
  command: ./ask, interactiveMode: IfAvailable}}}]
P
cat >ask <<'P'
#!/bin/sh
echo $$ >pid.new
mv pid.new pid
[ -z "$BESIDE" ] || sleep 60 &
stty -echo </dev/tty
printf 'password: ' >/dev/tty
read -r word </dev/tty || exit 9
stty echo </dev/tty
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$word"
P
chmod +x ask

# on_pty TYPED CMD...: runs it as the leader of a session with a terminal of
# its own, types TYPED behind "password: "; $rc is its status as a shell has
# it, $mode whether the terminal echoes at the end, $screen what it shows
cat >on_pty.py <<'P'
import os, pty, signal, sys, termios, time
typed = sys.argv[1].encode().decode('unicode_escape').encode()
master, slave = pty.openpty()
pid = os.fork()
if pid == 0:
    os.setsid()
    import fcntl
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for s in (signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
        signal.signal(s, signal.SIG_DFL)
    os.dup2(slave, 0)
    os.closerange(3, 100)
    os.execvp(sys.argv[2], sys.argv[2:])
screen = b''
os.set_blocking(master, False)
sent = False
status = None
end = time.time() + 30
while status is None and time.time() < end:
    try:
        screen += os.read(master, 4096)
    except BlockingIOError:
        time.sleep(0.02)
    if not sent and b'password: ' in screen:
        os.write(master, typed)
        sent = True
    got, s = os.waitpid(pid, os.WNOHANG)
    if got:
        status = s
if status is None:
    os.kill(pid, signal.SIGKILL)
    sys.exit('it does not end')
rc = os.waitstatus_to_exitcode(status)
open('status', 'w').write(str(rc if rc >= 0 else 128 - rc))
open('mode', 'w').write('echo' if termios.tcgetattr(slave)[3] & termios.ECHO else 'silent')
try:
    screen += os.read(master, 4096)
except OSError:
    pass
open('screen', 'wb').write(screen)
P
on_pty() {
	last="on a terminal, typing $1: kconf"
	rm -f status mode screen pid
	: >out
	: >err
	python3 on_pty.py "$@" || :
	rc=$(cat status)
}
# gone: nobody of the plugin's group is left
gone() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		ps -eo pgid=,stat= | awk -v g="$(cat pid)" \
			'$1 == g && $2 !~ /^Z/ { any = 1 } END { exit any }' &&
			return 0
		sleep 0.2
	done
	kill -KILL "-$(cat pid)"
	return 1
}
kconf_to_files='exec kconf --kubeconfig f -o token >out 2>err'

on_pty 'hush\n' sh -c "$kconf_to_files"
good 'a password'
stdout_is hush 'a password is read'
! grep -q hush screen
ok $? 'and not shown'
[ "$(cat mode)" = echo ]
ok $? 'the terminal echoes again'
for row in '\x03 130 Ctrl-C' '\x1c 131 Ctrl-Backslash'; do
	key=${row%% *}
	rest=${row#* }
	for beside in '' yes; do
		BESIDE=$beside
		export BESIDE
		on_pty "$key" sh -c "$kconf_to_files"
		[ "$rc" -eq "${rest%% *}" ] && [ ! -s err ] && [ ! -s out ]
		ok $? "${rest#* }${beside:+, with others in its group}: kconf dies of it as well, and says nothing"
		gone
		ok $? 'the group is gone'
		[ "$(cat mode)" = echo ]
		ok $? 'the terminal echoes again'
	done
done
unset BESIDE
on_pty '\x04' sh -c "$kconf_to_files"
fails 1 'failed with exit code 9' 'Ctrl-D'
on_pty '\x1a' sh -c "$kconf_to_files"
fails 1 'stopped by signal 20, and killed' 'Ctrl-Z'
gone
ok $? 'Ctrl-Z: the group is gone'
[ "$(cat mode)" = echo ]
ok $? 'Ctrl-Z: the terminal echoes again'
on_pty '' env KPIPE_PLUGIN_TIMEOUT=1 sh -c "$kconf_to_files"
fails 1 'no answer after 1 seconds' 'nobody types'
gone
ok $? 'nobody types: the group is gone'
[ "$(cat mode)" = echo ]
ok $? 'nobody types: the terminal echoes again'
# a shell with job control has given the terminal to somebody else
on_pty '' sh -mc "kconf --kubeconfig f -o token >out 2>err & wait \$!; exit \$?"
[ "$rc" -eq 1 ] && grep -qE 'stopped by signal (21|22), and killed' err
ok $? 'in the background: a plugin that wants the terminal is ended'
gone
ok $? 'in the background: the group is gone'
[ "$(cat mode)" = echo ]
ok $? 'in the background: the terminal is as it was'
finish
