#!/bin/sh
# ktar-pack: every reader makes the same tree of its streams, and GNU tar would
# have written the same bytes.
. "$KPIPE_TESTS/lib.sh"

for peer in python3 tar bsdtar busybox; do
	have "$peer" || skip_all "no $peer"
done

# repeat N CHAR: CHAR N times
repeat() {
	head -c "$1" /dev/zero | tr '\0' "$2"
}

# The tree: everything that people have, and what they should not have.
mkdir -p src/sub/deeper src/empty 'src/sp ace' src/-dash src/zz src/a.b
echo content >src/file
: >src/nothing
echo same >src/sub/one
ln src/sub/one src/sub/two
ln src/sub/one src/zz/three
ln -s file src/link
ln -s /nonexistent/target src/sub/dangling
ln -s .. src/sub/deeper/up
head -c 512 /dev/zero | tr '\0' 5 >src/block
head -c 65536 /dev/zero | tr '\0' 6 >src/64k
head -c 65537 /dev/zero | tr '\0' 7 >src/64k1
head -c 3000001 /dev/urandom >src/large
truncate -s 2M src/sparse
echo x >"src/new
line"
echo x >'src/[a]*?:\x'
echo x >src/-dash/--help
printf 'x' >"src/$(printf 'utf8-\303\251')"
printf 'x' >"src/$(printf 'bad-\377\376')"
printf 'x' >"src/$(printf 'esc-\033[31m')"
for n in 95 96 97 98 99 100 101 154 155 156 251 255; do
	name=$(repeat "$n" n)
	echo "$n" >"src/$name"
	ln -s "$name" "src/zz/link-$n"
done
for n in 99 100 101 256 4000; do
	ln -s "$(repeat "$n" t)" "src/zz/to-$n"
done
long=src/$(repeat 200 p)/$(repeat 200 q)
mkdir -p "$long"
echo deep >"$long/file"
ln "$long/file" src/zz/to-long
chmod 600 src/file
chmod 4755 src/block
chmod 2711 src/sub
chmod 1777 src/empty
chmod 400 src/nothing
# times are set last, from the leaves up: after the epoch, before it, far
touch -d @-1 src/64k
touch -d '1901-12-14' src/64k1
touch -d '2200-01-01' src/large
find src -depth -type d -exec touch -d '2001-02-03 04:05:06' {} +
touch -d '1969-07-20' src/empty

want=want.tree
mkdir all
mv src all
python3 "$KPIPE_TESTS/treesum.py" all >$want
mv all/src .

run_sh 'ktar-pack src >one.tar'
good 'a tree is packed'
run_sh 'ktar-pack src >two.tar'
good 'and once more'
same one.tar two.tar 'two runs give the same bytes'
size=$(wc -c <one.tar)
[ $((size % 10240)) -eq 0 ]
ok $? 'the stream is a whole number of records'

run_sh 'ktar-pack --format pax src >pax.tar'
good 'a tree is packed in pax format'
run_sh 'ktar-pack --format gnu src >two.tar'
same one.tar two.tar '--format gnu is the default'

# reads NAME COMMAND [FILTER [TAR]]: what comes out of TAR is what went in
reads() {
	mkdir into
	run_sh "cd into && $2 <../${4-one.tar}"
	good "$1 reads it"
	python3 "$KPIPE_TESTS/treesum.py" into | sed "${3-}" >got.tree
	sed "${3-}" $want | diff - got.tree >tree.diff
	ok $? "$1: the same tree"
	head -n 10 tree.diff | cut -c1-300 | sed 's/^/# /'
	chmod -R u+rwx into
	rm -rf into got.tree tree.diff
}
reads 'GNU tar' 'tar --warning=no-timestamp -xpf -'
reads bsdtar 'bsdtar -xpf -'
# busybox sets a directory's time before it fills the directory, and for
# ordinary users it takes modes through the umask
skip_this='s/^\(04[0-7]*\) [-0-9]*/\1/'
[ "$(id -u)" -eq 0 ] || skip_this="$skip_this;s/^\\([01].\\)[0-7]*/\\1/"
reads busybox 'busybox tar -xpf -' "$skip_this"
reads python "python3 -c '
import sys, tarfile
t = tarfile.open(fileobj=sys.stdin.buffer, mode=\"r|\")
t.extraction_filter = lambda member, path: member
t.extractall()'"
# of names that are not UTF-8 GNU tar says that it does not know hdrcharset
reads 'GNU tar, pax' 'tar --warning=no-timestamp --warning=no-unknown-keyword -xpf -' '' pax.tar
# names of pax are UTF-8, and bsdtar cannot have them in the C locale
reads 'bsdtar, pax' 'LC_ALL=C.UTF-8 bsdtar -xpf -' '' pax.tar
reads 'python, pax' "python3 -c '
import sys, tarfile
t = tarfile.open(fileobj=sys.stdin.buffer, mode=\"r|\")
t.extraction_filter = lambda member, path: member
t.extractall()'" '' pax.tar
mkdir ns into
touch -d '2020-01-01 00:00:00.123456789Z' ns/after
touch -d '1950-01-01 00:00:00.5Z' ns/before
for reader in tar bsdtar; do
	ktar-pack --format pax -C ns . | $reader -C into -xf - 2>/dev/null
	stat -c '%.9Y %n' into/after into/before >out
	cat >want <<-'EOF'
	1577836800.123456789 into/after
	-631152000.000000000 into/before
	EOF
	same want out "$reader, pax: nanoseconds"
done
rm -r ns into

# GNU tar lists a directory's entries in one order, so compare flat lists.
# bytes NAME PATH...: GNU tar writes the same stream for these members; in
# format, and of what ustar cannot hold both write nothing
format=gnu
bytes() {
	bytes_name=$1
	shift
	tar --format=$format --no-recursion -cf gnu.tar -- "$@" 2>err
	ktar-pack --format $format -- "$@" >ours.tar 2>err
	same gnu.tar ours.tar "as GNU tar, byte by byte: $bytes_name"
}
cd src || exit 1
bytes 'plain files' file nothing block 64k 64k1 large sparse
bytes 'links, long names, long targets' n* zz/* sub/dangling link
bytes 'an empty directory' empty
bytes 'the deepest file' p*/q*/file
format=ustar
bytes 'ustar, plain files' file nothing block large
bytes 'ustar, links' sub/dangling zz/link-99
ustar=$(repeat 150 u)/$(repeat 5 v)
mkdir -p "$ustar"
: >"$ustar/f"
: >"${ustar%/*}/$(repeat 100 w)"
bytes 'ustar, names in two parts' u*/v*/f u*/w*
printf '%s\n' file "$(repeat 101 n)" nothing >list
: >"$(repeat 101 n)"
ktar-pack --format ustar -T list >ours.tar 2>err
rc=$?
last='a name that is too long for ustar'
fails 1 'n: name too long for ustar'
[ "$(tar -tf ours.tar | tr '\n' ' ')" = 'file nothing ' ]
ok $? 'and the rest is there'
run ktar-pack --format ustar "$(repeat 101 n)"
fails 2 'n: name too long for ustar' 'a path that is too long for ustar'
touch -d @-5 t15
run ktar-pack --format ustar t15
fails 2 't15: time outside what ustar can hold'
rm -r "${ustar%/*}" list t15
format=gnu
touch -d @8589934591 t33
touch -d @8589934592 t34
touch -d '1500-01-01' t15
bytes 'times at the limits' t33 t34 t15
rm t33 t34 t15
if [ "$(id -u)" -eq 0 ]; then
	: >u1
	chown 2097151:2097152 u1
	: >u2
	chown 4294967294:0 u2
	bytes 'owners at the limits' u1 u2
	rm u1 u2
else
	skip 1 'owners at the limits' 'not root'
fi
# 8 GiB: only the header is looked at
truncate -s 8589934591 huge
ktar-pack huge | head -c 512 >ours
tar --format=gnu -cf - huge 2>/dev/null | head -c 512 >gnu
same ours gnu 'the largest size in octal'
truncate -s 8589934592 huge
ktar-pack huge | head -c 512 >ours
tar --format=gnu -cf - huge 2>/dev/null | head -c 512 >gnu
same ours gnu 'the smallest size in base-256'
touch -d @0 huge
ktar-pack --format pax file huge | head -c 8192 >ours
bsdtar -tvf ours 2>/dev/null | awk '{ print $5, $NF }' >gnu
printf '8 file\n8589934592 huge\n' >want
same want gnu 'the size of a huge file in pax format'
rm -f want huge ours gnu ours.tar gnu.tar err out
cd .. || exit 1

# Order: a directory, its files, then its directories one after the other.
mkdir -p order/b/y order/a order/c
: >order/z
: >order/b/f
: >order/b/y/g
: >order/a/h
: >order/M
ktar-pack order | tar -tf - >out
cat >want <<'EOF'
order/
order/M
order/z
order/a/
order/a/h
order/b/
order/b/f
order/b/y/
order/b/y/g
order/c/
EOF
same want out 'the order of members'

# Names of operands.
# named NAMES COMMAND...: the members, in one line
named() {
	named_want=$1
	shift
	run "$@"
	tar -tf - <out 2>/dev/null | tr '\n' ' ' >names
	[ "$rc" -eq 0 ] && [ ! -s err ] &&
		[ "$(cat names)" = "${named_want:+$named_want }" ]
	ok $? "members of $*: $named_want"
}
here=$(pwd)
named 'order/a/ order/a/h' ktar-pack order/a
named 'order/a/ order/a/h' ktar-pack ./order//./a///
named 'a/ a/h' ktar-pack -C order a
named 'h' ktar-pack -C order -C a h
named 'h' ktar-pack -C order/a .
named 'a/ a/h' ktar-pack order/b/../a
named "${here#/}/order/a/ ${here#/}/order/a/h" ktar-pack "$here/order/a"
named 'x/y/ x/y/h' ktar-pack --as x/y order/a
named 'x/ x/h' ktar-pack --as ./x/ -C order a
named 'h' ktar-pack --as . order/a
named 'f y/ y/g' ktar-pack order/b/y/..
named '' ktar-pack -C order/c .
named 'order/c/' ktar-pack order/c/.
named 'x' ktar-pack --as x order/M
ln -s order/a way
named 'way' ktar-pack way
named 'way/ way/h' ktar-pack way/
named 'way/h' ktar-pack way/h
: >./-q
named '-q' ktar-pack -- -q
named 'order/M -q' ktar-pack order/M -q

# exclude and lists
mkdir -p ex/a/dir ex/b/dir ex/.git
: >ex/a/foo.o
: >ex/b/foo
: >ex/.git/x
: >ex/a/dir/y
for pattern in '*.o' foo a/dir ex/a dir/ '*/dir/y' .git /foo ex '?' 'e*y' \
	'[xy]' 'ex/*/foo' '\f\o\o'; do
	tar -cf - --exclude "$pattern" ex 2>/dev/null | tar -tf - | sort >want
	ktar-pack --exclude "$pattern" ex 2>err | tar -tf - 2>/dev/null | sort >out
	same want out "as GNU tar: --exclude $pattern"
done
find ex src -print0 | sort -z >list
run_sh 'ktar-pack -0 -T list >ours.tar'
good 'a list with NULs'
tar --format=gnu --no-recursion --null -T list -cf gnu.tar 2>/dev/null
same gnu.tar ours.tar 'as GNU tar, byte by byte: a list with NULs'
run_sh 'find ex | ktar-pack -T - | tar -tf - | sort >got; find ex -type d -exec echo {}/ \; -o -print | sort >want'
good 'a list with newlines on stdin'
same want got 'and all that find found is there'
run_sh 'printf "order/M\nnever\n\nway\n" | ktar-pack -T - order/z >ours.tar'
fails 1 'ktar-pack: never: No such file or directory' 'a list names what is gone'
[ "$(tar -tf ours.tar | tr '\n' ' ')" = 'order/z order/M way ' ]
ok $? 'and the rest is there'

# The examples of the man page that need no pod.
rm -rf src dst
mkdir -p src/d
echo 1 >src/local.conf
echo 2 >src/d/x.conf
mkdir -p dst && ktar-pack src | tar -xf - -C dst
mkdir -p dst/flat && ktar-pack -C src . | tar -xf - -C dst/flat
ktar-pack --as etc/app.conf src/local.conf | tar -xf - -C dst
(cd dst && find . -type f | sort) >out
printf './%s\n' etc/app.conf flat/d/x.conf flat/local.conf src/d/x.conf \
	src/local.conf >want
same want out 'the examples of the man page'
find src -name '*.conf' -print0 | ktar-pack -0 -T - | tar -tf - | sort >out
printf 'src/%s\n' d/x.conf local.conf >want
same want out 'the example with find'
if have zstd; then
	ktar-pack --zstd src | zstd -d | tar -tf - >out
	ktar-pack src | tar -tf - >want
	same want out 'the example with zstd'
else
	skip 1 'the example with zstd' 'no zstd'
fi
grep -c '^\.Dl .*ktar-pack' "$KPIPE_TESTS/../man/ktar-pack.1" >out
echo 6 >want
same want out 'and the page has no others but the one with kexec'

run_sh 'ktar-pack -v order/a >ours.tar'
printf 'ktar-pack: %s\n' order/a order/a/h >want
same want err '-v names the members'

finish
