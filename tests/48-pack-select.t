#!/bin/sh
# ktar-pack: what is packed and what is left out, as GNU tar has it where it has
# the option; and the parts of a tree.
. "$KPIPE_TESTS/lib.sh"

for peer in python3 tar; do
	have "$peer" || skip_all "no $peer"
done

# selects NAME OPTION... PATH: the same members as GNU tar's, in any order
selects() {
	selects_name=$1
	shift
	tar -cf - "$@" 2>/dev/null | tar -tf - | sort >want
	run ktar-pack "$@"
	good "$selects_name"
	tar -tf out | sort >got
	same want got "as GNU tar: $selects_name"
}

# Patterns by the hundred, of pieces that mean something, against names of the
# same pieces.
mkdir ex
(
	cd ex || exit 1
	for one in a ab .b b.o '[a]' 'a*'; do
		mkdir -p "$one"
		for two in a b.o .ab '?' 'x y'; do
			mkdir "$one/$two"
			: >"$one/$two/ab"
			: >"$one/$two/c"
		done
	done
)
cat >differ.py <<'PY'
import random, subprocess
random.seed(7)
pieces = ['a', 'b', 'ab', '.b', '.o', '*', '*', '?', '/', '/', '[ab]', '[!a]',
          '[', '\\*', '\\', 'c', '[[:alpha:]]', 'ex', '{a}', ' ']
bad = 0
for i in range(150):
    patterns = [''.join(random.choice(pieces)
                        for _ in range(random.randint(1, 5)))
                for _ in range(random.randint(1, 3))]
    with open('patterns', 'w') as f:
        # white space at the end of a line is no part of a pattern
        f.write('\n'.join(p + random.choice(['', ' ', '\t\r', '\n\n'])
                          for p in patterns))
        f.write(random.choice(['', '\n']))
    members = []
    for options in (['-X', 'patterns'],
                    [w for p in patterns for w in ('--exclude', p)]):
        for tool in (['tar', '-cf', '-'], ['ktar-pack']):
            tar = subprocess.run(tool + options + ['ex'],
                                 capture_output=True).stdout
            members.append(sorted(subprocess.run(
                ['tar', '-tf', '-'], input=tar,
                capture_output=True).stdout.splitlines()))
    if members[0] != members[1] or members[2] != members[3]:
        bad += 1
        print(patterns)
print(bad, 'of 150 differ')
PY
run python3 differ.py
stdout_is '0 of 150 differ' '150 lists of patterns, by -X and by --exclude'
printf 'c\n' >patterns
run_sh 'ktar-pack -X - ex <patterns | tar -tf - | grep -c /c$'
stdout_is 0 'patterns on stdin'
run ktar-pack -X nowhere ex
fails 2 'ktar-pack: nowhere: No such file or directory'
printf 'c\0d\n' >patterns
run ktar-pack -X patterns ex
fails 2 'ktar-pack: patterns: holds a NUL'

# What version control systems keep, and caches.
mkdir vcs
(
	cd vcs || exit 1
	for name in CVS RCS SCCS .git .svn .arch-ids '{arch}' .bzr .hg _darcs; do
		mkdir -p "$name/in" "in/$name" "$name.x"
		: >"$name/in/x"
	done
	for name in .cvsignore .gitignore .gitmodules .gitattributes \
		=RELEASE-ID =meta-update =update .bzrignore .bzrtags \
		.hgignore .hgtags plain .github; do
		: >"$name"
	done
)
selects --exclude-vcs --exclude-vcs vcs
sign='Signature: 8a477f597d28d172789f06886806bc55'
mkdir -p ca/yes/sub ca/more/deep ca/wrong ca/short ca/link
echo "$sign" >ca/yes/CACHEDIR.TAG
printf '%s and more' "$sign" >ca/more/CACHEDIR.TAG
echo "x$sign" >ca/wrong/CACHEDIR.TAG
echo Signature: >ca/short/CACHEDIR.TAG
for dir in yes yes/sub more more/deep wrong short; do
	: >ca/$dir/x
done
selects --exclude-caches --exclude-caches ca
selects '--exclude-caches at the top' --exclude-caches ca/yes
selects 'caches without the option' ca
mkfifo ca/link/CACHEDIR.TAG
run ktar-pack --exclude-caches ca/link
fails 1 'is a FIFO, left out' 'a tag that is a FIFO is not waited for'

# Other file systems.
mkdir -p fs/mnt fs/d
: >fs/d/x
cat >mounts.sh <<'EOS'
mount -t tmpfs none fs/mnt && mkdir fs/mnt/d && : >fs/mnt/f || exit 9
mkdir fs/loop && mount --bind fs fs/loop || exit 9
ktar-pack --one-file-system fs >ours.tar
echo $? >code
tar --one-file-system -cf gnu.tar fs
ktar-pack fs >all.tar
EOS
if [ "$(id -u)" -eq 0 ] && have unshare &&
	unshare -m sh mounts.sh >log 2>&1; then
	tar -tf gnu.tar | sort >want
	tar -tf ours.tar | sort >got
	same want got 'as GNU tar: --one-file-system'
	grep -qx fs/mnt/ got && ! grep -q fs/mnt/f got
	ok $? 'the place of another file system is packed, empty'
	tar -tf all.tar | grep -qx fs/mnt/f
	ok $? 'and without the option its files are there'
	[ "$(tar -tf all.tar | grep -c /d/x)" -eq 2 ]
	ok $? 'a mount of a tree in itself ends'
else
	skip 4 'other file systems' 'no mounts here'
fi

# Parts.
cat >mk.py <<'PY'
import os, random
random.seed(3)
for d in range(20):
    os.makedirs('tree/d%02d' % d)
for d in range(20):
    for i in range(150):
        with open('tree/d%02d/f%03d' % (d, i), 'wb') as f:
            f.truncate(random.randint(0, 40000))
    for i in range(5):
        os.link('tree/d%02d/f%03d' % (d, i), 'tree/d%02d/g%03d' % (d, i))
        os.link('tree/d%02d/f%03d' % (d, i),
                'tree/d%02d/h%03d' % ((d + 7) % 20, i) + str(d))
    os.symlink('f000', 'tree/d%02d/link' % d)
PY
python3 mk.py
find tree -depth -type d -exec touch -d '2001-02-03 04:05:06' {} +
tar -cf - tree | tar -tf - | sort >want
mkdir into parts
for n in 1 4 7; do
	: >files
	rm -rf parts into
	mkdir parts into
	sum=$(du -sb --apparent-size tree | cut -f1)
	balanced=0
	linked=0
	i=1
	while [ "$i" -le "$n" ]; do
		ktar-pack --shard "$i/$n" tree >parts/$i 2>>log.err
		tar -tf parts/$i | grep -v '/$' >>files
		tar -tf parts/$i | grep '/$' | sort >dirs
		grep '/$' want | cmp -s - dirs || linked=1
		tar -C into -xf parts/$i || linked=1
		size=$(wc -c <parts/$i)
		[ $((size * n * 10)) -gt $((sum * 8)) ] &&
			[ $((size * n * 10)) -lt $((sum * 13)) ] || balanced=1
		i=$((i + 1))
	done
	sort files >got
	grep -v '/$' want | cmp - got >/dev/null
	ok $? "$n parts: each file is in one of them, and in no other"
	ok $linked "$n parts: each has all directories, and can be read alone"
	ok $balanced "$n parts: of much the same size"
	diff -r tree into/tree >log 2>&1
	ok $? "$n parts: together they are the tree"
	find tree -printf '%p %m %Ts\n' | sort >was
	(cd into && find tree -printf '%p %m %Ts\n') | sort >is
	grep -c . was >log && [ "$(cat log)" -gt 3000 ] && cmp -s was is
	ok $? "$n parts: with all times, those of directories as well"
	[ "$(find into -type f -links 3 | wc -l)" -eq 300 ]
	ok $? "$n parts: hard links are together"
done
[ ! -s log.err ]
ok $? 'and nothing is said'
run ktar-pack --shard 2/4 tree
cp out one
run ktar-pack --shard 2/4 tree
same one out 'two runs of a part give the same bytes'
for wrong in 0/4 5/4 4 4/ /4 1/1025 1/2x -1/2 ' 1/2' 1/00002; do
	run ktar-pack --shard "$wrong" tree
	fails 2 "ktar-pack: --shard $wrong: not I/N with I from 1 to N and N up to 1024 (see --help)"
done

# Order.
run ktar-pack --sort none tree
good '--sort none'
tar -tf out | sort >got
same want got '--sort none: the same members'
run ktar-pack --sort name tree
cp out one
run ktar-pack tree
same one out '--sort name is the default'
run ktar-pack --sort size tree
fails 2 'ktar-pack: --sort size: not name or none (see --help)'

finish
