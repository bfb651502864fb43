#!/bin/sh
# kconf --cache: what is kept, for how long, and for whom; that a hostile or
# broken place is no place; and that of many at once one runs the plugin.
. "$KPIPE_TESTS/lib.sh"

v1=client.authentication.k8s.io/v1
beta=client.authentication.k8s.io/v1beta1
good_until=2099-01-02T03:04:05Z
XDG_RUNTIME_DIR=$PWD/run
export XDG_RUNTIME_DIR
mkdir -m 700 run
cat >tell <<'P'
#!/bin/sh
echo >>"$HOME/runs"
[ -z "$KUBERNETES_ASK" ] || read -r typed
sed "s/TYPED/$typed/" "$HOME/answer"
P
chmod +x tell
PATH=$PWD:$PATH

# config [EXEC]: the kubeconfig f, with more in its plugin
config() {
	cat >f <<-P
	current-context: c
	clusters: [{name: k, cluster: {server: "https://h:1/p"}}]
	contexts: [{name: c, context: {cluster: k, user: u}}]
	users: [{name: u, user: {exec: {apiVersion: $v1, command: tell,
	  ${1:-interactiveMode: Never}}}}]
	P
}

# json STATUS [VERSION]: what the plugin will answer
json() {
	printf '{"apiVersion":"%s","kind":"ExecCredential","status":{%s}}\n' \
		"${2-$v1}" "$1" >answer
}

# runs N NAME [OPTIONS]: kconf says nothing, has the token, and the plugin ran
# N times
runs() {
	: >runs
	runs_want=$1
	runs_name=$2
	shift 2
	run kconf --cache --kubeconfig f -o token "$@"
	[ "$rc" -eq 0 ] && [ ! -s err ] && [ "$(cat out)" = "$token" ] &&
		[ "$(wc -l <runs)" -eq "$runs_want" ]
	ok $? "$runs_name: the plugin runs $runs_want times"
}

# without TEXT NAME: there is a warning, and the plugin runs
without() {
	: >runs
	run kconf --cache --kubeconfig f -o token
	[ "$rc" -eq 0 ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -- "$1" err &&
		[ "$(cat out)" = "$token" ] && [ "$(wc -l <runs)" -eq 1 ]
	ok $? "$2: goes on without, and says: $1"
	run kconf --cache -q --kubeconfig f -o token
	[ "$rc" -eq 0 ] && [ ! -s err ] && [ "$(wc -l <runs)" -eq 2 ]
	ok $? "$2: -q says nothing"
}

# kept: the one file that is kept, or nothing
kept() {
	find run/kpipe -type f ! -name '*.lock' 2>/dev/null
}

fresh() {
	chmod -R u+rwx run
	rm -rf run
	mkdir -m 700 run
	runs 1 "$1"
}

token=secret-token
json "\"token\":\"$token\",\"expirationTimestamp\":\"$good_until\""
config

# Off by default.
: >runs
for _ in 1 2; do kconf --kubeconfig f -o token >out; done
[ "$(wc -l <runs)" -eq 2 ] && [ -z "$(ls run)" ]
ok $? 'without --cache the plugin runs each time, and nothing is kept'

# Hit and miss.
runs 1 'the first time'
runs 0 'the second time'
runs 0 'a third'
run kconf --cache --kubeconfig f -o expires
stdout_is "$good_until" 'when it ends is kept'
run kconf --cache -v --kubeconfig f -o token
check '-v says that it was found' grep -q "^kconf: cache: hit: .*: until $good_until$" err
! grep -q "$token" err
ok $? '-v says nothing secret'
[ "$(stat -c %a run/kpipe "$(kept)" "$(kept).lock" | tr '\n' ' ')" = '700 600 600 ' ]
ok $? 'modes'
case $(basename "$(kept)") in *[!0-9a-f]*) false ;; esac
ok $? 'the name is a digest'
(
	umask 000
	fresh 'umask 000'
	[ "$(stat -c %a run/kpipe "$(kept)" "$(kept).lock" | tr '\n' ' ')" = '700 600 600 ' ]
	ok $? 'umask 000: modes'
	echo "$n_checks" >n
)
n_checks=$(cat n)
pem() {
	printf '%s\\nAAAA\\n-----END %s-----\\n' "-----BEGIN $1-----" "$1"
}
json "\"token\":\"$token\",\"clientCertificateData\":\"$(pem CERTIFICATE)\",
\"clientKeyData\":\"$(pem 'PRIVATE KEY')\",\"expirationTimestamp\":\"$good_until\""
fresh 'a certificate and a key'
kconf --kubeconfig f >want
run kconf --cache --kubeconfig f
good 'all of it'
same want out 'a record from what was kept is the same'
run kconf --cache --kubeconfig f -o yaml --redact
! grep -q "$token" out
ok $? '--redact takes it out'
json "\"token\":\"$token\",\"expirationTimestamp\":\"$good_until\""

# Another input is another credential; the same one is found again.
fresh 'inputs'
runs 0 'nothing changed'
# differs NAME CMD...: with CMD before it the plugin runs, once
differs() {
	differs_name=$1
	shift
	: >runs
	"$@" kconf --cache --kubeconfig "$PWD/f" -o token >out 2>err
	"$@" kconf --cache --kubeconfig "$PWD/f" -o token >out 2>err
	[ "$(wc -l <runs)" -eq 1 ] && [ ! -s err ] && [ "$(cat out)" = "$token" ]
	ok $? "$differs_name is another credential"
}
differs 'another variable' env NEW=1
differs 'another value' env NEW=2
differs 'a variable less' env -u TMPDIR
mkdir elsewhere
differs 'another directory' sh -c 'cd elsewhere && exec "$@"' sh
runs 0 'and the first is still there'
run env SHLVL=77 OLDPWD=/nowhere _=x kconf --cache --kubeconfig f -o token
[ ! -s runs ] && [ "$(cat out)" = "$token" ]
ok $? 'what a shell changes is none'
run env -i PATH="$PATH" HOME="$HOME" A=1 B=2 XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" \
	kconf --cache --kubeconfig f -o token
: >runs
run env -i PATH="$PATH" HOME="$HOME" B=2 XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" A=1 \
	kconf --cache --kubeconfig f -o token
[ ! -s runs ] && [ "$(cat out)" = "$token" ]
ok $? 'nor is the order of variables'
while IFS='|' read -r name more; do
	config "$more"
	runs 1 "$name"
	runs 0 "$name"
done <<'P'
an argument|interactiveMode: Never, args: [a]
two arguments|interactiveMode: Never, args: [a, b]
the same bytes in one|interactiveMode: Never, args: [ab]
a variable of its own|interactiveMode: Never, env: [{name: V, value: '1'}]
another value of it|interactiveMode: Never, env: [{name: V, value: '2'}]
the cluster told|interactiveMode: Never, provideClusterInfo: true
P
config 'interactiveMode: IfAvailable'
runs 0 'what the plugin is not told'
sed -i 's|k, cluster: {server: "https://h:1/p"|&, tls-server-name: x|' f
runs 0 'a cluster that it is not told of'
config 'interactiveMode: Never, provideClusterInfo: true'
sed -i 's|https://h:1/p|https://h:2/p|' f
runs 1 'another cluster that it is told of'
config
sed -i "s|$v1|$beta|" f
json "\"token\":\"$token\",\"expirationTimestamp\":\"$good_until\"" $beta
runs 1 'another version'
json "\"token\":\"$token\",\"expirationTimestamp\":\"$good_until\""
config
runs 0 'as before'
touch -d 2001-01-01 tell
runs 1 'a program of another time'
cp -p tell new && mv new tell
runs 1 'a program of another inode'
echo '#' >>tell
touch -d 2001-01-01 tell
runs 1 'a program of another size'
mkdir bin
cp -p tell bin/tell
: >runs
PATH=$PWD/bin:$PATH kconf --cache --kubeconfig f -o token >out
[ "$(wc -l <runs)" -eq 1 ]
ok $? 'another program by PATH'

# Its end.
# ends SECONDS: an answer that ends then
ends() {
	json "\"token\":\"$token\",\"expirationTimestamp\":\"$(
		date -u -d "@$(($(date +%s) + $1))" +%Y-%m-%dT%H:%M:%SZ)\""
}
ends 600
fresh 'one that ends in 10 minutes'
runs 0 'one that ends in 10 minutes'
ends 25
fresh 'one that ends in 25 seconds'
runs 1 'one that ends in 25 seconds'
[ -z "$(kept)" ]
ok $? 'is not kept'
run kconf --cache -v --kubeconfig f -o token
check '-v says why' grep -q '^kconf: cache: not kept: it ends too soon' err
json "\"token\":\"$token\""
fresh 'one without an end'
runs 1 'one without an end'
[ -z "$(kept)" ]
ok $? 'is not kept'
run kconf --cache -v --kubeconfig f -o token
check '-v says why' grep -q '^kconf: cache: not kept: it does not say when it ends' err
json "\"token\":\"$token\",\"expirationTimestamp\":\"2001-01-01T00:00:00Z\""
run kconf --cache --kubeconfig f -o token
fails 0 'its credential expired at 2001-01-01T00:00:00Z' 'one that is over'
[ -z "$(kept)" ]
ok $? 'is not kept'
json "\"token\":\"$token\",\"expirationTimestamp\":\"$good_until\""
fresh 'one that is kept'
sed -i "s/$good_until/2001-01-01T00:00:00Z/" "$(kept)"
chmod 600 "$(kept)"
run kconf --cache -v --kubeconfig f -o token
check 'and has ended since is not used' grep -q '^kconf: cache: miss: .*: it ends too soon' err
stdout_is "$token" 'the plugin gives a new one'
runs 0 'and that is kept'

# Those that ended are taken away, and there are never too many.
old=$(printf '%064d' 7)
echo SECRET >"run/kpipe/$old"
ln "run/kpipe/$old" other
touch -d 2001-01-01 "run/kpipe/$old"
echo SECRET >"run/kpipe/$(printf '%064d' 8)"
exec 7<"run/kpipe/$(printf '%064d' 8)"
chmod 600 run/kpipe/0*8
touch -d 2001-01-01 run/kpipe/0*8
: >"run/kpipe/$(printf '%064d' 9).lock"
echo SECRET >"run/kpipe/$(printf '%064d' 9).new"
run env NEW=3 kconf --cache --kubeconfig f -o token
good 'another is kept'
[ -z "$(find run/kpipe -name '0000*')" ]
ok $? 'what others left is gone'
[ "$(tr -d '\0' <&7 | wc -c)" -eq 0 ]
ok $? 'and was overwritten before'
check 'but not where it has another name' grep -q SECRET other
exec 7<&-
i=0
while [ $i -lt 70 ]; do
	file=run/kpipe/$(printf '%064d' $i)
	echo x >"$file"
	touch -d "@$((4000000000 + i))" "$file"
	i=$((i + 1))
done
before=$(kept | wc -l)
run env NEW=4 kconf --cache --kubeconfig f -o token
[ "$(kept | wc -l)" -eq "$before" ] && [ ! -e "run/kpipe/$(printf '%064d' 0)" ]
ok $? 'where too many are kept the one that ends first makes room'

# Damage.
while IFS='|' read -r name command; do
	fresh "$name"
	file=$(kept)
	eval "$command"
	runs 1 "$name: is not used"
	runs 0 "$name: and was replaced"
	[ -f "$file" ] && [ ! -h "$file" ] && [ "$(stat -c '%a %h' "$file")" = '600 1' ]
	ok $? "$name: by a file"
done <<'P'
an empty file|: >"$file"
half a file|truncate -s 40 "$file"
zeros|head -c 100 /dev/zero >"$file"
more behind it|echo x >>"$file"
another version|sed -i s/v1/v1beta1/ "$file"; chmod 600 "$file"
a file too large|truncate -s 2M "$file"
a file that others may read|sed -i s/secret-token/evil/ "$file"; chmod 644 "$file"
a file with a second name|sed s/secret-token/evil/ "$file" >x; chmod 600 x; ln -f x "$file"
a symbolic link|sed s/secret-token/evil/ "$file" >x; chmod 600 x; ln -sf "$PWD/x" "$file"
a FIFO|rm "$file"; mkfifo -m 600 "$file"
a draft that is left|touch "$file.new"; rm "$file"
a draft that is a link|rm "$file"; ln -s "$PWD/kept-safe" "$file.new"
P
[ ! -e kept-safe ]
ok $? 'nothing was written through a link'
check 'nor was what it names wiped' grep -q evil x
fresh 'a directory in its place'
file=$(kept)
rm "$file"
mkdir "$file"
without "cache: $(basename "$file"): Is a directory" 'a directory in its place'
rmdir "$file"
runs 1 'without it'

# Places that are none.
(
	unset XDG_RUNTIME_DIR
	without 'cache: XDG_RUNTIME_DIR: not set' 'no XDG_RUNTIME_DIR'
	export XDG_RUNTIME_DIR=
	without 'cache: XDG_RUNTIME_DIR: not set' 'an empty one'
	XDG_RUNTIME_DIR=run
	without 'cache: XDG_RUNTIME_DIR: not an absolute path' 'a relative one'
	XDG_RUNTIME_DIR=$PWD/f
	without "cache: $PWD/f: Not a directory" 'a file'
	XDG_RUNTIME_DIR=$PWD/none
	without "cache: $PWD/none: No such file" 'nothing'
	echo "$n_checks" >n
)
n_checks=$(cat n)
not_ours='not a directory that is ours alone'
for mode in 770 701 704; do
	chmod $mode run
	without "cache: $PWD/run: $not_ours" "a place of mode $mode"
done
chmod 700 run
for mode in 720 701; do
	chmod $mode run/kpipe
	without "cache: XDG_RUNTIME_DIR/kpipe: $not_ours" "a folder of mode $mode"
done
rm -rf run/kpipe
mkdir -m 700 trap
ln -s ../trap run/kpipe
without 'cache: XDG_RUNTIME_DIR/kpipe: Not a directory' 'a folder that is a link'
[ -z "$(ls trap)" ]
ok $? 'nothing is written where it points'
rm run/kpipe
mkfifo run/kpipe
without 'cache: XDG_RUNTIME_DIR/kpipe: Not a directory' 'a folder that is a FIFO'
rm run/kpipe
fresh 'a lock'
lock=$(kept).lock
kept_file=$(kept)
for make in 'mkfifo LOCK' 'ln -s ../../x LOCK' 'mkdir LOCK'; do
	rm -rf "$lock"
	eval "$(echo "$make" | sed "s|LOCK|$lock|")"
	without "cache: $(basename "$lock"): " "a lock by $make"
done
if [ "$(id -u)" -eq 0 ]; then
	fresh 'owners'
	chown 12345 run/kpipe
	without "cache: XDG_RUNTIME_DIR/kpipe: $not_ours" "somebody else's folder"
	chown 0 run/kpipe
	chown 12345 run
	without "cache: $PWD/run: $not_ours" "somebody else's place"
	chown 0 run
	file=$(kept)
	sed -i s/secret-token/evil/ "$file"
	chmod 600 "$file"
	chown 12345 "$file"
	runs 1 "somebody else's file"
	runs 0 'and it was replaced'
else
	skip 7 'owners' 'not root'
fi

# No room.
fresh 'room'
rm "$(kept)"
json "\"token\":\"$(printf '%09000d' 1)\",\"expirationTimestamp\":\"$good_until\""
run sh -c 'ulimit -f 4; kconf --cache --kubeconfig f -o expires'
fails 0 'File too large' 'a limit to the size of files'
stdout_is "$good_until" 'the credential is there all the same'
[ -z "$(kept)" ]
ok $? 'nothing half-written is left'
json "\"token\":\"$token\",\"expirationTimestamp\":\"$good_until\""
if unshare -rm true 2>/dev/null; then
	cat >full <<-'P'
	mount -t tmpfs -o size=4k,mode=700 none run && mkdir -m 700 run/kpipe || exit 9
	head -c 100000 /dev/zero >run/filler 2>/dev/null
	kconf --cache --kubeconfig f -o token; rc=$?
	ls run/kpipe >left
	exit $rc
	P
	run unshare -rm sh full
	fails 0 'No space left on device' 'a full disk'
	stdout_is "$token" 'the token is there all the same'
	! grep -qv 'lock$' left
	ok $? 'nothing half-written is left'
else
	skip 3 'a full disk' 'unshare may not mount'
fi

# Many at once.
cat >slow <<'P'
#!/bin/sh
echo >>"$HOME/runs"
: >"$HOME/started"
while [ ! -e "$HOME/go" ]; do sleep 0.05; done
cat "$HOME/answer"
P
chmod +x slow
# at_once N: so many of them, that all wait for one plugin
at_once() {
	rm -f go started out.*
	: >runs
	pids=
	i=0
	while [ $i -lt "$1" ]; do
		kconf --cache --kubeconfig f -o token >out.$i 2>&1 &
		pids="$pids $!"
		i=$((i + 1))
	done
	for _ in $(seq 100); do [ ! -e started ] || break; sleep 0.1; done
}
for n in 2 10; do
	config
	sed -i 's/command: tell/command: slow/' f
	rm -rf run/kpipe
	at_once $n
	sleep 0.3
	touch go
	wait
	[ "$(wc -l <runs)" -eq 1 ] && [ "$(cat out.* | sort | uniq -c | tr -s ' ')" = " $n $token" ]
	ok $? "$n at once: one plugin, $n tokens"
done
rm -rf run/kpipe
at_once 1
first=$pids
kconf --cache --kubeconfig f -o token >second 2>&1 &
second=$!
sleep 0.3
[ "$(wc -l <runs)" -eq 1 ]
ok $? 'the second waits for the first'
kill -9 "$first"
for _ in $(seq 100); do [ "$(wc -l <runs)" -lt 2 ] || break; sleep 0.1; done
touch go
wait $second
rc=$?
[ $rc -eq 0 ] && [ "$(cat second)" = "$token" ] && [ "$(wc -l <runs)" -eq 2 ]
ok $? 'kill -9 of the first: the second runs the plugin'
wait
rm -rf run/kpipe
at_once 1
first=$pids
env --default-signal=INT kconf --cache --kubeconfig f -o token >second 2>&1 &
second=$!
sleep 0.3
kill -INT "$second"
wait $second
[ $? -eq 130 ]
ok $? 'one that waits dies of SIGINT'
: >runs
run env KPIPE_PLUGIN_TIMEOUT=1 kconf --cache --kubeconfig f -o token
fails 1 'no answer after 1 seconds' 'another environment does not wait'
touch go
wait
# the same name, and the lock is somebody's who never ends
lock=$(kept).lock
rm "$(kept)"
KPIPE_PLUGIN_TIMEOUT=1
export KPIPE_PLUGIN_TIMEOUT
run kconf --cache --kubeconfig f -o token
good 'a time of its own'
lock=$(kept).lock
flock "$lock" sh -c 'touch locked; while [ ! -e unlock ]; do sleep 0.1; done' &
for _ in $(seq 100); do [ ! -e locked ] || break; sleep 0.1; done
without "cache: $(basename "$lock"): in use for too long" 'a lock that is never given back'
touch unlock
wait
KPIPE_PLUGIN_TIMEOUT=60
rm -rf run/kpipe
run kconf --cache --kubeconfig f -o token
lock=$(kept).lock
rm -f locked unlock
flock "$lock" sh -c 'touch locked; while [ ! -e unlock ]; do sleep 0.1; done' &
for _ in $(seq 100); do [ ! -e locked ] || break; sleep 0.1; done
kconf --cache --kubeconfig f -o token >second 2>&1 &
sleep 0.3
second=$!
: >run/another
mv run/another "$lock"
flock "$lock" sh -c 'touch held; while [ ! -e let-go ]; do sleep 0.1; done' &
for _ in $(seq 100); do [ ! -e held ] || break; sleep 0.1; done
touch unlock
sleep 0.5
kill -0 "$second"
ok $? 'a lock that was replaced meanwhile is none: it waits for the other'
touch let-go
wait
[ "$(cat second)" = "$token" ]
ok $? 'and then has the token'
unset KPIPE_PLUGIN_TIMEOUT

# A plugin that fails, and one that asks.
config
fresh 'failure'
rm "$(kept)"
json '"token":"a\nb","expirationTimestamp":"2099-01-02T03:04:05Z"'
run kconf --cache --kubeconfig f
fails 1 'a line break or control byte' 'a token that cannot be used'
[ -z "$(kept)" ]
ok $? 'is not kept'
json "\"token\":\"tTYPED\",\"expirationTimestamp\":\"$good_until\""
config 'interactiveMode: Always, env: [{name: KUBERNETES_ASK, value: now}]'
: >runs
for typed in me you; do
	printf '%s\n' $typed | script -qec \
		'kconf --cache --kubeconfig f -o token >out 2>err </dev/tty' \
		/dev/null >/dev/null 2>&1
	stdout_is tme "a plugin that asks, with $typed typed"
done
[ "$(wc -l <runs)" -eq 1 ]
ok $? 'it asked once'
# the documented way for kexec
printf 'you\n' | script -qec \
	'bash -c '\''cat <(kconf --cache --kubeconfig f -o token </dev/tty) >out'\' \
	/dev/null >/dev/null 2>&1
stdout_is tme 'as a record for kexec -K'
finish
