#!/bin/sh
# Peak memory while 1 GiB flows: kexec under 8 MiB, the tar filters under 16.
# Where the TLS library alone takes kexec there, as that of Debian 13 does, all
# the rest may take 1 MiB.
# The figures are printed; a sanitizer's own memory is not measured.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
[ -x /usr/bin/time ] || skip_all 'no /usr/bin/time (package time)'
[ -z "$KPIPE_SAN" ] || skip_all "memory of a build with $KPIPE_SAN"
cluster_start

# peak FILE: the peak that time -f %M noted there, in KiB
peak() {
	tail -n 1 "$1"
}

# under NAME FILE LIMIT
under() {
	echo "# measured: $1: peak $(peak "$2") KiB while 1 GiB flows"
	[ "$(peak "$2")" -gt 0 ] && [ "$(peak "$2")" -lt "$3" ]
	ok $? "$1: peak memory under $3 KiB"
}

mkdir tree into
truncate -s 1G tree/sparse
time="/usr/bin/time -f %M -o"

run_sh "$time base.peak kexec --no-stdin gnu -- true"
good 'nothing flows'
echo "# measured: kexec, with nothing to carry: peak $(peak base.peak) KiB"
limit=8192
[ "$(peak base.peak)" -lt 8000 ] || limit=$(($(peak base.peak) + 1024))

run_sh "head -c 1073741824 /dev/zero | $time up.peak kexec gnu -- wc -c"
stdout_is 1073741824 'kexec, up: every byte'
under 'kexec, up' up.peak "$limit"

run_sh "$time down.peak kexec --no-stdin gnu -- head -c 1073741824 /dev/zero | wc -c"
stdout_is 1073741824 'kexec, down: every byte'
under 'kexec, down' down.peak "$limit"

run_sh "$time pack.peak ktar-pack tree | $time unpack.peak ktar-unpack into"
good 'pack and unpack 1 GiB'
[ "$(stat -c %s into/tree/sparse)" -eq 1073741824 ]
ok $? 'all of it'
under ktar-pack pack.peak 16384
under ktar-unpack unpack.peak 16384

run_sh "$time conf.peak kconf >/dev/null"
good kconf
under kconf conf.peak 8192
finish
