#!/bin/sh
# ktar-unpack: everything that honest tars write comes out exact.
. "$KPIPE_TESTS/lib.sh"
umask 022
LC_ALL=C
export LC_ALL

# a tree with what a file system can hold
mkdir -p 'src/sub dir/deep' src/empty src/ro
printf 'hello\n' >src/a
: >src/nothing
head -c 70000 /dev/urandom >src/odd
head -c 3000000 /dev/urandom >'src/sub dir/big'
printf 'x' >"src/$(printf 'caf\303\251')"
printf 'x' >"src/$(printf 'lat\351in')"
printf 'x' >"src/new
line"
printf 'x' >src/-dash
long=$(printf '%0200d' 0)
printf 'x' >"src/sub dir/deep/$long"
printf 'x' >"src/sub dir/deep/$(printf 'caf\303\251')$long"
printf 'x' >"src/sub dir/deep/$(printf 'lat\351in')$long"
ln src/a src/hard
ln src/a 'src/sub dir/hard too'
ln -s a src/sym
ln -s '../a' 'src/sub dir/up'
ln -s "deep/$long" 'src/sub dir/long'
ln -s nowhere src/dangling
ln src/sym src/hardsym 2>/dev/null
printf 'x' >src/ro/inside
printf 'x' >src/setuid
chmod 4755 src/setuid
chmod 600 src/odd
chmod 444 src/nothing
chmod 750 'src/sub dir'
touch -h -d '2001-02-03 04:05:06.123456789' src/a src/sym
touch -d '1965-01-01 00:00:00' src/odd
touch -d '2040-01-01 00:00:00' src/nothing
touch -d '2002-02-02 02:02:02.5' src/empty 'src/sub dir/deep'
chmod 555 src/ro
touch -d '2003-03-03 03:03:03' src/ro 'src/sub dir' src

# what is compared: names, types, modes, links, times to the second or better
listing() {
	(cd "$1" && find . -mindepth 1 -printf "%P %y %m %n %l $2\\n" |
		sort)
}

# unpacks ARCHIVE and compares with the tree; TIME is a find format, and modes
# lose the special bits, which come back with -p only
exact() {
	name=$1 archive=$2 times=$3
	mkdir out.d
	run ktar-unpack out.d <"$archive"
	good "$name"
	listing src "$times" | sed 's/ f 4755 / f 755 /' >want.l
	listing out.d/src "$times" >got.l
	same want.l got.l "$name: names, types, modes, links, times"
	diff -a want.l got.l | sed 's/^/# /' | head -n 6
	check "$name: contents" diff -r --no-dereference src out.d/src
	find out.d -name '.ktar-unpack-*' >left
	[ ! -s left ]
	ok $? "$name: nothing is left over"
	chmod -R u+rwx out.d
	rm -rf out.d
}

for format in gnu pax; do
	tar --format=$format -cf t.tar src
	exact "GNU tar, $format" t.tar "%TY%Tm%Td%TH%TM%.2TS"
done
tar --format=pax -cf t.tar src
mkdir out.d
run ktar-unpack out.d <t.tar
good 'pax times'
listing src '%T@' | grep -av setuid >want.l
listing out.d/src '%T@' | grep -av setuid >got.l
same want.l got.l 'pax: nanoseconds, of links and directories too'
chmod -R u+rwx out.d
rm -rf out.d

if have bsdtar; then
	for format in pax gnutar; do
		bsdtar --format $format -cf t.tar src 2>/dev/null
		# its gnutar writer turns times before 1970 into 0
		touch -d '1970-01-01 00:00:00 UTC' src/odd
		[ $format = gnutar ] || touch -d '1965-01-01 00:00:00' src/odd
		exact "bsdtar, $format" t.tar '%TY%Tm%Td%TH%TM'
	done
else
	skip 8 bsdtar 'bsdtar is not installed'
fi
touch -d '1985-01-01 00:00:00' src/odd
# neither Python nor busybox knows hard links to links
rm -f src/hardsym
touch -d '2003-03-03 03:03:03' src
if have python3; then
	for format in GNU_FORMAT PAX_FORMAT; do
		python3 -c "import tarfile as t, sys
f = t.open('t.tar', 'w', format=t.$format, errors='surrogateescape')
f.add('src')
f.close()"
		exact "Python, $format" t.tar '%TY%Tm%Td%TH%TM'
	done
else
	skip 8 Python 'python3 is not installed'
fi
if have busybox && busybox tar --help 2>&1 | grep -q -- -c; then
	busybox tar -cf t.tar src
	exact busybox t.tar '%TY%Tm%Td%TH%TM'
else
	skip 4 busybox 'busybox tar is not installed'
fi
run_sh 'mkdir o; ktar-pack src | ktar-unpack o'
good 'ktar-pack into ktar-unpack'
check 'ktar-pack: contents' diff -r --no-dereference src o/src
chmod -R u+rwx o src/ro
rm -rf o

# old formats hold short names only
mkdir -p s2/d
printf 'x' >s2/d/f
ln s2/d/f s2/d/g
ln -s d/f s2/l
for format in v7 ustar oldgnu; do
	tar --format=$format -cf t.tar s2
	mkdir o
	run ktar-unpack o <t.tar
	good "GNU tar, $format"
	listing s2 '%Ts' >want.l
	listing o/s2 '%Ts' >got.l
	same want.l got.l "GNU tar, $format: exact"
	rm -rf o
done

# sparse files in every kind
mkdir sp
printf 'start' >sp/hole
printf 'mid' | dd of=sp/hole bs=1 seek=3000000 conv=notrunc 2>/dev/null
truncate -s 9000000 sp/hole
truncate -s 5000000 sp/allhole
n=0
while [ $n -lt 40 ]; do
	printf 'data' | dd of=sp/many bs=1 seek=$((n * 200000)) conv=notrunc \
		2>/dev/null
	n=$((n + 1))
done
for how in gnu pax:0.0 pax:0.1 pax:1.0; do
	tar -S --format="${how%:*}" --sparse-version="${how#*:}" -cf t.tar sp \
		2>/dev/null || tar -S --format=gnu -cf t.tar sp
	mkdir o
	run ktar-unpack o <t.tar
	good "sparse, $how"
	check "sparse, $how: contents" diff -r sp o/sp
	[ "$(du -k o/sp/hole | cut -f 1)" -lt 4000 ]
	ok $? "sparse, $how: the holes are holes"
	rm -rf o
done

# members of other kinds of name
mkdir dot
(cd s2 && tar cf ../t.tar .)
run ktar-unpack dot <t.tar
good 'an archive of .'
check 'an archive of .: contents' diff -r --no-dereference s2 dot
: >none
tar cf t.tar -T none
run ktar-unpack dot <t.tar
good 'an archive without members'
tar -V label -cf t.tar s2
mkdir o
run ktar-unpack o <t.tar
good 'a volume label'
if have git; then
	(cd s2 && git init -q . && git add . && git -c user.name=x \
		-c user.email=x@y commit -qm x && git archive HEAD) >t.tar
	mkdir g
	run ktar-unpack g <t.tar
	good 'git archive, with its global header'
	check 'git archive: contents' cmp s2/d/f g/d/f
else
	skip 2 'git archive' 'git is not installed'
fi
rm -rf o s2/.git

# a path longer than PATH_MAX
if have python3; then
	python3 -c "import tarfile as t, io
f = t.open('t.tar', 'w', format=t.PAX_FORMAT)
i = t.TarInfo('/'.join(['d' * 200] * 40) + '/end')
i.size = 3
f.addfile(i, io.BytesIO(b'abc'))
f.close()"
	mkdir o
	run ktar-unpack o <t.tar
	good 'a path of 8000 bytes'
	find o -name end -size 3c >found
	[ "$(wc -l <found)" -eq 1 ]
	ok $? 'a path of 8000 bytes: is there'
	run ktar-unpack o <t.tar
	good 'a path of 8000 bytes, again'
	rm -rf o
fi

# umask and -p
mkdir o m
printf 'x' >m/f
chmod 6777 m/f
mkdir m/d
chmod 1777 m/d
tar cf t.tar m
run_sh 'umask 027; ktar-unpack o <t.tar'
good 'umask 027'
[ "$(stat -c %a o/m/f)" = 750 ] && [ "$(stat -c %a o/m/d)" = 750 ]
ok $? 'R13 modes go through the umask, special bits do not come'
run_sh 'umask 027; ktar-unpack -p o <t.tar'
good '-p'
[ "$(stat -c %a o/m/f)" = 6777 ] && [ "$(stat -c %a o/m/d)" = 1777 ]
ok $? '-p brings modes as they are'
run ktar-unpack --same-owner o <t.tar
good '--same-owner of our own files'

# duplicates: the later one wins, a hard link keeps what it has
if have python3; then
	python3 -c "import tarfile as t, io
f = t.open('t.tar', 'w')
def add(name, data=None, **k):
    i = t.TarInfo(name)
    for a in k: setattr(i, a, k[a])
    if data: i.size = len(data)
    f.addfile(i, io.BytesIO(data) if data else None)
add('f', b'one')
add('h', type=t.LNKTYPE, linkname='f')
add('f', b'two')
add('s', type=t.SYMTYPE, linkname='f')
add('s', type=t.SYMTYPE, linkname='h')
add('x', type=t.SYMTYPE, linkname='f')
add('x', b'file')
add('early', type=t.LNKTYPE, linkname='late')
add('late', b'late')
add('d/', type=t.DIRTYPE)
add('e', b'file')
add('e', type=t.DIRTYPE, mode=0o755)
add('e/in', b'in')
add('gone', type=t.DIRTYPE)
add('gone', b'file')
add('back', type=t.DIRTYPE)
add('back', b'file')
add('keeps the number from being given out again', b'file')
add('back', type=t.DIRTYPE, mode=0o700)
add('turned', type=t.DIRTYPE)
add('turned', type=t.SYMTYPE, linkname='f')
f.close()"
	mkdir dup
	run ktar-unpack dup <t.tar
	good 'duplicates'
	[ "$(cat dup/f dup/h dup/x dup/early dup/e/in)" = twoonefilelatein ]
	ok $? 'duplicates: the later one wins, hard links keep the old file'
	[ -f dup/gone ] && [ "$(stat -c %a dup/back)" = 700 ] &&
		[ "$(readlink dup/turned)" = f ]
	ok $? 'duplicates: directories give way too'
	[ "$(readlink dup/s)" = h ] && [ ! -L dup/x ]
	ok $? 'duplicates: links too'
fi

# directories that their owner cannot use: one that was there, one that is
# shut and comes again
if [ "$(id -u)" -eq 0 ]; then
	skip 2 'shut directories' 'root can use every directory'
elif ! have python3 || ! python3 -c "import ctypes, sys
c = ctypes.CDLL(None, use_errno=True)
c.syscall(452, -1, b'', 0, 0x1000)
sys.exit(ctypes.get_errno() != 9)"; then
	skip 2 'shut directories' 'this system has no fchmodat2'
else
	mkdir shut shut/there
	chmod 0 shut/there
	python3 -c "import tarfile as t
f = t.open('t.tar', 'w')
for name, mode in ('there', 0o750), ('d', 0), ('d/e', 0o700), ('d', 0o710):
    i = t.TarInfo(name)
    i.type, i.mode, i.mtime = t.DIRTYPE, mode, 1000000000
    f.addfile(i)
f.addfile(t.TarInfo('there/f'))
f.close()"
	run ktar-unpack shut <t.tar
	good 'shut directories'
	stat -c '%n %a %Y' shut/* >got
	printf 'shut/%s 1000000000\n' 'd 710' 'there 750' >want
	same want got 'shut directories: modes and times'
fi

# what exists
mkdir ex
printf 'old' >ex/f
printf 'elsewhere' >target
ln -s ../target ex/h
tar -C dup -cf t.tar f h
run ktar-unpack ex <t.tar
good 'existing names'
[ "$(cat ex/f ex/h target)" = twooneelsewhere ] && [ ! -L ex/h ]
ok $? 'existing files and links are replaced, not written through'
printf 'old' >ex/f
run ktar-unpack -k ex <t.tar
status 1 '-k: exit 1'
[ "$(cat err)" = 'ktar-unpack: f: exists, kept
ktar-unpack: h: exists, kept' ]
ok $? '-k names what is kept'
[ "$(cat ex/f)" = old ]
ok $? '-k keeps'
run ktar-unpack -kq ex <t.tar
status 1 '-q takes nothing from the status'
quiet '-q takes the warnings away'

# --prefix and --strip-components
mkdir -p p/a/b
printf 'x' >p/a/b/f
ln p/a/b/f p/a/b/g
tar cf t.tar p/a
mkdir o1
run ktar-unpack --prefix p/a o1 <t.tar
good '--prefix'
check '--prefix is taken off' diff -r p/a o1
mkdir o2
run ktar-unpack --prefix p/ab o2 <t.tar
fails 2 'p/a/: not beneath the prefix' 'R2 a prefix is compared by components'
[ -z "$(ls -A o2)" ]
ok $? 'R14 and nothing is written'
run ktar-unpack --strip-components 2 o2 <t.tar
good '--strip-components'
check '--strip-components strips' diff -r p/a o2

# -t, -v, limits
run ktar-unpack -t <t.tar
good '-t'
stdout_is 'p/a/
p/a/b/
p/a/b/f
p/a/b/g'
run ktar-unpack -v o <t.tar
status 0 -v
grep -qx 'ktar-unpack: p/a/b/f' err
ok $? '-v names members on stderr'
run ktar-unpack --max-files 3 o <t.tar
fails 2 'p/a/b/g: more members than --max-files'
run ktar-unpack --max-depth 3 o <t.tar
fails 2 'p/a/b/f: deeper than --max-depth'
run ktar-unpack --max-bytes 0 o <t.tar
fails 2 'p/a/b/f: more data than --max-bytes'

# the command line
run ktar-unpack --help
good --help
run ktar-unpack --version
stdout_is "ktar-unpack $(cat "$KPIPE_TESTS/../VERSION")"
run ktar-unpack --frobnicate
fails 2 '--frobnicate: unknown option'
run ktar-unpack o p
fails 2 'p: only one directory'
run ktar-unpack -t o
fails 2 'o: -t makes nothing in a directory'
run ktar-unpack --links some o
fails 2 '--links: some: not inside, all or none'
run ktar-unpack missing <t.tar
stderr_is 'ktar-unpack: missing: No such file or directory'
run ktar-unpack target <t.tar
fails 2 'target: Not a directory'
run_sh 'ktar-unpack -t <t.tar >/dev/full'
fails 2 'stdout: No space left on device'
run ktar-unpack o </
stderr_is 'ktar-unpack: stdin: Is a directory'
run_sh 'ktar-unpack o <&-'
fails 2 'stdin' 'a closed stdin'
if have python3; then
	run_sh 'mkdir w; { head -c 700 t.tar; sleep 1; tail -c +701 t.tar; } |
python3 -c "
import os
os.set_blocking(0, False)
os.execvp(\"ktar-unpack\", [\"ktar-unpack\", \"w\"])"'
	good 'a stdin that does not block'
	check 'a stdin that does not block: contents' diff -r p w/p
else
	skip 2 'a stdin that does not block' 'python3 is not installed'
fi
if have mandoc; then
	run mandoc -Tlint -W warning "$KPIPE_TESTS/../man/ktar-unpack.1"
	good 'the man page'
else
	skip 1 'the man page' 'mandoc is not installed'
fi

# the kernel without openat2, and one that forbids it
run "$KPIPE_BUILD/tests/without" openat2 ENOSYS "$KPIPE_BUILD/tests/tree"
good 'directories beneath a root, without openat2'
mkdir long src2
cp -R src/. src2
chmod -R u+rwx src2
rm -rf src2/ro
tar cf t.tar src2
for how in ENOSYS EPERM; do
	mkdir o3
	run "$KPIPE_BUILD/tests/without" openat2 $how ktar-unpack o3 <t.tar
	good "without openat2 ($how)"
	check "without openat2 ($how): contents" \
		diff -r --no-dereference src2 o3/src2
	rm -rf o3/src2/empty
	ln -s ../long o3/src2/empty
	printf 'x' >f
	rm -rf s3
	mkdir -p s3/src2/empty
	printf 'x' >s3/src2/empty/f
	tar -C s3 -cf l.tar src2/empty/f
	run "$KPIPE_BUILD/tests/without" openat2 $how ktar-unpack o3 <l.tar
	fails 1 'src2/empty/f: refused: a link or a file is in the way' \
		"R1 without openat2 ($how): no link is followed"
	[ -z "$(ls -A long)" ]
	ok $? "R1 without openat2 ($how): nothing outside"
	rm -rf o3
done

# the kernel before it could set the mode of a directory that is not opened
mkdir o3
tar cf t.tar src
listing src '%Ts' >want.l
run "$KPIPE_BUILD/tests/without" fchmodat2 ENOSYS ktar-unpack -p o3 <t.tar
listing o3/src '%Ts' >got.l
same want.l got.l 'without fchmodat2: modes and times'
finish
