#!/bin/sh
# ktar-pack --shard: parts of trees in which a few files are most of it are no
# larger than they need to be, and what cannot be relied on is said.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/packfault.sh"

for peer in python3 tar; do
	have "$peer" || skip_all "no $peer"
done

# Trees by the sizes of their files.
cat >make.py <<'EOF'
import os, random
random.seed(5)
trees = {
    'equal': [100000] * 31,
    'one': [5000000] + [1000] * 200,
    'last': [1000] * 200 + [5000000],
    'powers': [1 << i for i in range(22)],
    'falling': [1 << i for i in range(22, 0, -1)],
    'few': [3000000, 3000001, 2999999, 3000000],
    'nothing': [0] * 50,
    'mixed': [int(random.paretovariate(0.7) * 500) % 4000000
              for _ in range(400)],
}
for name, sizes in trees.items():
    for i, size in enumerate(sizes):
        os.makedirs('%s/d%d' % (name, i % 7), exist_ok=True)
        with open('%s/d%d/f%03d' % (name, i % 7, i), 'wb') as f:
            f.truncate(size)
os.mkdir('links')
for i in range(60):
    os.makedirs('links/d%d' % (i % 9), exist_ok=True)
    with open('links/d%d/f%d' % (i % 9, i), 'wb') as f:
        f.truncate(i * 5000)
    for k in range(i % 4):
        os.makedirs('links/e%d' % ((i + k) % 5), exist_ok=True)
        os.link('links/d%d/f%d' % (i % 9, i),
                'links/e%d/l%d-%d' % ((i + k) % 5, i, k))
EOF
python3 make.py

# What is in a part, and how much: a header for each member, and whole blocks.
cat >parts.py <<'EOF'
import os, subprocess, sys, tarfile, io
tree, n = sys.argv[1], int(sys.argv[2])
def pack(*options):
    return subprocess.run(['ktar-pack', *options, tree],
                          stdout=subprocess.PIPE, check=True).stdout
def members(tar):
    return [m for m in tarfile.open(fileobj=io.BytesIO(tar)) if not m.isdir()]
def size(m):
    return 512 + (m.size + 511) // 512 * 512 if m.isreg() else 512
parts = [members(pack('--shard', '%d/%d' % (i + 1, n))) for i in range(n)]
whole = members(pack())
names = sorted(m.name for part in parts for m in part)
assert names == sorted(m.name for m in whole), 'not each file once'
loads = [sum(map(size, part)) for part in parts]
most = sum(map(size, whole)) / n + max(map(size, whole))
assert max(loads) <= most, (loads, most)
for part in parts:
    mine = {m.name for m in part}
    assert all(m.linkname in mine for m in part if m.islnk()), 'links apart'
EOF
for tree in equal one last powers falling few nothing mixed links; do
	for n in 1 2 3 8 40; do
		check "$tree in $n parts" python3 parts.py $tree $n
	done
done
run ktar-pack --sort none --shard 2/3 mixed
good '--sort none'
mv out part
run ktar-pack --sort none --shard 2/3 mixed
same part out '--sort none: two runs of a part give the same bytes'

# What is not packed is not counted.
mkdir old
for i in 1 2 3 4 5 6 7 8; do
	head -c 300000 /dev/zero >old/a$i
	touch -d 2001-01-01 old/a$i
	head -c 100000 /dev/zero >old/b$i
done
for i in 1 2; do
	ktar-pack --exclude 'a*' --shard $i/2 old | wc -c
done >got
printf '%s\n' 409600 409600 >want
same want got 'what is excluded is not counted'
truncate -s 3000000 old/b3
for i in 1 2; do
	ktar-pack --sparse --exclude 'a*' --shard $i/2 old |
		tar -tvf - | awk '/3000000/ { print $6 }'
done >got
echo old/b3 >want
same want got '--sparse: a file with holes is in one of them'

# More files with several names than are kept in mind.
python3 - <<'EOF'
import os
os.mkdir('table')
os.mkdir('table/z')
for i in range(100000):
    name = 'table/%06d' % i
    open(name, 'w').close()
    os.link(name, 'table/z/%06d' % i)
EOF
for i in 1 2; do
	ktar-pack -q --shard $i/2 table >part$i
	[ $? -le 1 ]
	ok $? "part $i of 100,000 pairs of hard links"
	tar -tf part$i | grep '[0-9]$' | sed 's,.*/,,' | sort | uniq -c |
		awk '$1 != 2' >odd
	[ ! -s odd ]
	ok $? "part $i: both names of each pair"
done
for i in 1 2; do tar -tf part$i; done | grep -c '[0-9]$' >got
echo 200000 >want
same want got 'and all are there'
rm -rf table part1 part2

# A tree that changes: what this part can see is said.
mkdir -p big/z
head -c 9000000 /dev/zero >big/a
echo z >big/z/z
for i in 1 2; do
	run ktar-pack --shard $i/2 big
	good
done
# meddle SCRIPT: the part with big/a, and SCRIPT when its stream has begun
meddle() {
	# behind a tick of the file system's clock, and more
	meddled "sleep 0.1; $1" ktar-pack --shard 1/2 big
}
meddle 'echo more >>big/z/z'
fails 1 'ktar-pack: big/z/z: changed after this part was begun, so the parts may not fit together'
meddle 'echo new >big/z/new; chmod 700 big/z/z'
fails 1 'ktar-pack: big/z: changed after this part was begun, so the parts may not fit together'

finish
