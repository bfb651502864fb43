#!/bin/sh
# The whole pipe when the connection breaks: never a success, never a file that
# is half there, and one line that says why.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
cluster_start

src=$CLUSTER_ROOT/default/fault
"$KPIPE_TESTS/mktree" "$src/tree" 1

# whole DIR: every file below it is as in the source
whole() {
	(cd "$1" && find . -type f -print0) | xargs -0 -r -I{} cmp "$1/{}" "$src/{}"
}

for bytes in 0 1 512 10000 131072 700000; do
	mkdir into
	run_sh "kexec --no-stdin fault-cut-$bytes -- tar cf - tree 2>kexec.err | ktar-unpack into"
	fails 2 'ktar-unpack: ' "cut after $bytes bytes"
	grep -q 'exit status unknown' kexec.err && [ "$(wc -l <kexec.err)" -eq 1 ]
	ok $? "cut after $bytes bytes: kexec says so once"
	check "cut after $bytes bytes: every file is whole or absent" whole into
	chmod -R u+w into
	rm -rf into
done

for fault in no-status no-status-drop; do
	mkdir into
	run_sh "{ kexec --no-stdin fault-$fault -- tar cf - tree; echo \$? >rc; } | ktar-unpack into"
	[ "$(cat rc)" -eq 255 ]
	ok $? "$fault: kexec exits 255"
	chmod -R u+w into
	rm -rf into
done
mkdir into
run_sh "{ kexec --no-stdin fault-status-drop -- tar cf - tree; echo \$? >rc; } | ktar-unpack into"
[ "$(cat rc)" -eq 0 ]
ok $? 'status, then dropped: kexec exits 0'
good 'status, then dropped: the tree is there'
check 'status, then dropped: every file is whole' whole into
chmod -R u+w into
rm -rf into

# Uploads: a connection that is cut, a server that lies.
run_sh "ktar-pack '$src/tree' | kexec fault-no-status -- sh -c 'cat >/dev/null; echo'"
fails 255 'exit status unknown' 'upload without a status'
mkdir "$src/up"
run_sh "ktar-pack -C '$src' tree | kexec fault-lie-success -- tar xf - -C up"
status 0 'a Success that is a lie cannot be told from a true one'
grep -q 'reports falsely' "$KPIPE_TESTS/../man/kexec.1"
ok $? 'which kexec(1) says'

# The packer is killed: the far side must not be content.
run_sh "sh -c 'echo \$\$ >pid; exec ktar-pack -C \"$src\" tree tree tree' | { head -c 1000000; kill -TERM \$(cat pid); cat; } | kexec gnu -- sh -c 'mkdir k; tar xf - -C k'"
[ "$rc" -ne 0 ]
ok $? 'a packer that is killed fails the far side'

# Local trouble.
run_sh "kexec --no-stdin gnu -- tar cf - -C '$src' tree | ktar-unpack no-such-dir"
fails 2 'no-such-dir: No such file or directory'
echo x >plain
run_sh "kexec --no-stdin gnu -- tar cf - -C '$src' tree | ktar-unpack plain"
fails 2 'plain: Not a directory'
chmod -R u+w "$src"
finish
