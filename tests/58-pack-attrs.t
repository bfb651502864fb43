#!/bin/sh
# ktar-pack --xattrs and --acls: what GNU tar and bsdtar make of the stream has
# the attributes and the ACLs that the files had.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/packfault.sh"

for peer in tar bsdtar setfattr getfattr setfacl getfacl python3; do
	have "$peer" || skip_all "no $peer"
done
: >probe
setfattr -n user.probe -v x probe 2>log ||
	skip_all 'no user attributes on this file system'
setfacl -m u:1:r probe 2>log || skip_all 'no ACLs on this file system'

# dump: attributes and ACLs of all that is in the working directory
dump() {
	find . | LC_ALL=C sort | while read -r file; do
		getfattr -hd -m "$match" -e hex "$file" | LC_ALL=C sort
		[ -L "$file" ] || getfacl -n "$file"
	done
}
match='^user\.'
mkdir src src/dir src/sub src/plain
cd src || exit 1
echo one >file
echo two >dir/acl
echo three >sub/both
head -c 300000 /dev/urandom >sub/large
ln sub/large sub/linked
ln -s file link
setfattr -n user.text -v 'some text' file
setfattr -n user.b -v '' file
setfattr -n user.bytes -v 0x00ff0a3d20003131 file
python3 -c 'import os, sys
os.setxattr(b"sub/large", b"user.\xff\xc3\xa9 \n", bytes(range(256)))
os.setxattr("dir", "user.size", b"x" * 2000)'
setfacl -m u:1000:rwx,u:1:r--,g:33:r-x,g:2147483646:-w-,m:r-x dir/acl
setfacl -m u:0:--- sub/both
setfacl -d -m u:5:rwx,g::r-x sub
setfattr -n user.z -v z sub/both
chmod 4750 sub/both
chmod 1777 dir
if [ "$(id -u)" -eq 0 ] && setfattr -n trusted.of -v root file 2>../log; then
	match='^(user|trusted|security)\.'
	setfattr -n security.own -v mark dir
	# a capability of no use: what is behind --xattrs is all or nothing
	setfattr -n security.capability \
		-v 0x0100000200040000000000000000000000000000 sub/large
else
	skip 1 'the namespaces trusted and security' 'not root'
fi
dump >../want 2>../log
cd ..
[ "$(grep -c = want)" -ge 6 ] && grep -q '^default:user:5:rwx' want &&
	grep -q '^group:33:r-x' want
ok $? 'the tree has attributes and ACLs'

run ktar-pack --xattrs --acls src
good '--xattrs --acls'
mv out tar
run ktar-pack --acls --xattrs --format pax src
same tar out 'they are in pax format, and two runs give the same bytes'
run faulty mirror ktar-pack --acls --xattrs src
same tar out 'whatever the order in which they are listed'
# reads COMMAND...: it makes of tar what there was
reads() {
	mkdir into
	last=$*
	"$@" -C into -xpf tar >out 2>err
	rc=$?
	good "$1 reads it"
	(cd into/src && dump) >got 2>log
	same want got "$1: the same attributes and ACLs"
	find src -type f -printf '%P %m %s\n' | sort >was
	(cd into && find src -type f -printf '%P %m %s\n') | sort >is
	same was is "$1: the same files and modes"
	rm -rf into
}
reads tar --xattrs --xattrs-include='*' --acls
# not root's groups: bsdtar alone gives what it may
reads bsdtar --xattrs --acls

# One without the other, and neither.
python3 - >out <<'EOF'
import subprocess, tarfile, io
for options in ([], ['--format', 'pax'], ['--xattrs'], ['--acls']):
    bytes = subprocess.run(['ktar-pack'] + options + ['src'],
                           stdout=subprocess.PIPE).stdout
    kinds = set()
    for m in tarfile.open(fileobj=io.BytesIO(bytes)):
        kinds |= {'.'.join(k.split('.')[:2]) for k in m.pax_headers
                  if k.startswith('SCHILY')}
        # the link has the attributes of its target already
        if m.islnk() or m.issym() or m.name in ('src', 'src/plain'):
            assert not any(k.startswith('SCHILY') for k in m.pax_headers)
    print(' '.join(options), *sorted(kinds))
EOF
cat >want <<'EOF'

--format pax
--xattrs SCHILY.xattr
--acls SCHILY.acl
EOF
same want out 'each of the options brings its own, and nothing else does'

# Keywords end at an equals sign.
: >eq
setfattr -n 'user.a=b%3Dc' -v 0x3d eq
ktar-pack --xattrs eq >tar
tar --xattrs -cf gnu.tar eq
for file in tar gnu.tar; do
	tr '\0' '\n' <$file | grep -a -o 'SCHILY.xattr.*' >$file.key
done
same gnu.tar.key tar.key 'a name with = in it, as GNU tar writes it'
rm eq
mkdir into
tar --xattrs -C into -xf tar
getfattr -d into/eq | grep -qxF 'user.a\075b%3Dc="="'
ok $? 'and GNU tar reads it'
rm -rf into

# Where it does not go well.
run ktar-pack --format gnu --xattrs src
fails 2 'ktar-pack: --xattrs: only with --format pax (see --help)'
run ktar-pack --acls --format ustar src
fails 2 'ktar-pack: --acls: only with --format pax (see --help)'
run ktar-pack --acls --mode 600 src
fails 2 'ktar-pack: --acls: not with --mode (see --help)'
run faulty attr:user.text ktar-pack --xattrs src
fails 1 'ktar-pack: src/file: user.text: Input/output error'
tar --xattrs -tvf out >log 2>&1 && tr '\0' '\n' <out | grep -aq xattr.user.bytes
ok $? 'an attribute that cannot be read: the others are there'
run faulty attr:system.posix_acl_access ktar-pack --acls src/dir/acl
fails 1 'ktar-pack: src/dir/acl: system.posix_acl_access: Input/output error'
tar -tf out >log 2>&1
ok $? 'an ACL that cannot be read: the stream is whole'
run faulty attrs ktar-pack --xattrs src/file
fails 1 'ktar-pack: src/file: extended attributes: Input/output error'
tar -tf out >log 2>&1
ok $? 'attributes that cannot be listed: the stream is whole'
: >many
for n in 01 02 03 04 05 06 07 08 09 10 11 12 13; do
	setfattr -n user.$n -v x many
done
run faulty largest ktar-pack --xattrs many
printf 'ktar-pack: many: user.%s: more than a header should hold\n' 12 13 >want
status 1
same want err 'more than a header should hold is named, and left out'
for reader in tar bsdtar; do
	$reader -tf out >names 2>log
	echo many >want
	same want names "$reader reads what is left"
done
run_sh 'echo /proc/tty | ktar-pack --xattrs --acls -T -'
good 'a file system that has neither'

finish
