#!/bin/sh
# kcp where a pod lacks tar, or a shell.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/userland.sh"
cluster_needs_test_server
cluster_start
pods=$CLUSTER_ROOT/default
tree='sh mkdir mv rm touch chmod stat ln readlink'
# shellcheck disable=SC2086 # words
{
	userland cat $tree cat wc
	userland dd $tree dd
	userland tee $tree tee
	userland base64 $tree base64 wc
	userland flat sh cat mv wc
	userland nocopier $tree
	userland nowc sh cat mkdir mv rm
}
userland direct-tee tee mv rm chmod cat
userland direct-dd dd mv rm
userland direct-place tee rm
userland direct-bare tee
userland read-base64 base64
userland nothing true
have busybox && userland bb sh busybox mkdir mv rm cat touch stat chmod
userland direct-cp cp mv rm sha256sum stat cat

mkdir -p here/tree/sub/empty into
echo one >here/tree/one
head -c 100001 /dev/urandom >"here/tree/sub/a b'\"[*]?\\
c"
: >here/tree/-empty
ln -s sub/none here/tree/soft
chmod 640 here/tree/one
find here/tree -exec touch -h -d '2001-02-03 04:05:06' {} +
head -c 300000 /dev/urandom >here/big

# alike A B NAME: contents, and modes and times of files
alike() {
	diff -r --no-dereference "$1" "$2" >diff.log 2>&1 &&
		[ "$(stat -c '%a %Y' "$1/one")" = "$(stat -c '%a %Y' "$2/one")" ]
	ok $? "$3: the same"
	[ -z "$(find "$pods" . -name '*.kcp.*')" ]
	ok $? "$3: nothing is left over"
}

if have busybox; then
	run kcp -v here/tree bb:to
	status 0 'busybox tar up'
	alike here/tree "$pods/bb/to" 'busybox tar up'
	run kcp bb:to into/bb
	good 'busybox tar down'
	alike here/tree into/bb 'busybox tar down'
else
	skip 6 'busybox tar' 'no busybox'
fi

for pod in cat base64 dd tee; do
	case $pod in dd | tee)
		run kcp here/tree "$pod:to"
		good "$pod: a tree up"
		alike here/tree "$pods/$pod/to" "$pod: a tree up"
		continue
		;;
	esac
	run kcp here/tree "$pod:to"
	good "$pod: a tree up"
	alike here/tree "$pods/$pod/to" "$pod: a tree up"
	run kcp "$pod:to" into/$pod
	good "$pod: a tree down"
	alike here/tree into/$pod "$pod: a tree down"
	run kcp here/big "$pod:to/sub"
	good "$pod: a file up"
	same here/big "$pods/$pod/to/sub/big" "$pod: a file up"
	run kcp "$pod:to/sub/big" "into/$pod.big"
	good "$pod: a file down"
	same here/big "into/$pod.big" "$pod: a file down"
done
echo old >"$pods/cat/to/one"
echo kept >"$pods/cat/to/kept"
run kcp here/tree/. cat:to
good 'into a directory that is there'
[ "$(cat "$pods/cat/to/one")" = one ] && [ -e "$pods/cat/to/kept" ]
ok $? 'into a directory that is there: filled'
run kcp -v cat:to/. into/cat
grep -q 'no tar there: file by file through sh and cat' err && [ "$rc" -eq 0 ] && [ -e into/cat/kept ]
ok $? '-v names the rung'
run kcp here/big flat:big
good 'no folder: a file up'
same here/big "$pods/flat/big" 'no folder: a file up'
run kcp flat:big into/flat
good 'no folder: a file down'
same here/big into/flat 'no folder: a file down'
run kcp here/tree flat:tree
fails 1 'no mkdir, mv and rm for a directory'
run kcp here/tree cat:no/such
fails 1 'no such directory'
run kcp cat:none into/none
[ "$rc" -eq 1 ] && [ -s err ] && [ ! -e into/none ]
ok $? 'no tar, and no such source'
run kcp here/big nocopier:big
fails 1 'no cat, dd, tee or base64' 'nothing to copy with'
grep -q -e '--debug-image' err
ok $? 'nothing to copy with: what would help'
run kcp here/big nowc:big
[ "$rc" -eq 1 ] && grep -q 'cannot be confirmed' err && [ ! -e "$pods/nowc/big" ]
ok $? 'what cannot be confirmed is not put in its place'
[ -z "$(find "$pods" . -name '*.kcp.*')" ]
ok $? 'nothing is left over'
run kcp gnu:x cat:y
[ "$rc" -eq 1 ]
ok $? 'no such source for a pod without tar'
echo x >"$pods/gnu/x"
run kcp gnu:x cat:y
fails 1 'from pod to pod both need sh and tar'

# Streams that are lost, and lies.
for tool in sh cat mkdir mv rm wc touch chmod; do
	mkdir -p "$CLUSTER_ROOT/.bin-fault"
	ln -s "$(command -v $tool)" "$CLUSTER_ROOT/.bin-fault/$tool"
done
echo "only $CLUSTER_ROOT/.bin-fault" >"$pods/.fault"
run kcp here/big fault-lie-success:big
[ "$rc" -eq 1 ] && [ -s err ] && [ ! -e "$pods/fault/big" ]
ok $? 'a Success that is a lie is none'
cp here/big "$pods/fault/big"
run kcp fault-cut-100000:big into/cut
[ "$rc" -eq 1 ] && [ -s err ] && [ ! -e into/cut ]
ok $? 'a file that was cut is not there'
run kcp -q --retries 2 fault-cut-100000:big into/cut
[ "$rc" -eq 1 ] && [ ! -e into/cut ] && [ "$(grep -c 'connection cut' err)" -ge 3 ]
ok $? 'it is tried again'
[ -z "$(find "$pods" . -name '*.kcp.*')" ]
ok $? 'nothing is left over'

# A pod says which names there are.
mkdir fakebin
cp "$(command -v kcp)" fakebin/kcp
cat >fakebin/kexec <<'S'
#!/bin/sh
nonce=$(printf '%s\n' "$@" | grep -x '[0-9a-f]\{32\}' | head -n 1)
case $* in
*' kcp cat dd '*) echo cat ;;
*' names'*) printf 'd .\nf ./../../evil\n%s end\n' "$nonce" ;;
*-cf*) exit 69 ;;
*) printf 'evil%s %30s' "$nonce" '644 1' ;;
esac
S
chmod +x fakebin/kexec
run fakebin/kcp pod:dir into/evil
[ "$rc" -eq 1 ] && grep -q 'not a name' err && [ -z "$(find . -name evil)" ]
ok $? 'a name that leads outside is refused'

# No shell.
for pod in direct-tee direct-dd direct-cp; do
	mkdir "$pods/$pod/in"
	run kcp -v here/big "$pod:big"
	[ "$rc" -eq 0 ] && grep -q "no shell there: by ${pod#direct-} alone" err
	ok $? "$pod: a file up, and -v names the rung"
	same here/big "$pods/$pod/big" "$pod: a file up"
	run kcp -q here/big "$pod:in"
	status 0 "$pod: a file into a directory"
	same here/big "$pods/$pod/in/big" "$pod: a file into a directory"
	run kcp -q "$pod:big" "into/$pod"
	status 0 "$pod: a file down"
	same here/big "into/$pod" "$pod: a file down"
	run kcp "$pod:none" into/none
	[ "$rc" -eq 1 ] && [ -s err ] && [ ! -e into/none ]
	ok $? "$pod: no such file"
	run kcp here/big "$pod:no/such"
	[ "$rc" -eq 1 ] && [ -s err ]
	ok $? "$pod: no such directory"
done
run kcp -v here/big direct-place:big
[ "$rc" -eq 0 ] && grep -q 'no mv there: written in place' err
ok $? 'no mv: written in place'
same here/big "$pods/direct-place/big" 'no mv: written in place'
[ -z "$(find "$pods" . -name '*.kcp.*')" ]
ok $? 'nothing is left over'
run kcp here/big direct-bare:big
[ "$rc" -eq 0 ] && grep -q 'kcp\.[0-9a-f]* is left there' err
ok $? 'no rm either: what is left is named'
same here/big "$pods/direct-bare/big" 'no rm either'
rm "$pods"/direct-bare/*.kcp.*
cp here/big "$pods/read-base64/big"
run kcp -q read-base64:big into/read
status 0 'base64 alone, down'
same here/big into/read 'base64 alone, down'
run kcp -q here/tree direct-tee:tree
[ "$rc" -eq 1 ] && grep -q 'no sh, and this is not one file' err
ok $? 'a tree needs a shell'
run kcp -q here/big nothing:big
[ "$rc" -eq 1 ] && grep -q 'no sh, tee, dd or cp.*would help' err
ok $? 'nothing there, up'
run kcp -q nothing:big into/nothing
[ "$rc" -eq 1 ] && grep -q 'no sh, cat, dd or base64.*would help' err && [ ! -e into/nothing ]
ok $? 'nothing there, down'
rm "$CLUSTER_ROOT"/.bin-fault/*
run kcp -q here/big fault-lie-success:none
[ "$rc" -eq 1 ] && [ -s err ] && [ ! -e "$pods/fault/none" ]
ok $? 'nothing there, and a Success that is a lie'
# a program that is content with less
userland short mv rm cat
printf '#!/bin/sh\n%s -c 1000 | %s "$1"\n' "$(userland_find head)" "$(userland_find tee)" \
	>"$CLUSTER_ROOT/.bin-short/tee"
chmod +x "$CLUSTER_ROOT/.bin-short/tee"
run kcp here/big short:big
[ "$rc" -eq 1 ] && grep -q 'not all of it arrived' err && [ ! -e "$pods/short/big" ]
ok $? 'no shell: what did not arrive is seen'
[ -z "$(find "$pods" . -name '*.kcp.*')" ]
ok $? 'nothing is left over'
finish
