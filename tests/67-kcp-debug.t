#!/bin/sh
# kcp --debug-image: pods that have nothing, through an ephemeral container.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/userland.sh"
. "$KPIPE_TESTS/debug.sh"
cluster_needs_test_server
debug_apart || skip_all "$debug_why"
cluster_start
pods=$CLUSTER_ROOT/default
for pod in bare other alone shared; do
	userland $pod true
done
userland tool cat
userland flat sh cat mv wc
echo 'debug alone' >>"$pods/.alone"
echo 'share pod' >>"$pods/.shared"
mkdir -p "$pods/bare/srv" "$pods/other/srv" "$pods/.deployments" here/tree/sub/empty into
echo 'match app=bare' >"$pods/.deployments/bare"
echo 'labels app=bare' >>"$pods/.bare"
echo one >here/tree/one
head -c 100001 /dev/urandom >"here/tree/sub/a b'\"[*]?\\
c"
ln -s sub/none here/tree/soft
chmod 640 here/tree/one
find here/tree -exec touch -h -d '2001-02-03 04:05:06' {} +

# patches: how many there have been
patches() {
	cluster_requests 'PATCH'
}
# only: what is said beside the runtime's word that there is no sh
only() {
	grep -v 'executable file not found' err >err.new
	mv err.new err
}
# alike A B NAME: contents, and modes and times of files
alike() {
	diff -r --no-dereference "$1" "$2" >diff.log 2>&1 &&
		[ "$(stat -c '%a %Y' "$1/one")" = "$(stat -c '%a %Y' "$2/one")" ]
	ok $? "$3: the same"
	[ -z "$(find "$pods" . -name '*.kcp.*')" ]
	ok $? "$3: nothing is left over"
}

run kcp here/tree bare:/srv/tree
only
fails 1 'tar there, or --debug-image IMAGE, would help'
run kcp -v --debug-image busybox here/tree bare:/srv/tree
status 0 'a tree up'
grep -q 'bare: nothing there: ephemeral container kcp-[0-9a-f]* from busybox' err
ok $? '-v names the rung'
alike here/tree "$pods/bare/srv/tree" 'a tree up'
name=$(sed -n 's/.*ephemeral container \(kcp-[0-9a-f]*\) from.*/\1/p' err)
run kexec --debug-image busybox -c "$name" bare -- true
fails 255 'has ended' 'the container was ended'
run kcp --debug-image busybox bare:/srv/tree into/tree
only
good 'a tree down'
alike here/tree into/tree 'a tree down'
run kcp --debug-image gnu --verify -j 2 --retries 1 here/tree/. deploy/bare:srv/new
only
good 'a workload, a relative path, GNU tar, --verify, --jobs, --retries'
alike here/tree "$pods/bare/srv/new" 'a relative path'
echo two >here/tree/one
run kcp --debug-image busybox --update --delete here/tree/. bare:/srv/new
only
good '--update'
same here/tree/one "$pods/bare/srv/new/one" '--update'

run kcp --debug-image busybox bare:../../../srv/tree/sub into/up
only
good 'above the root there is nothing'

# Several sources, and one container.
before=$(patches)
run kcp --debug-image busybox bare:/srv/tree/one bare:srv/tree/sub/../soft into
only
good 'several sources'
[ -f into/one ] && [ -h into/soft ] && [ "$(patches)" -eq $((before + 1)) ]
ok $? 'several sources, one container'

# Pod to pod, and streams.
before=$(patches)
run kcp --debug-image busybox bare:/srv/tree gnu:there
only
good 'from it to a pod that has all'
alike "$pods/bare/srv/tree" "$pods/gnu/there" 'from it to a pod that has all'
[ "$(patches)" -eq $((before + 1)) ]
ok $? 'one container, for the one that has nothing'
run kcp --debug-image busybox bare:/srv/tree other:/srv/both
only
good 'from it to another one'
alike "$pods/bare/srv/tree" "$pods/other/srv/both" 'from it to another one'
run_sh 'kcp --debug-image busybox bare:/srv/tree - | tar tf - | sort >names'
only
grep -qx 'tree/one' names && [ "$rc" -eq 0 ] && [ ! -s err ]
ok $? 'a stream from it'
run_sh 'tar cf - -C here tree | kcp --debug-image busybox - bare:/srv/stream'
only
good 'a stream to it'
alike here/tree "$pods/bare/srv/stream/tree" 'a stream to it'

# One that is kept.
run kexec --debug-image busybox -c tools --target main bare -- true
good 'a container that is kept'
run kcp -c tools bare:/proc/1/root/srv/tree/. into/app
good 'by way of it'
alike "$pods/bare/srv/tree" into/app 'by way of it'

# What a rung above can do is done there.
before=$(patches)

echo x >"$pods/tool/file"
run kcp -q --debug-image busybox tool:file into/file
[ "$rc" -eq 0 ] && [ "$(patches)" -eq "$before" ] && [ -f into/file ]
ok $? 'no container where cat alone does'
run kcp --debug-image busybox here/tree flat:tree
good 'a directory, where there is no mkdir'
alike here/tree "$pods/flat/tree" 'a directory, where there is no mkdir'
run kcp --debug-image busybox --update bare:/srv/tree into
only
good '--update, and no shell'

# Symbolic links of the pod are its own.
mkdir -p decoy "$pods/bare$PWD/decoy/in"
ln -s "$PWD/decoy" "$pods/bare/link"
ln -s "$PWD/decoy" "$pods/bare/srv/deep"
ln -s ../../../srv/deep "$pods/bare/srv/far"
ln -s loop "$pods/bare/loop"
run kcp --debug-image busybox here/tree/one bare:/srv/far/in
only
good 'an absolute link on the way'
[ -f "$pods/bare$PWD/decoy/in/one" ] && [ -z "$(ls -A decoy)" ]
ok $? 'it leads where it leads in the pod'
run kcp --debug-image busybox bare:/link/. into/link
only
good 'an absolute link, down'
[ -f into/link/in/one ]
ok $? 'its contents'
mkdir -p here/link/link
echo x >here/link/link/x
run kcp --debug-image busybox here/link/. bare:/
only
fails 1 'link: is a symbolic link' 'a link within what is filled'
[ -z "$(find decoy "$pods/bare$PWD" -name x)" ]
ok $? 'nothing went through it'
run kcp --debug-image busybox bare:/loop/x into/loop
only
fails 1 'too many symbolic links'

# A user that only the image names.
if [ "$(id -u)" -eq 0 ]; then
	userland image true
	echo 'uid 4321' >>"$pods/.image"
	chown 4321:4321 "$pods/image"
	run kcp -v --debug-image gnu here/tree image:/tree
	grep -q 'ephemeral container kcp-[0-9a-f]*-user from gnu as 4321:4321' err && [ "$rc" -eq 0 ]
	ok $? 'a second container, as that user'
	[ "$(stat -c %u:%g "$pods/image/tree/one")" = 4321:4321 ]
	ok $? 'files are of that user'
	alike here/tree "$pods/image/tree" 'a user of the image'
else
	skip 4 'a user that only the image names' 'not root'
fi

# Where it cannot be.
run kcp --debug-image busybox here/tree alone:/tree
only
# process 1 of this machine, which is ours or not
fails 1 'cannot be reached'
[ ! -e "$pods/alone/tree" ]
ok $? 'nothing is there'
before=$(patches)
run kcp --debug-image busybox here/tree shared:/tree
only
fails 1 'shareProcessNamespace'
[ "$(patches)" -eq "$before" ]
ok $? 'and no container'
run kcp --debug-image missing bare:/srv/tree into/missing
only
fails 1 'ImagePullBackOff'
run kcp -x --debug-image busybox here/tree bare:/tree
[ "$rc" -eq 0 ] && ! grep -q debug out && grep -q 'kexec bare -- sh -c' out
ok $? '-x prints the pipe of the first rung'
run kcp --debug-image '' here/tree bare:/tree
fails 2 '--debug-image: empty name'
finish
