#!/bin/sh
# ktar-pack -h: what symbolic links point to, as GNU tar has it; and an end to
# every loop.
. "$KPIPE_TESTS/lib.sh"

for peer in tar python3; do
	have "$peer" || skip_all "no $peer"
done

# follows NAME ARG...: the same tree as GNU tar -h makes, and nothing is said
follows() {
	follows_name=$1
	shift
	rm -rf ours theirs
	mkdir ours theirs
	tar -h -cf - "$@" 2>log | tar -C theirs -xf -
	run ktar-pack -h "$@"
	good "$follows_name"
	tar -C ours -xf out
	for side in ours theirs; do
		(cd $side && find . -type d -printf '%y %m %p\n' -o \
			-printf '%y %m %s %T@ %p\n') | LC_ALL=C sort >"$side.list"
	done
	same theirs.list ours.list "as GNU tar -h: $follows_name"
	diff -r --no-dereference ours theirs >log 2>&1
	ok $? "as GNU tar -h: $follows_name: content"
}

mkdir -p src/sub/deep else/where
echo one >src/file
echo two >src/sub/two
echo out >else/out
echo far >else/where/far
head -c 300000 /dev/urandom >else/large
ln -s file src/to-file
ln -s to-file src/to-link
ln -s sub src/to-dir
ln -s ../else src/to-else
ln -s "$PWD/else/large" src/absolute
ln -s ../../../else/where/far src/sub/deep/far
chmod 600 src/file
chmod 750 else/where
find src else -depth -exec touch -h -d '2001-02-03 04:05:06' {} +
sleep 1.1
follows 'links of all kinds' src
[ ! -L ours/src/to-else ] && [ -f ours/src/to-else/where/far ]
ok $? 'a link to a directory is walked'
follows 'an operand' src/to-file
follows 'an operand that is a directory' src/to-dir
follows 'patterns' --exclude far src
run ktar-pack src/to-dir
tar -tvf out >log
grep -q '^l.*src/to-dir -> sub$' log
ok $? 'without the option an operand stays a link'
run_sh 'find src -type l -print0 | ktar-pack -h -0 -T - | tar -tvf - | cut -c1'
LC_ALL=C sort -u out | tr -d '\n' >got
printf %s -d >want
same want got 'in a list: what they point to'
run_sh 'ktar-pack -h --manifest sums src | (cd ours && tar -xf -)'
good '--manifest'
check '--manifest: of what they point to' \
	sh -c 'cd ours && sha256sum --quiet -c ../sums && grep -q to-else/large ../sums'
for i in 1 2 3; do
	ktar-pack -h --shard $i/3 src | tar -tf - | grep -v '/$'
done | LC_ALL=C sort >got
ktar-pack -h src | tar -tf - | grep -v '/$' | LC_ALL=C sort >want
same want got '--shard: each file is in one part'
run ktar-pack -h --newer '2002-01-01' src
good --newer

# Hard links, by what is linked.
mkdir hard
echo content >hard/a
ln hard/a hard/b
ln -s a hard/c
ln -s b hard/d
ln -s c hard/e
run ktar-pack -h hard
good 'hard links'
mkdir into
tar -C into -xf out
[ "$(find into/hard -type f -links 5 | wc -l)" -eq 5 ]
ok $? 'links to a file with several names are more of them'
rm -r into

# What leads nowhere.
mkdir bad
echo a >bad/a
ln -s nowhere bad/dangling
ln -s self bad/self
ln -s a/b bad/through
: >bad/z
printf 'ktar-pack: bad/%s\n' 'dangling: No such file or directory' \
	'self: Too many levels of symbolic links' \
	'through: Not a directory' >want
run ktar-pack -h bad
status 1 'links that lead nowhere'
same want err 'links that lead nowhere are named'
tar -tf out | tr '\n' ' ' >got
printf 'bad/ bad/a bad/z ' >want
same want got 'and all else is there'
run ktar-pack -h bad/dangling
fails 2 'ktar-pack: bad/dangling: No such file or directory'
mkdir special
mkfifo special/fifo
ln -s fifo special/link
ln -s /dev/null special/null
printf 'ktar-pack: special/%s, left out\n' 'fifo: is a FIFO' \
	'link: is a FIFO' 'null: is a device' >want
run ktar-pack -h special
status 1 'links to special files'
same want err 'links to special files are named'

# Loops.
mkdir -p loop/a/b other
ln -s .. loop/a/b/up
ln -s . loop/here
ln -s ../loop other/again
ln -s ../../../other loop/a/b/other
printf 'ktar-pack: loop/%s: leads back to a directory above it\n' \
	a/b/other/again a/b/up here >want
run ktar-pack -h loop
status 1 'loops'
same want err 'each way that leads back is named'
tar -tf out | tr '\n' ' ' >got
printf 'loop/ loop/a/ loop/a/b/ loop/a/b/other/ ' >want
same want got 'and ends there'
printf 'ktar-pack: other/%s: leads back to a directory above it\n' \
	again/a/b/other again/a/b/up again/here | LC_ALL=C sort >want
run ktar-pack -h other
status 1 'loops from above'
LC_ALL=C sort err >got
same want got 'a loop that begins above'

# Far below a link, and back: the directory above it is not that of "..".
python3 - <<'PY'
import os
def down(top, levels):
    here = top
    for i in range(levels):
        here += '/d'
    os.makedirs(here)
    return here
os.symlink(os.path.abspath('second'), down('first', 40) + '/link')
os.symlink(os.path.abspath('third'), down('second', 60) + '/link')
open(down('third', 50) + '/end', 'w').close()
for top in ('first', 'second', 'third'):
    path = top
    while os.path.isdir(path):
        os.mkdir(path + '/z')
        open(path + '/z/' + top, 'w').close()
        path += '/d'
PY
follows 'links far below' first
# more of them than are followed
i=0
while [ $i -lt 30 ]; do
	mkdir chain$i
	ln -s "../chain$((i + 1))" chain$i/next
	: >chain$i/file
	i=$((i + 1))
done
mkdir chain30
run ktar-pack -h chain0
fails 1 'is behind too many links to directories'
[ "$(tar -tf out | grep -c file)" -eq 25 ]
ok $? 'and the others are there'


finish
