#!/bin/sh
# ktar-pack on trees that are deep, wide or large: all of it, in little memory.
. "$KPIPE_TESTS/lib.sh"

have python3 || skip_all 'no python3'
have tar || skip_all 'no tar'
timer=/usr/bin/time

# fewer descriptors than levels; every sh there is has it
# shellcheck disable=SC3045
ulimit -n 200

# pack NAME PATH: packs PATH through a pipe into ./tar, all well, and in less
# than 16 MiB resident
pack() {
	if [ -n "${KPIPE_SAN-}" ] || [ ! -x $timer ]; then
		run_sh "ktar-pack '$2' | cat >tar"
		good "$1"
		skip 1 "$1: memory" 'a sanitizer, or no /usr/bin/time'
		return
	fi
	run_sh "$timer -o peak -f %M ktar-pack '$2' | cat >tar"
	good "$1"
	peak=$(tail -n 1 peak)
	[ "$peak" -lt 16384 ]
	ok $? "$1: $peak KiB resident, under 16384"
}

# 3,000 directories in each other, far beyond PATH_MAX.
python3 - <<'EOF'
import os
fd = os.open('.', os.O_RDONLY)
for i in range(3000):
    os.mkdir('level%06d' % i, dir_fd=fd)
    below = os.open('level%06d' % i, os.O_RDONLY, dir_fd=fd)
    os.close(fd)
    fd = below
    if i % 500 == 0:
        # what comes after the way down is found on the way up
        os.mkdir('z', dir_fd=fd)
        os.close(os.open('z/file', os.O_CREAT | os.O_WRONLY, dir_fd=fd))
os.close(os.open('end', os.O_CREAT | os.O_WRONLY, dir_fd=fd))
EOF
pack '3,000 levels' level000000
tar -tf tar >names 2>err
[ "$(wc -l <names)" -eq 3013 ] && [ ! -s err ]
ok $? '3,000 levels: every member is there'
[ "$(grep -c '/z/file$' names)" -eq 6 ]
ok $? '3,000 levels: what is met on the way up is there'
[ "$(sed -n '/end$/p' names | wc -c)" -eq 36004 ]
ok $? '3,000 levels: the longest name is whole'
tar -tf tar | tail -n 1 >got
echo level000000/z/file >want
same want got '3,000 levels: the way up ends at the top'
rm -rf level000000

# Lists of names that do not fit in memory at once: files and directories.
python3 - <<'EOF'
import os
os.mkdir('wide')
tail = 'n' * 200
for i in range(12000):
    os.close(os.open('wide/%05d%s' % (i * 7919 % 12000, tail),
                     os.O_CREAT | os.O_WRONLY))
for i in range(4000):
    os.mkdir('wide/d%05d%s' % (i * 7919 % 4000, tail))
    if i % 100 == 0:
        open('wide/d%05d%s/x' % (i * 7919 % 4000, tail), 'w').close()
EOF
pack '16,000 long names' wide
tar -tf tar >got
{
	echo wide/
	find wide -mindepth 1 -maxdepth 1 -type f | LC_ALL=C sort
	find wide -mindepth 1 \( -type d -printf '%p/\n' -o -path '*/x' -print \) |
		LC_ALL=C sort
} >want
same want got '16,000 long names: all there, in order'
rm -rf wide

# Hard links, more than the table holds.
python3 - <<'EOF'
import os
os.mkdir('links')
os.mkdir('links/again')
for i in range(13000):
    name = '%05d' % i + 'n' * 200
    with open('links/' + name, 'w') as f:
        f.write(name)
    os.link('links/' + name, 'links/again/' + name)
EOF
if [ -x $timer ] && [ -z "${KPIPE_SAN-}" ]; then
	run_sh "$timer -q -o peak -f %M ktar-pack links >tar"
	peak=$(tail -n 1 peak)
	[ "$peak" -lt 16384 ]
	ok $? "13,000 pairs of hard links: $peak KiB resident, under 16384"
else
	run ktar-pack links
	mv out tar
	skip 1 '13,000 pairs: memory' 'a sanitizer, or no /usr/bin/time'
fi
fails 1 'too many hard links to keep in mind' 'the table is full'
mkdir into
tar -C into -xf tar 2>log
ok $? 'more hard links than the table holds: GNU tar reads it'
diff -r links into/links >log 2>&1
ok $? 'and every file has its content'
one=$(find into -type f -links 1 | wc -l)
two=$(find into -type f -links 2 | wc -l)
[ "$two" -gt 10000 ] && [ $((one + two)) -eq 26000 ]
ok $? "most are links still ($two of 26000 names)"
rm -rf links into tar

# A gigabyte of nothing.
truncate -s 1G sparse
rm -f tar
mkfifo tar
cat tar >/dev/null &
pack '1 GiB' sparse
wait

finish
