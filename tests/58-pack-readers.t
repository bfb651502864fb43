#!/bin/sh
# ktar-pack: each reader that Debian has makes the same tree of each kind of
# member in each format, but for what the manual page lists (readers.py).
. "$KPIPE_TESTS/lib.sh"

have python3 || skip_all 'no python3'
page=$KPIPE_TESTS/../man/ktar-pack.1

# The readers that are here, each a line.  The same bytes are read the same way,
# whatever ktar-pack was built with, so beside a sanitizer two are enough.
: >readers
set -- 'GNU tar:tar' ktar-unpack
[ -n "$KPIPE_SAN" ] || set -- "$@" bsdtar busybox toybox Python:python3 perl
for reader; do
	name=${reader%:*}
	if ! have "${reader#*:}" || { [ "$name" = perl ] &&
		! perl -MArchive::Tar -e1 2>log; }; then
		skip 3 "$name" 'not here'
		continue
	fi
	echo "$name" >>readers
done
for format in gnu pax ustar; do
	tr '\n' '\0' <readers |
		xargs -0 python3 -B "$KPIPE_TESTS/readers.py" "$page" $format \
			>report 2>err
	rc=$?
	good "--format $format"
	grep -v '^#' report >checks
	sed -n '/^#/p' report
	while read -r line; do
		case $line in
		ok*) ok 0 "${line#ok - }" ;;
		*) ok 1 "${line#not ok - }" ;;
		esac
	done <checks
	[ "$(grep -c "ok - $format" checks)" -eq "$(wc -l <readers)" ]
	ok $? "$format: each reader had its turn"
done

# More than 8 GiB: the readers list it; what is behind the header is cut off.
truncate -s 9000000000 huge
for format in gnu pax; do
	ktar-pack --format $format huge | head -c 10240 >tar
	for reader in tar bsdtar 'busybox tar' 'toybox tar'; do
		if ! have "${reader% tar}"; then
			skip 1 "$reader" 'not here'
			continue
		fi
		$reader -tvf tar 2>log | grep -q '9000000000.*huge'
		ok $? "$format, $reader: a size of more than 8 GiB"
	done
	python3 -c 'import sys, tarfile
print(tarfile.open(fileobj=sys.stdin.buffer, mode="r|").next().size)' <tar >out
	echo 9000000000 >want
	same want out "$format, Python: a size of more than 8 GiB"
done

finish
