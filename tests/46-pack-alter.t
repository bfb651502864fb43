#!/bin/sh
# ktar-pack: what is said of members in place of what the files have, and what
# is newer, as GNU tar has it; --dry-run.
. "$KPIPE_TESTS/lib.sh"
have tar || skip_all 'no tar'
TZ=Europe/Berlin
export TZ

mkdir -p t/dir/deep
echo one >t/file
echo two >t/exec
: >t/dir/old
ln t/file t/hard
ln -s file t/soft
chmod 755 t/exec
chmod 2750 t/dir
find t -exec touch -h -d '2020-02-03 04:05:06' {} +
touch -d '2030-01-01 00:00:00' t/exec

# list: what a tar on stdin says of its members
list() {
	tar --full-time -tvf - "$@"
}
# alike NAME OPTION...: the listings are those of GNU tar
alike() {
	alike_name=$1
	shift
	for numeric in '' --numeric-owner; do
		tar -cf - --sort=name "$@" t 2>tar.err |
			list $numeric | sort -k6 >want
		run ktar-pack "$@" t
		good "$alike_name"
		list $numeric <out | sort -k6 >got
		same want got "$alike_name $numeric: as GNU tar"
	done
}
alike 'nothing'
alike '--mtime, seconds' --mtime @1234567890
alike '--mtime, before 1970' --mtime @-86400
alike '--mtime, a day' --mtime 2001-02-03
alike '--mtime, a day and a time' --mtime '2001-07-03 04:05:06'
alike '--mtime, RFC 3339' --mtime 2001-02-03T04:05:06Z
alike '--mtime, a file' --mtime ./t/exec
alike '--owner, --group: names' --owner nobody --group daemon
alike '--owner, --group: both' --owner who:1234 --group grp:5678
alike '--owner, --group: numbers' --owner 54321 --group 54321
alike '--numeric-owner' --numeric-owner
for mode in 644 0 7777 u+rwX,go-w a-x =rX go= +x u=rw,g+s,o-rwx a-w+t ug-x,o=; do
	alike "--mode $mode" "--mode=$mode"
done
for newer in 2025-01-01 @1580000000 ./t/exec; do
	tar -cf - --newer "$newer" t 2>/dev/null | tar -tf - | sort >want
	run ktar-pack --newer "$newer" t
	good "--newer $newer"
	tar -tf out | sort >got
	same want got "--newer $newer: as GNU tar"
done

# No time is behind that of the source.
run env SOURCE_DATE_EPOCH=1600000000 ktar-pack t
good SOURCE_DATE_EPOCH
list <out >got
tar -cf - --sort=name --mtime @1600000000 --clamp-mtime t | list >want
sort -k6 want >want.sorted
sort -k6 got >got.sorted
same want.sorted got.sorted 'SOURCE_DATE_EPOCH: as --clamp-mtime'
mv out first
touch t/exec
run env SOURCE_DATE_EPOCH=1600000000 ktar-pack t
same first out 'SOURCE_DATE_EPOCH: two runs give the same bytes'
touch -d '2030-01-01 00:00:00' t/exec
if have python3; then
	# a time before 1970 has whole seconds, see ktar-pack(1)
	for time in 1.25=1.25 -1.25=-2.0 -3=-3.0; do
		run ktar-pack --mtime "@${time%=*}" --format pax t/file
		[ "$(python3 -c 'import tarfile; print(float(tarfile.open("out").next().mtime))')" = "${time#*=}" ]
		ok $? "--mtime @${time%=*}"
	done
else
	skip 3 '--mtime with a fraction' 'no python3'
fi

# --dry-run says what -v says, and sends nothing.
ktar-pack -v t 2>want >/dev/null
run ktar-pack --dry-run t
status 0 --dry-run
same want err '--dry-run names the members'
[ ! -s out ]
ok $? '--dry-run sends nothing'
mkfifo t/fifo
run ktar-pack --dry-run t
status 1 '--dry-run: a FIFO'
grep -q 't/fifo: is a FIFO' err
ok $? '--dry-run: a FIFO is named'
run ktar-pack --dry-run none
[ "$rc" -eq 2 ] && [ ! -s out ]
ok $? '--dry-run: what is missing, and no poison'
rm t/fifo

# What is none.
for wrong in '--mtime yesterday' '--mtime @' '--mtime @1x' '--mtime 2001-13-01' \
	'--newer @-' '--mode 8' '--mode 17777' '--mode u' '--mode u+q' '--mode ,' \
	'--owner no-such-user' '--owner a:b' '--owner :1' '--owner 4294967295' \
	'--group no-such-group'; do
	# shellcheck disable=SC2086 # an option and its argument
	run ktar-pack $wrong t
	fails 2 "${wrong%% *} ${wrong#* }: not " "$wrong"
done
run ktar-pack --mtime ./none t
fails 2 '--mtime ./none: No such file'
for wrong in '' x -1 1.5; do
	run env SOURCE_DATE_EPOCH="$wrong" ktar-pack t
	fails 2 "SOURCE_DATE_EPOCH=$wrong: not seconds" "SOURCE_DATE_EPOCH=$wrong"
done
run ktar-pack --dry-run --manifest m t
fails 2 '--manifest: not with --dry-run'
finish
