#!/bin/sh
# The line people type, both ways, on a tree that has every ordinary thing in
# it. Free of assumptions about the cluster: make check-cluster runs this on a
# real one. Needs sh, tar, mktemp, rm and sha256sum in the pod.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_start

"$KPIPE_TESTS/mktree" tree "${E2E_MEGABYTES:-64}"
"$KPIPE_TESTS/listing" tree >want.seconds
"$KPIPE_TESTS/listing" tree ns >want.ns

# what kexec speaks, for the shells of run_sh too
export over=auto

# remote CMD...: in the pod, without stdin
remote() {
	kexec --protocol $over --no-stdin "$pod" -- "$@"
}

# up NAME PACKER: into $dir in the pod
up() {
	far='tar xpf -'
	# busybox takes modes through the umask, but for root
	[ $gnu -eq 1 ] || far="sh -c 'umask 0; exec tar \"\$@\"' sh xpf -"
	run_sh "$2 tree | kexec --protocol $over '$pod' -- $far -C '$dir'"
	good "$1: up"
}

# down NAME TAR-OPTIONS INTO: down again
down() {
	mkdir "$3"
	run_sh "umask 0; kexec --protocol $over --no-stdin '$pod' -- tar $2 -cf - -C '$dir' tree | ktar-unpack '$3'"
	good "$1: down"
}

# busybox restores no times of folders and symlinks, and, but for root, cannot
# fill a folder that is read-only
as_busybox_can() {
	awk -F '\t' -v OFS='\t' '
		/read-only/ { next }
		$1 == "d" || $1 == "l" { $3 = "-" }
		{ print }' "$1"
}

both_ways() {
	pod=$1 name=$2
	run remote mktemp -d
	dir=$(cat out)
	good "$name: a folder in the pod"
	gnu=1
	remote tar --version 2>/dev/null </dev/null | grep -q 'GNU tar' || gnu=0
	packer=ktar-pack
	[ $gnu -eq 1 ] || packer='ktar-pack --exclude read-only'
	up "$name" "$packer"
	down "$name" '' "down-$name"
	"$KPIPE_TESTS/listing" "down-$name/tree" >got 2>&1
	cp want.seconds wanted
	if [ $gnu -eq 0 ]; then
		as_busybox_can want.seconds >wanted
		as_busybox_can got >got.less
		mv got.less got
	fi
	same wanted got "$name: there and back is the same tree"
	run remote sh -c "cd $dir/tree && sha256sum file medium large"
	(cd tree && sha256sum file medium large) >want
	same want out "$name: and so it is in the pod"
	if [ $gnu -eq 1 ]; then
		remote sh -c "chmod -R u+w $dir/tree; rm -rf $dir/tree"
		up "$name, pax" 'tar --format=pax -cf -'
		down "$name, pax" '--format=pax' "pax-$name"
		"$KPIPE_TESTS/listing" "pax-$name/tree" ns >got 2>&1
		same want.ns got "$name: with pax, to the nanosecond"
	fi
	run remote sh -c "chmod -R u+w $dir; rm -rf $dir"
	good "$name: the pod is clean again"
	for left in "down-$name" "pax-$name"; do
		[ ! -d "$left" ] || { chmod -R u+w "$left"; rm -rf "$left"; }
	done
}

for over in spdy v5; do
	both_ways "$POD" "gnu, $over"
done
over=auto
if [ -z "${CLUSTER_POD-}" ]; then
	if have busybox; then
		both_ways default/busybox busybox
	else
		skip 6 'busybox' 'no busybox'
	fi
fi

# Exit codes come through the pipe.
pod=$POD
run remote mktemp -d
dir=$(cat out)
run_sh "ktar-pack tree/file | kexec '$pod' -- tar xf - -C '$dir/no-such-dir'"
status 2 'the remote tar fails: its status, without pipefail'
run_sh "ktar-pack tree/file no-such-file 2>pack.err | kexec '$pod' -- tar xf - -C '$dir'"
[ "$rc" -ne 0 ]
ok $? 'the packer fails: so does the remote tar, without pipefail'
grep -q 'no-such-file' pack.err
ok $? 'and the packer has named the cause'
mkdir partly
run_sh "kexec --no-stdin '$pod' -- sh -c 'tar cf - -C $dir tree/file | head -c 700' | ktar-unpack partly"
status 2 'a truncated stream is never a success, without pipefail'
[ -z "$(ls -A partly/tree 2>/dev/null)" ]
ok $? 'and leaves no partial file'
run_sh "kexec --no-stdin '$pod' -- tar cf - -C '$dir' no-such-file 2>far.err | ktar-unpack partly"
[ -s far.err ]
ok $? "the remote tar's words arrive"
run_sh "kexec --no-stdin '$pod' -- sh -c 'tar cf - -C $dir tree no-such-file || echo failed' 2>/dev/null | ktar-unpack partly"
status 2 'a far tar that failed fails the pipe when it says so behind the archive'
if have bash; then
	run bash -o pipefail -c "kexec --no-stdin '$pod' -- sh -c 'exit 9' | cat"
	status 9 'with pipefail the status of the command'
	run bash -o pipefail -c "ktar-pack no-such-file | cat >/dev/null"
	status 2 "with pipefail the packer's"
else
	skip 2 pipefail 'no bash'
fi
run remote rm -rf "$dir"
good 'the pod is clean again'
chmod -R u+w tree
finish
