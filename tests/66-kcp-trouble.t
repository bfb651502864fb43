#!/bin/sh
# kcp: what cannot be copied is one clear line, and nothing half-written stands
# under its name.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/userland.sh"
cluster_needs_test_server
cluster_start
pods=$CLUSTER_ROOT/default
mkdir -p here/tree/sub into
echo one >here/tree/one
echo two >here/tree/sub/two
head -c 3000000 /dev/urandom >here/big
cp -a here/tree here/big "$pods/gnu"
cp -a here/tree here/big "$pods/busybox"

# clean NAME: no folder of a copy is left
clean() {
	[ -z "$(find "$pods" into here -name '.kcp.*')" ] &&
		[ -z "$(find "$pods" into here -name '.ktar-unpack*')" ]
	ok $? "$1: nothing is left over"
}
# refused TEXT NAME: one line with TEXT, status 1, nothing left
refused() {
	fails 1 "$1" "$2"
	clean "$2"
}

run kcp here/tree into
fails 2 'neither is in a pod' 'two local paths'
run kcp here/none gnu:x
refused 'here/none: no such file or directory' 'no such source'
[ ! -e "$pods/gnu/x" ]
ok $? 'no such source: nothing is there'
for how in '' -z '-j 2' --update '--retries 1'; do
	# shellcheck disable=SC2086 # words
	run kcp $how gnu:none into/x
	status 1 "no such source in the pod: $how"
	stderr_is 'kcp: gnu:none: no such file or directory' "no such source in the pod: $how: a line"
	[ ! -e into/x ]
	ok $? "no such source in the pod: $how: nothing is there"
	clean "no such source in the pod: $how"
done
run kcp busybox:no/such -
status 1 'no such source for a stream'
stderr_is 'kcp: busybox:no/such: no such file or directory' 'no such source for a stream: a line'
run kcp gnu:none busybox:.
status 1 'no such source, from pod to pod'
stderr_is 'kcp: gnu:none: no such file or directory' 'no such source, from pod to pod: a line'
for pod in gnu busybox; do
	run kcp here/tree "$pod:no/such"
	refused './no: no such directory' "$pod: no parent"
	run kcp here/big "$pod:tree"
	good "$pod: a file goes into a directory"
	rm "$pods/$pod/tree/big"
	mkdir -p "$pods/$pod/d/big"
	run kcp here/big "$pod:d"
	refused 'big: is a directory' "$pod: a file where a directory is"
	run kcp here/tree "$pod:big"
	refused 'not a directory' "$pod: a directory where a file is"
	same here/big "$pods/$pod/big" "$pod: the file is as it was"
	mkdir -p "$pods/$pod/m/tree/one"
	run kcp here/tree "$pod:m"
	refused 'one: is a directory' "$pod: a file in a tree where a directory is"
	rm -r "$pods/$pod/m" && mkdir -p "$pods/$pod/m/tree"
	echo old >"$pods/$pod/m/tree/sub"
	run kcp here/tree "$pod:m"
	refused 'sub: not a directory' "$pod: a directory in a tree where a file is"
done
run kcp gnu:tree no/such/
refused 'no such directory' 'no parent here'
run kcp gnu:tree into/no/such
refused 'into/no/: no such directory' 'no parent here, a name'
run kcp gnu:tree/. into/no/such
refused 'into/no/: no such directory' 'no parent here, contents'
echo old >into/file
run kcp gnu:tree into/file
refused 'into/file: not a directory' 'a directory where a file is, here'
run kcp gnu:tree/. into/file
refused 'into/file: not a directory' 'contents where a file is, here'
[ "$(cat into/file)" = old ]
ok $? 'the file here is as it was'

# Directories that cannot be written to, and file systems that are full.
if [ "$(id -u)" -ne 0 ]; then
	mkdir locked "$pods/gnu/locked"
	chmod 555 locked "$pods/gnu/locked"
	run kcp here/big gnu:locked
	refused 'Permission denied' 'not writable, up'
	run kcp gnu:big locked
	refused 'Permission denied' 'not writable, down'
	chmod 755 locked "$pods/gnu/locked"
else
	skip 4 'not writable' 'root may write anywhere'
fi
mkdir full "$pods/gnu/full" "$pods/busybox/full"
mounted=
unmount() {
	for mount in $mounted; do umount "$mount"; done
}
on_exit unmount
# put OPTIONS PLACE: a small file system, if that is allowed
put() {
	mount -t tmpfs -o "$1" tmpfs "$2" 2>/dev/null || return
	mounted="$2 $mounted"
}
if put size=1m "$PWD/full" && put size=1m "$pods/gnu/full" &&
	put size=1m "$pods/busybox/full"; then
	run kcp gnu:big full
	[ "$rc" -eq 1 ] && grep -q 'No space left' err && [ -z "$(ls -A full)" ]
	ok $? 'a full disk here'
	[ "$(wc -l <err)" -le 3 ]
	ok $? 'a full disk here: few lines'
	for pod in gnu busybox; do
		run kcp here/big "$pod:full"
		[ "$rc" -eq 1 ] && grep -q 'No space left\|Wrote only' err &&
			[ -z "$(ls -A "$pods/$pod/full")" ]
		ok $? "a full disk in $pod: nothing half-written"
		echo old >"$pods/$pod/full/big"
		run kcp here/big "$pod:full"
		[ "$rc" -eq 1 ] && [ "$(cat "$pods/$pod/full/big")" = old ]
		ok $? "a full disk in $pod: what was there is there"
		clean "a full disk in $pod"
	done
	run kcp gnu:big busybox:full
	[ "$rc" -eq 1 ] && grep -q 'No space left\|Wrote only' err
	ok $? 'a full disk, from pod to pod'
	clean 'a full disk, from pod to pod'
	mount -o remount,ro "$PWD/full" && mount -o remount,ro "$pods/gnu/full"
	run kcp here/big gnu:full
	[ "$rc" -eq 1 ] && grep -qi 'read-only file system' err
	ok $? 'a read-only file system in the pod'
	run kcp gnu:big full
	stderr_is 'kcp: full/: Read-only file system' 'a read-only file system here'
	clean 'a read-only file system'
else
	skip 12 'full and read-only file systems' 'mount needs root'
fi

# A container that goes away in the middle of it.
mkdir "$CLUSTER_ROOT/.dying" "$pods/dying"
echo "path $CLUSTER_ROOT/.dying" >"$pods/.dying"
cat >"$CLUSTER_ROOT/.dying/tar" <<'S'
#!/bin/sh
[ "$1" != --help ] || exit 0
head -c 10000 </dev/zero
kill -9 $PPID
S
chmod +x "$CLUSTER_ROOT/.dying/tar"
mkdir "$pods/dying/in"
run kcp here/big dying:in/big
refused 'dying: killed by signal 9' 'a container that goes away, up'
[ ! -e "$pods/dying/in/big" ]
ok $? 'a container that goes away, up: no file'
run kcp dying:in into/dying
[ "$rc" -eq 1 ] && grep -q 'dying: killed by signal 9' err && [ ! -e into/dying ]
ok $? 'a container that goes away, down'
clean 'a container that goes away, down'
# once and for all
sed -i 's/^kill/touch gone; kill/' "$CLUSTER_ROOT/.dying/tar"
printf '#!/bin/sh\n[ ! -e gone ] || kill -9 $PPID\nexec %s "$@"\n' \
	"$(command -v rm)" >"$CLUSTER_ROOT/.dying/rm"
chmod +x "$CLUSTER_ROOT/.dying/rm"
run kcp here/big dying:in/big
[ "$rc" -eq 1 ] && [ ! -e "$pods/dying/in/big" ] && grep -q '\.kcp\..* may be left there' err
ok $? 'where it cannot be taken away, what is left is named'
rm -rf "$pods"/dying/in/.kcp.*

# Ctrl-C is for the whole pipe.
if have python3; then
	cat >ctrl-c.py <<'P'
import os, signal, subprocess, sys, time
for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(s, signal.SIG_DFL)
where, command = sys.argv[1], sys.argv[2:]
p = subprocess.Popen(command, start_new_session=True)
def there():
    return any(d.startswith(".kcp.") or d.startswith(".ktar-") for _, ds, fs in os.walk(where) for d in ds + fs)
until = time.time() + 60
while not there() and time.time() < until and p.poll() is None:
    time.sleep(0.02)
os.killpg(p.pid, signal.SIGINT)
status = p.wait()
sys.exit(status if status >= 0 else 128 - status)
P
	for pod in gnu busybox; do
		run python3 ctrl-c.py "$pods/$pod" kcp --bwlimit 200K here/big "$pod:ctrl-c"
		[ "$rc" -eq 130 ] && [ ! -e "$pods/$pod/ctrl-c" ]
		ok $? "Ctrl-C, up to $pod: 130, and no file"
		clean "Ctrl-C, up to $pod"
		run python3 ctrl-c.py into kcp --bwlimit 200K "$pod:big" into/ctrl-c
		[ "$rc" -eq 130 ] && [ ! -e into/ctrl-c ]
		ok $? "Ctrl-C, down from $pod: 130, and no file"
		clean "Ctrl-C, down from $pod"
	done
	# what the shell in the pod leaves for others is swept, or named
	mkdir here/large
	cp here/big here/large
	cp -a here/large "$pods/busybox"
	for how in '-j 2 here/large' 'busybox:large'; do
		# shellcheck disable=SC2086 # words
		run python3 ctrl-c.py "$pods/gnu" kcp --bwlimit 200K $how gnu:ctrl-c
		[ "$rc" -eq 130 ] && [ ! -e "$pods/gnu/ctrl-c" ] &&
			{ [ -z "$(find "$pods" -name '.kcp.*')" ] || grep -q 'may be left there' err; }
		ok $? "Ctrl-C, $how: nothing is left, or named"
		find "$pods" -name '.kcp.*' | sed 's/^/# /'
		rm -rf "$pods"/gnu/.kcp.*
	done
else
	skip 10 'Ctrl-C' 'no python3'
fi

# What is in a directory already is replaced as whole files.
mkdir -p "$pods/gnu/whole/tree"
echo old >"$pods/gnu/whole/tree/one"
echo kept >"$pods/gnu/whole/tree/kept"
mkdir "$CLUSTER_ROOT/.half"
cat >"$CLUSTER_ROOT/.half/tar" <<S
#!/bin/sh
$(command -v tar) "\$@" || exit
[ "\$1" = --help ]
S
chmod +x "$CLUSTER_ROOT/.half/tar"
ln -s gnu "$pods/half"
echo "path $CLUSTER_ROOT/.half" >"$pods/.half"
run kcp here/tree half:whole
[ "$rc" -eq 1 ] && [ "$(cat "$pods/gnu/whole/tree/one")" = old ]
ok $? 'a copy that fails replaces no file in a directory that is there'
run kcp here/tree gnu:whole
good 'a copy into a directory that is there'
[ "$(cat "$pods/gnu/whole/tree/one")" = one ] && [ -e "$pods/gnu/whole/tree/kept" ]
ok $? 'a copy into a directory that is there: filled'
clean 'a copy into a directory that is there'
finish
