#!/bin/sh
# kpods: which pods, in which form, with which status; the fan-out that it is
# for; and servers whose lists are long, broken or hostile.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
cluster_needs_test_server
have python3 || skip_all 'no python3'
cluster_start
mv "$CLUSTER_ROOT/default" "$CLUSTER_ROOT/rest"
default=$CLUSTER_ROOT/default

# pod NAME [LINE...]: a pod and its description
pod() {
	mkdir -p "$default/$1"
	pod_file=$default/.$1
	shift
	printf '%s\n' "$@" >"$pod_file"
}
pod web-1 'labels app=web tier=front'
pod web-0 'labels app=web tier=back' 'node other'
pod web-2 'labels app=web' 'ready no'
pod web-3 'labels app=web' 'deleted 2025-02-01T00:00:00Z'
pod web-4 'labels app=web' 'phase Pending'
pod web-5 'labels app=web' 'phase Succeeded'
pod db 'labels app=db'
pod idle 'labels app=idle' 'ready no'
mkdir -p "$CLUSTER_ROOT/zoo/web-9" "$default/.deployments" "$default/.services"
echo 'labels app=web' >"$CLUSTER_ROOT/zoo/.web-9"
echo 'match app=web' >"$default/.deployments/web"
echo 'match app=idle' >"$default/.deployments/idle"
echo 'match app=db' >"$default/.services/db"
: >"$default/.services/none"

# Which.
run kpods
stdout_is 'default/db
default/web-0
default/web-1' 'the ready ones, sorted'
good 'the ready ones'
run kpods -l app=web
stdout_is 'default/web-0
default/web-1' '-l'
run kpods --selector 'app in (db, web),tier!=back'
stdout_is 'default/db
default/web-1' '--selector'
run kpods --field-selector spec.nodeName=other
stdout_is default/web-0 '--field-selector'
run kpods -A -l app=web
stdout_is 'default/web-0
default/web-1
zoo/web-9' '-A'
run kpods -n zoo
stdout_is zoo/web-9 '-n'
run kpods deploy/web
stdout_is 'default/web-0
default/web-1' 'deploy/web'
run kpods -l tier=back deployment.apps/web
stdout_is default/web-0 'deploy/web and -l'
run kpods svc/db
stdout_is default/db 'svc/db'
run kpods pod/web-1
stdout_is default/web-1 'pod/web-1'
run kpods -0 -l app=web
printf 'default/web-0\0default/web-1\0' >want
same want out '-0'
kconf >record.json
run env KUBECONFIG=/nonexistent kpods -K record.json svc/db
stdout_is default/db '-K'
good '-K'

# None, and errors.
run kpods -l app=none
fails 1 'kpods: default: app=none: no pod is ready'
[ ! -s out ]
ok $? 'nothing on stdout'
run kpods -q -l app=none
status 1 '-q: none'
quiet '-q: none'
run kpods deploy/idle
fails 1 'default/deployments/idle: no pod is ready'
run kpods pod/web-2
fails 1 'default/pods/web-2: no pod is ready'
run kpods -q deploy/nosuch
fails 2 'default/deployments/nosuch: deployments.apps "nosuch" not found (404)'
run kpods svc/none
fails 2 'default/services/none: it is defined without a selector'
run kpods -l 'app in'
fails 2 'default: app in: this selector is not understood (400)'
run kpods --context badtoken
fails 2 'default: Unauthorized (401)'
run kpods -s https://127.0.0.1:1
fails 2 'https://127.0.0.1:1: Connection refused'
run kpods --context nope
status 2 'no such context'
run_sh 'kpods >/dev/full'
fails 2 'stdout: No space left on device'
run_sh 'kpods >&-'
fails 2 'stdout: Bad file descriptor'
run kpods web
fails 2 'web: not TYPE/NAME'
run kpods cm/web
fails 2 'cm/web: no pod can be chosen by such a type'
run kpods deploy/..
fails 2 'deploy/..: has a name that can be none'
run kpods -A deploy/web
fails 2 'deploy/web: it is of one namespace, not of all'
run kpods deploy/web deploy/web
fails 2 'one TYPE/NAME at most'
run kpods --nonsense
fails 2 '--nonsense: unknown option'
run kpods --connect-timeout soon
fails 2 'soon: not a length of time'
run kpods --help
good '--help'
run kpods --version
stdout_is "kpods $(cat "$KPIPE_TESTS/../VERSION")"

# One connection.
: >"$CLUSTER_LOG"
run kpods deploy/web
[ "$(grep -c ^connection "$CLUSTER_LOG")" -eq 1 ] && [ "$(cluster_requests .)" -eq 2 ]
ok $? 'a workload: one connection, two requests'

# What it is for.
mkdir site
echo page >site/page
tar cf site.tar site
run_sh 'kpods -l app=web | xargs -P16 -I{} sh -c "kexec {} -- tar xf - < site.tar"'
good 'the fan-out'
for name in web-0 web-1; do
	same site/page "$default/$name/site/page" "the fan-out: $name"
done
[ ! -e "$default/web-2/site" ] && [ ! -e "$default/db/site" ]
ok $? 'the fan-out: no other pod'

# A server that lists otherwise.
python3 "$KPIPE_TESTS/apipeer.py" peer.port peer.log 2>peer.err &
peer=$!
on_exit "kill $peer"
while [ ! -s peer.port ] && kill -0 $peer; do
	sleep 0.02
done
cat >peer.json <<EOF
{"apiVersion": "v1", "kind": "Config", "current-context": "c",
 "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:$(cat peer.port)"}}],
 "users": [{"name": "c", "user": {}}],
 "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}]}
EOF
: >peer.log
run kpods -K peer.json -n many
[ "$(wc -l <out)" -eq 10000 ] && [ "$(head -n 1 out)" = many/p00001 ] && sort -c out
ok $? 'ten thousand pods'
good 'ten thousand pods'
[ "$(grep -c ^connection peer.log)" -eq 1 ] && [ "$(grep -c limit=250 peer.log)" -eq 40 ]
ok $? 'ten thousand pods: 40 requests, one connection'
run kpods -K peer.json -n closes
[ "$(wc -l <out)" -eq 600 ] && [ "$(grep -c ^connection peer.log)" -eq 4 ]
ok $? 'a server that closes behind each answer'
if [ -x /usr/bin/time ] && [ -z "$KPIPE_SAN" ]; then
	/usr/bin/time -f %M -o peak kpods -K peer.json -n many >out
	[ "$(cat peak)" -lt 10240 ]
	ok $? "ten thousand pods: $(cat peak) KiB"
	/usr/bin/time -f %M -o peak kpods -K peer.json -n endlessitem >out 2>err
	[ "$(tail -n 1 peak)" -lt 24576 ]
	ok $? "an endless pod: $(tail -n 1 peak) KiB"
else
	skip 2 'memory' 'no time, or sanitizers'
fi

# hostile NAMESPACE TEXT: nothing on stdout, one line, status 2; and kexec
# runs nothing
hostile() {
	run timeout 60 kpods -K peer.json -n "$1"
	fails 2 "$2" "kpods: $1"
	[ ! -s out ]
	ok $? "kpods: $1: nothing on stdout"
	run timeout 60 kexec -K peer.json --no-stdin --pod-running-timeout 1s \
		-n "$1" deploy/web -- true
	fails 255 "$2" "kexec: $1"
}
for odd in slash dots newline escape nul number empty shell metadata; do
	hostile $odd 'a pod whose metadata are wrong'
done
hostile foreign 'a pod of another namespace'
hostile string "'[' or '{' expected"
hostile phase 'a pod whose status is wrong'
hostile spec 'a pod whose spec is wrong'
hostile truncated 'the list is not whole'
hostile nolist 'the answer is no list'
hostile itemsobject 'the answer is no list'
hostile escapeditems 'the answer is no list'
hostile twice 'the list has items twice'
hostile deep 'maximum parsing depth reached'
hostile junk "'[' or '{' expected"
hostile nothing 'the list is not whole'
hostile badcontinue 'the answer is no list'
hostile hugecontinue 'the list is too long between its items'
hostile endlessitem 'an item of the list is too long'
hostile endlessrest 'the list is too long between its items'
hostile endlessblank 'the list is too long'
hostile endlesspages 'the list goes on where it was'
hostile redirect 'answer 302 Found'
hostile expired 'The provided continue parameter is too old (410)'
hostile short 'connection closed'
hostile badchunk "the answer's body is not as its head says"
grep 'exec' peer.log
[ "$(grep -c exec peer.log)" -eq 0 ]
ok $? 'no command was asked for'
[ ! -s peer.err ]
ok $? 'the peer itself had no trouble'
finish
