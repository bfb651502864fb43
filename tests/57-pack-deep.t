#!/bin/sh
# ktar-pack on a tree of 10,000 levels: all of it, with few descriptors and in
# little memory; and ktar-unpack on 1,000.
. "$KPIPE_TESTS/lib.sh"

for peer in python3 tar; do
	have "$peer" || skip_all "no $peer"
done
timer=/usr/bin/time

# grow LEVELS: directories d in each other, with more in every 500th; prints the
# members in the order of the stream
cat >grow.py <<'PY'
import os, sys
levels = int(sys.argv[1])
fd = os.open('.', os.O_RDONLY)
names, up = [], []
for i in range(levels):
    os.mkdir('d', dir_fd=fd)
    below = os.open('d', os.O_RDONLY, dir_fd=fd)
    os.close(fd)
    fd = below
    path = '/'.join(['d'] * (i + 1))
    names.append(path + '/')
    if i % 500 == 499:
        # large enough to be kept open while the pipe has it
        for leaf in ('f', 'g'):
            with os.fdopen(os.open(leaf, os.O_CREAT | os.O_WRONLY,
                                   dir_fd=fd), 'wb') as f:
                f.write(str(i).encode() * 20000)
            names.append(path + '/' + leaf)
        # one is met on the way down, one on the way up
        for leaf in ('c', 'z'):
            os.mkdir(leaf, dir_fd=fd)
            os.close(os.open(leaf + '/x', os.O_CREAT | os.O_WRONLY,
                             dir_fd=fd))
        names += [path + '/c/', path + '/c/x']
        up[:0] = [path + '/z/', path + '/z/x']
print('\n'.join(names + up))
PY
# the same in both, at each level
cat >compare.py <<'PY'
import os, sys
a, b = (os.open(d, os.O_RDONLY) for d in sys.argv[1:])
levels = 0

def same(x, y):
    s, t = os.stat(x), os.stat(y)
    assert (s.st_mode, int(s.st_mtime)) == (t.st_mode, int(t.st_mtime))

while True:
    assert sorted(os.listdir(a)) == sorted(os.listdir(b))
    if levels:
        same(a, b)
    for leaf in os.listdir(a):
        x, y = (os.open(leaf, os.O_RDONLY, dir_fd=d) for d in (a, b))
        same(x, y)
        if leaf in 'fg':
            assert os.read(x, 1 << 20) == os.read(y, 1 << 20)
        elif leaf != 'd':
            assert os.listdir(x) == os.listdir(y)
        os.close(x)
        os.close(y)
    if 'd' not in os.listdir(a):
        break
    levels += 1
    x, y = (os.open('d', os.O_RDONLY, dir_fd=d) for d in (a, b))
    os.close(a)
    os.close(b)
    a, b = x, y
print(levels)
PY

mkdir deep less into
(cd deep && python3 ../grow.py 10000) >want
# every sh there is has it
# shellcheck disable=SC3045
few='ulimit -n 64; '
if [ -n "${KPIPE_SAN-}" ] || [ ! -x $timer ]; then
	run_sh "$few cd deep; ktar-pack d | cat >../tar"
	good '10,000 levels, 64 descriptors'
	skip 1 '10,000 levels: memory' 'a sanitizer, or no /usr/bin/time'
else
	run_sh "$few cd deep; $timer -o ../peak -f %M ktar-pack d | cat >../tar"
	good '10,000 levels, 64 descriptors'
	peak=$(tail -n 1 peak)
	[ "$peak" -lt 8192 ]
	ok $? "10,000 levels: $peak KiB resident, under 8192"
fi
tar -tf tar >got 2>err
same want got '10,000 levels: every member, in order'
rm -f tar want got

(cd less && python3 ../grow.py 1000) >want
run_sh "cd less; $few ktar-pack d | ktar-unpack --max-depth 2000 ../into"
good '1,000 levels: unpacked, with 64 descriptors'
run python3 compare.py less into
stdout_is 1000 '1,000 levels: equal, with modes and times'

# one of them is moved away while it is packed
mkdir aside
mkfifo pipe
(
	cd less || exit 1
	rc=0
	ktar-pack d >../pipe 2>../err || rc=$?
	echo $rc >../code
) &
exec 3<pipe
head -c 600 <&3 >out
mv less/d/d/d/d aside
cat <&3 >>out
exec 3<&-
wait
rc=$(cat code)
last='a directory that is moved away'
fails 2 'was moved while it was packed'
tar -tf out >log 2>&1
[ $? -eq 2 ]
ok $? 'a directory that is moved away: tar fails'

finish
