#!/bin/sh
# ktar-unpack: R16 what the process itself can still do when the first byte of
# the archive comes; and kernels that cannot take it away.
. "$KPIPE_TESTS/lib.sh"
[ -z "$KPIPE_SAN" ] || skip_all 'a sanitizer has to be loaded first'
inside=$KPIPE_BUILD/tests/inside.so
without=$KPIPE_BUILD/tests/without
mkdir src
echo new >src/f
tar -C src -cf t.tar f
INSIDE_OUT=$PWD/out.d
export INSIDE_OUT INSIDE_IN

# attempt ARG...: ktar-unpack on t.tar with what is tried from within; the
# lines of it are in ./report
attempt() {
	rm -rf o new fifo out.d
	mkdir o out.d
	echo precious >out.d/secret
	: >report
	rc=0
	last="$*"
	env LD_PRELOAD="$inside" "$@" <t.tar >out 2>err 9>report || rc=$?
}
# denied WHO ERROR ATTEMPT...: each failed with it
denied() {
	who=$1 error=$2
	shift 2
	for what; do
		grep -qx "$who $what: $error" report
		ok $? "$who, $what: $error ($(grep -F "$who $what" report))"
	done
}
files='read outside:write outside:create outside:list outside:remove outside:mkdir outside:link outside'
calls='make a FIFO:xattr:chmod outside:fork:socket:local socket:connect:exec:ptrace:kill:seccomp again'
each() {
	who=$1 error=$2 list=$3
	IFS=:
	# shellcheck disable=SC2086
	set -- $list
	unset IFS
	denied "$who" "$error" "$@"
}
# untouched: nothing of it was done outside
untouched() {
	[ "$(ls -A out.d)" = secret ] && [ "$(cat out.d/secret)" = precious ] &&
		[ ! -e new ] && [ ! -e fifo ]
	ok $? "$1: nothing outside has changed"
}

INSIDE_IN=$PWD/o
attempt "$without" kexec_load ENOSYS ktar-unpack -v o
if grep -q 'no Landlock' err; then
	landlock=
	skip 30 'files outside' 'no Landlock in this kernel'
else
	landlock=y
	attempt ktar-unpack o
	good 'unpacking, while much is tried'
	check 'unpacking, while much is tried: contents' cmp src/f o/f
	each first EACCES "$files"
	denied first works 'create inside'
	untouched 'unpacking'
	attempt ktar-unpack -t
	status 0 '-t'
	each first EACCES "$files"
	denied first EACCES 'create inside'
	untouched '-t'
	# nodes would be made here, if anywhere
	attempt ktar-unpack --special --xattrs o
	denied first EACCES 'make a FIFO' 'create outside'
	denied first EPERM xattr
	untouched '--special'
	# a directory that things may be moved to, and not read or written
	attempt ktar-unpack --partial-dir out.d o
	denied first EACCES 'read outside' 'write outside' 'list outside' \
		'create outside' 'mkdir outside' 'link outside'
	denied first EPERM 'chmod outside'
fi
attempt ktar-unpack -v o
if grep -q 'no seccomp' err; then
	seccomp=
	skip 11 'calls' 'no seccomp in this kernel'
else
	seccomp=y
	each first EPERM "$calls"
fi

# the second process of --atomic
if [ -n "$landlock" ] && [ -n "$seccomp" ]; then
	INSIDE_IN=$PWD/o
	attempt ktar-unpack --atomic o
	status 0 '--atomic'
	cat err >>report
	check '--atomic: contents' diff -r src o
	each first EACCES "$files"
	denied first EACCES 'create inside'
	each second EPERM "$calls"
	denied second EACCES 'read outside' 'write outside' 'create outside' \
		'list outside' 'remove outside' 'create inside'
	denied second EPERM 'link outside' 'mkdir outside'
	untouched '--atomic'
else
	skip 31 '--atomic' 'no Landlock or no seccomp in this kernel'
fi
INSIDE_IN=$PWD/o

# kernels and containers without: the tool works, and -v says what is missing
for missing in ENOSYS EPERM EINVAL; do
	attempt "$without" landlock_create_ruleset "$missing" ktar-unpack -v o
	status 0 "no Landlock ($missing)"
	grep -qx 'ktar-unpack: confinement: no Landlock on this system' err
	ok $? "no Landlock ($missing): says so"
	[ -z "$seccomp" ] || denied first EPERM socket exec fork
	[ -z "$seccomp" ] || denied first works 'read outside'
	attempt "$without" seccomp "$missing" ktar-unpack -v o
	status 0 "no seccomp ($missing)"
	grep -qx 'ktar-unpack: confinement: no seccomp on this system' err
	ok $? "no seccomp ($missing): says so"
	[ -z "$landlock" ] || denied first EACCES 'read outside' 'create outside'
	denied first works socket
done
attempt "$without" landlock_create_ruleset,seccomp ENOSYS ktar-unpack -v o
status 0 'neither'
[ "$(grep -c 'confinement: no' err)" -eq 2 ]
ok $? 'neither: says so'
check 'neither: contents' cmp src/f o/f
rm -rf o
mkdir o
run "$without" landlock_create_ruleset,seccomp ENOSYS ktar-unpack o <t.tar
good 'neither, without -v'
# a lock that is there and cannot be put on is an error
run "$without" landlock_restrict_self EINVAL ktar-unpack o <t.tar
fails 2 'confinement: Invalid argument'
run "$without" landlock_add_rule ENOSYS ktar-unpack o <t.tar
fails 2 'confinement: Function not implemented'
finish
