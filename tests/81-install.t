#!/bin/sh
# install and uninstall are one list; a prefixed kexec finds its own kconf; the
# programs are hardened and carry no library that is not theirs.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
have readelf || skip_all 'no readelf (package binutils)'

root=$KPIPE_TESTS/..
mk() {
	run make -s -C "$root" BUILD="$KPIPE_BUILD" SAN= \
		DESTDIR="$PWD/stage" PREFIX=/opt/k PROGPREFIX=k8s- "$@"
}
tools=$(cd "$KPIPE_BUILD/bin" && ls)
mk install
good 'make install'
for tool in $tools; do
	[ -x "stage/opt/k/bin/k8s-$tool" ]
	ok $? "k8s-$tool is installed"
	[ -f "stage/opt/k/share/man/man1/k8s-$tool.1" ]
	ok $? "and its page"
	[ -f "stage/opt/k/share/bash-completion/completions/k8s-$tool" ] &&
		[ -f "stage/opt/k/share/fish/vendor_completions.d/k8s-$tool.fish" ] &&
		head -n 1 stage/opt/k/share/zsh/site-functions/_k8s-kpipe |
		grep -q "^#compdef .*k8s-$tool"
	ok $? "and its completions"
done
[ -f stage/opt/k/share/man/man7/k8s-kpipe.7 ] &&
	[ -f stage/opt/k/share/man/man5/k8s-kpipe-record.5 ]
ok $? 'and the pages of sections 5 and 7'

run stage/opt/k/share/k8s-kpipe/complete 1 stage/opt/k/bin/k8s-kexec --proto
grep -q '^--protocol' out
ok $? 'and what they ask'

if [ -z "${CLUSTER_POD-}" ]; then
	cluster_start
	run env PATH=/usr/bin:/bin stage/opt/k/bin/k8s-kexec --no-stdin gnu -- echo hi
	stdout_is hi 'k8s-kexec runs k8s-kconf, with neither on PATH'
	run env PATH=/usr/bin:/bin stage/opt/k/bin/k8s-kpods pod/gnu
	stdout_is default/gnu 'k8s-kpods does, too'
fi

mk uninstall
good 'make uninstall'
[ -z "$(find stage ! -type d)" ]
ok $? 'nothing is left'

# a script has none of this
for tool in $(cd "$KPIPE_TESTS/.." && ls -d -- */main.c); do
	tool=${tool%/main.c}
	[ "$tool" != tests ] || continue
	bin=$KPIPE_BUILD/bin/$tool
	readelf -h "$bin" | grep -q 'DYN'
	ok $? "$tool is position independent"
	readelf -lW "$bin" | grep -q GNU_RELRO && readelf -dW "$bin" | grep -q BIND_NOW
	ok $? "$tool: relro, now"
	if [ -z "$KPIPE_SAN" ]; then
		readelf -sW "$bin" | grep -q __stack_chk_fail
		ok $? "$tool: stack protector"
		readelf -sW "$bin" | grep -q '_chk@'
		ok $? "$tool: fortified"
	fi
done
# lacks TOOL LIBRARY...: none of them is linked
lacks() {
	tool=$1
	shift
	for lib; do
		! links "$tool" "$lib"
		ok $? "$tool does not link $lib"
	done
}
links() {
	readelf -dW "$KPIPE_BUILD/bin/$1" | grep -q "NEEDED.*lib$2[-.]"
}
links kconf yaml && links kexec ssl && links ktar-pack nettle && links ktar-unpack nettle
ok $? 'the tools link what they are made with'
lacks ktar-pack curl websockets ssl jansson yaml archive
lacks ktar-unpack curl websockets ssl jansson yaml archive
lacks kexec yaml archive curl websockets
lacks kpods yaml archive curl websockets z
lacks kconf archive websockets curl ssl crypto
finish
