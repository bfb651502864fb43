#!/bin/sh
# kcp --retries: of a large file that was cut only the rest goes; other ways, and
# what may happen meanwhile.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/retries.sh"
umask 022
resume_start 4000000

resume_down 'down, a file' "tree/sub/$big" into/one --verify
alike "here/tree/sub/$big" into/one 'down, a file'
mkdir -p into/tree/sub
echo kept >into/tree/sub/kept
resume_down 'down, into a directory that is there' tree into --verify -j 2
[ "$(cat into/tree/sub/kept)" = kept ] && rm into/tree/sub/kept
ok $? 'down, into a directory that is there: what was there'
touch -r here/tree/sub into/tree/sub
alike here/tree into/tree 'down, into a directory that is there'
resume_down 'down, compressed' tree/. into/contents -z --atomic
alike here/tree into/contents 'down, compressed'
resume_down 'from pod to pod' tree busybox:from -z
same_tree here/tree "$pods/busybox/from" 'from pod to pod'

resume_up 'up, a file' "here/tree/sub/$big" one --verify
alike "here/tree/sub/$big" "$pods/fault/one" 'up, a file'
resume_up 'up, compressed' here/tree contents -z --atomic
alike here/tree "$pods/fault/contents" 'up, compressed'
mkdir -p "$pods/fault/in/tree/sub"
echo kept >"$pods/fault/in/tree/sub/kept"
resume_up 'up, into a directory that is there' here/tree in -j 2 --exclude zzz
[ "$(cat "$pods/fault/in/tree/sub/kept")" = kept ] && cmp -s "here/tree/sub/$big" "$pods/fault/in/tree/sub/$big"
ok $? 'up, into a directory that is there: what is there'
if have busybox; then
	echo "path $CLUSTER_ROOT/.userland" >"$pods/.fault"
	resume_up 'up, busybox' here/tree busybox
	same_tree here/tree "$pods/fault/busybox" 'up, busybox'
	rm "$pods/.fault"
else
	skip 3 'up, busybox' 'no busybox'
fi

# owners and modes, as the tar in the pod would have them
if [ "$(id -u)" -eq 0 ]; then
	chown 12:34 "here/tree/sub/$big"
	chmod 4751 "here/tree/sub/$big"
	resume_up 'the owner' here/tree own
	[ "$(stat -c '%u:%g %a' "$pods/fault/own/sub/$big")" = '12:34 4751' ]
	ok $? 'the owner is kept'
	resume_up '--no-preserve' here/tree none --no-preserve
	[ "$(stat -c '%u:%g %a' "$pods/fault/none/sub/$big")" = '0:0 751' ]
	ok $? '--no-preserve: the owner is not kept'
	chown 0:0 "here/tree/sub/$big"
	chmod 440 "here/tree/sub/$big"
else
	skip 4 'owners' 'not root'
fi

# a link where the directory was that the file is to be put into
mkdir -p outside "$pods/fault/two/sub"
head -c 2000000 "here/tree/sub/$big" >"$pods/fault/two/sub/one"
hook dd 'for d in into/.kcp.*/two/sub; do
	case $d in *.*.*.*) ;; *) mv "$d" "$d.was" && ln -s "$PWD/outside" "$d" ;; esac
done' '*skip=*'
run kcp -v --retries 9 fault-cut-1300000:two into/link
[ "$rc" -eq 1 ] && [ -e hooked ] && [ -z "$(ls outside)" ] && [ ! -e into/link ] &&
	grep -q 'a link or a file is in the way' err
ok $? 'no link is followed to where the file belongs'

hook stat "$damage"
run kcp -v --retries 9 "here/tree/sub/$big" fault-starve-1300000:one
one_more 'a part that was damaged goes again'
same "here/tree/sub/$big" "$pods/fault/one" 'a part that was damaged goes again'

# The source changes when its beginning has been compared: a byte in that, one
# behind it, and more than there was.
for change in seek=1000 seek=1999000 oflag=append; do
	for way in down up; do
		what="the source changes ($change), $way"
		rm -rf into/* "$pods/fault/to" here/one "$pods/fault/one"
		head -c 2000000 "here/tree/sub/$big" >here/one
		cp here/one old
		cp here/one "$pods/fault/one"
		touch -d '2001-02-03 04:05:06' here/one "$pods/fault/one"
		hook dd "for f in here/one pods/default/fault/one; do
			echo x | dd of=\$f bs=1 conv=notrunc $change
			touch -d '2001-02-03 04:05:06' \$f
		done" '*skip=*|*seek=*'
		case $way in
		down)
			run kcp -v --retries 9 fault-cut-1300000:one into/to
			set -- "$pods/fault/one" into/to
			;;
		up)
			run kcp -v --retries 9 here/one fault-starve-1300000:to
			set -- here/one "$pods/fault/to"
			;;
		esac
		[ "$rc" -eq 0 ] && [ -e hooked ] && ! cmp -s old "$1"
		ok $? "$what: it has, and is copied"
		case $change in
		oflag*) same old "$2" "$what: as it was in the beginning" ;;
		*) same "$1" "$2" "$what: the same" ;;
		esac
	done
done
unhook

# what is sent whole
mkdir here/odd
head -c 2000000 "here/tree/sub/$big" >here/odd/a
ln here/odd/a here/odd/b
run kcp -v --retries 1 here/odd fault-starve-1300000:odd
[ "$rc" -eq 1 ] && ! grep -q 'bytes have arrived' err
ok $? 'a file with two names is sent whole'
rm here/odd/?
truncate -s 1500000 here/odd/sparse
head -c 1500000 "here/tree/sub/$big" >>here/odd/sparse
truncate -s 9000000 here/odd/sparse
run kcp -v --retries 1 here/odd fault-starve-1300000:odd
[ "$rc" -eq 1 ] && [ "$(grep -c 'are to be sent' err)" -eq 1 ] && ! grep -q 'bytes have arrived' err
ok $? 'a file with holes is sent whole, when that is less'
finish
