#!/bin/sh
# kcp -z and --zstd: where both sides can, and what is said where they cannot.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/userland.sh"
cluster_needs_test_server
{ have gzip && have zstd; } || skip_all 'no gzip, or no zstd'
cluster_start
pods=$CLUSTER_ROOT/default
base='sh tar mkdir mv rm cat stat touch chmod'
# shellcheck disable=SC2086 # words
{
	userland both $base gzip zstd
	userland onlygz $base gzip
	userland neither $base
}

mkdir -p here/tree/sub
seq 200000 >here/tree/numbers
echo x >here/tree/sub/x
# moved POD: how many bytes its last session took from the client
moved() {
	awk -F '\t' '$1 == "closed" { n = $3 } END { print n }' "$CLUSTER_LOG"
}
# copied PLACE NAME
copied() {
	diff -r here/tree "$1" >diff.log 2>&1
	ok $? "$2: the same"
	[ -z "$(find "$pods" . -name '.kcp.*')" ]
	ok $? "$2: nothing is left over"
}
for option in -z --zstd; do
	run kcp $option here/tree "both:up$option"
	good "$option up"
	copied "$pods/both/up$option" "$option up"
	[ "$(moved)" -lt 700000 ]
	ok $? "$option up: fewer bytes go"
	run kcp $option both:up$option "down$option"
	good "$option down"
	copied "down$option" "$option down"
	run kcp $option both:up$option "onlygz:across$option"
	good "$option from pod to pod"
	copied "$pods/onlygz/across$option" "$option from pod to pod"
	run kcp -x $option here/tree "both:printed$option"
	mv out line
	run sh line
	good "$option: what -x printed"
	copied "$pods/both/printed$option" "$option: what -x printed"
	run kcp -x $option both:up$option "printed$option"
	mv out line
	run sh line
	good "$option: what -x printed, down"
	copied "printed$option" "$option: what -x printed, down"
done
run kcp here/tree both:plain
[ "$(moved)" -gt 1000000 ]
ok $? 'without, all bytes go'

# zstd, or else gzip
run kcp -v --zstd here/tree onlygz:v
grep -q 'compressed by gzip' err && [ "$rc" -eq 0 ]
ok $? '--zstd: gzip is taken where there is no zstd, and -v says so'
run kcp --zstd onlygz:v onlygz-down
good '--zstd down, from a pod with gzip'
copied onlygz-down '--zstd down, from a pod with gzip'

# nothing
run kcp -z here/tree neither:up
[ "$rc" -eq 0 ]
ok $? '-z without gzip: the copy is made'
says 'the pod has no gzip: not compressed' '-z without gzip'
copied "$pods/neither/up" '-z without gzip'
run kcp -q --zstd here/tree neither:quiet
good '-q --zstd without either'
run kcp -z neither:up neither-down
[ "$rc" -eq 0 ]
ok $? '-z down without gzip: the copy is made'
says 'the pod has no gzip: not compressed' '-z down without gzip'
copied neither-down '-z down without gzip'
run kcp --zstd neither:up both:from-neither
[ "$rc" -eq 0 ]
ok $? '--zstd from a pod without: the copy is made'
says 'not compressed' '--zstd from a pod without'
copied "$pods/both/from-neither" '--zstd from a pod without'

# a compressor that fails, and a stream that is cut
mkdir "$CLUSTER_ROOT/.broken"
printf '#!/bin/sh\n%s "$@"\nexit 1\n' "$(command -v gzip)" >"$CLUSTER_ROOT/.broken/gzip"
chmod +x "$CLUSTER_ROOT/.broken/gzip"
mkdir "$pods/broken"
echo "path $CLUSTER_ROOT/.broken" >"$pods/.broken"
cp -a here/tree "$pods/broken/tree"
run kcp -z here/tree broken:up
[ "$rc" -eq 1 ] && [ -s err ] && [ ! -e "$pods/broken/up" ]
ok $? 'a gzip that fails in the pod is a failure, up'
run kcp -z broken:tree broken-down
[ "$rc" -eq 1 ] && [ -s err ] && [ ! -e broken-down ]
ok $? 'and down'
head -c 3000000 /dev/urandom >here/big
run kcp -z here/big fault-lie-success:big
[ "$rc" -eq 1 ] && [ -s err ] && [ ! -e "$pods/fault/big" ]
ok $? 'a Success that is a lie is none'
run kcp -z here/tree both:no/such
fails 1 'no such directory' 'an error before the stream'
run kcp -z here/missing both:x
[ "$rc" -eq 1 ] && [ -s err ] && [ ! -e "$pods/both/x" ]
ok $? 'no such source'
run kcp -z - both:x
fails 2 '-z: a stream is taken as it is'
finish
