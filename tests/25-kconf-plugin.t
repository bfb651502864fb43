#!/bin/sh
# Exec credential plugins: what they are given, what they may answer, and that
# none outlives its time.  Numbers are those of the client-go test rows that
# kconf follows.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/kubectl.sh"

v1=client.authentication.k8s.io/v1
beta=client.authentication.k8s.io/v1beta1
esc=$(printf '\033')
mkdir bin
PATH=$PWD/bin:$PATH
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem \
	-subj /CN=u -days 1 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem \
	-subj /CN=ca -days 1 2>/dev/null
cat >tell <<'E'
#!/bin/sh
# answers, after having written down what it was given
printf '%s\n' "$0" "$@" >argv
tr '\0' '\n' </proc/$$/environ >env.seen
printf '%s' "$KUBERNETES_EXEC_INFO" >info
cat >stdin.seen
tr '\0' '\n' <"/proc/$PPID/cmdline" >parent
cat answer
E
chmod +x tell

# config EXEC [CLUSTER] [USER]: the kubeconfig f, whose user has a plugin
config() {
	cat >f <<-E
	current-context: c
	clusters: [{name: k, cluster: {server: "https://h:1/p", ${2-}}}]
	contexts: [{name: c, context: {cluster: k, user: u}}]
	users: [{name: u, user: {exec: {$1}${3-}}}]
	E
}

# json STATUS [VERSION]: what the plugin will answer
json() {
	printf '{"apiVersion":"%s","kind":"ExecCredential","status":{%s}}\n' \
		"${2-$v1}" "$1" >answer
}

# gives FORMAT VALUE NAME [OPTIONS]
gives() {
	gives_format=$1
	gives_want=$2
	gives_name=$3
	shift 3
	run kconf --kubeconfig f -o "$gives_format" "$@"
	[ "$rc" -eq 0 ] && [ ! -s err ] && [ "$(cat out)" = "$gives_want" ]
	ok $? "$gives_name: $gives_format is $(echo "$gives_want" | head -n 1)"
}

# no TEXT NAME: it fails for this reason and prints nothing
no() {
	run kconf --kubeconfig f
	[ "$rc" -eq 1 ] && [ "$(wc -l <err)" -eq 1 ] && [ ! -s out ] &&
		grep -qF -- "$1" err
	ok $? "$2: $(printf %s "$1" | tr '\134' /)"
}

plugin="apiVersion: $v1, command: ./tell, interactiveMode: Never"

# What a plugin is given.
export SEEN=ours TAKEN=ours
json '"token":"foo-bar"'
config "$plugin, args: [get-token, '--a b', '\$HOME', ''],
  env: [{name: TAKEN, value: first}, {name: TAKEN, value: 'last one'}, {name: EMPTY, value: ''}]"
echo 'of kconf' >typed
run_sh 'kconf --kubeconfig f -o token --token "" <typed'
good 'row 92: a token'
stdout_is foo-bar 'row 92: the token is printed'
printf '%s\n' "$PWD/tell" get-token '--a b' '$HOME' '' >want
same want argv 'its arguments, without a shell'
check 'it inherits our variables' grep -qx SEEN=ours env.seen
check 'the later of its own wins' grep -qx 'TAKEN=last one' env.seen
[ "$(grep -c ^TAKEN= env.seen)" -eq 1 ]
ok $? 'and there is one of a name'
check 'row 86: an empty one is set' grep -qx EMPTY= env.seen
[ ! -s stdin.seen ]
ok $? 'row 93: Never: its stdin is empty, not ours'
printf '{"kind":"ExecCredential","apiVersion":"%s","spec":{"interactive":false}}\n' \
	$v1 >want
same want info 'row 93: what it is told'
! grep -q foo-bar parent
ok $? 'no secret is in the arguments of kconf'
config "$plugin, env: [{name: KUBERNETES_EXEC_INFO, value: mine}]"
gives token foo-bar 'its own KUBERNETES_EXEC_INFO'
same want info 'is not used'
config "apiVersion: $beta, command: ./tell"
json '"token":"foo-bar"' $beta
gives token foo-bar 'row 93: v1beta1, IfAvailable by default'
check 'row 93: it is not interactive' grep -q '"interactive":false' info
mkdir elsewhere
config "apiVersion: $beta, command: ../tell"
mv f elsewhere/f
run kconf --kubeconfig elsewhere/f -o token
good 'a command beside its kubeconfig, and our working directory'
config "apiVersion: $beta, command: $PWD/elsewhere/.././tell"
gives token foo-bar 'a command that is not clean'
check 'is cleaned' grep -qx "$PWD/tell" argv
ln -s ../tell bin/plugged
config "apiVersion: $beta, command: plugged"
gives token foo-bar 'a command by PATH'
cp tell here
config "apiVersion: $beta, command: here"
no 'executable not found' 'a command that is only in the working directory'
run_sh "PATH=:\$PATH kconf --kubeconfig f"
fails 1 'Permission denied' 'not even with an empty part of PATH'

# A fault in its answer shows no token.
config "$plugin"
printf '{"apiVersion":"%s","kind":"ExecCredential","status":{"token":"SECRET"}} more' \
	$v1 >answer
no 'line 1: end of file expected' 'text behind the answer'
! grep -q SECRET err
ok $? 'no token in a message'
json '"token":"t","expirationTimestamp":"2001-01-02T03:04:05Z"'
gives token t 'one that is over, and nothing said' -q

# The same answers to kubectl, which takes or refuses them alike, but for three
# that only it takes.  A line is: who takes it, its name, and it for printf %b.
sed -i 's|https://h:1/p|https://127.0.0.1:1|' f
start='{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":'
yaml='apiVersion: client.authentication.k8s.io/v1\nkind: ExecCredential\nstatus:\n  token: '
ends="$start\"a\",\"expirationTimestamp\":"
while IFS='|' read -r who name text; do
	printf %b "$text" >answer
	case $who in both) want=0 ;; *) want=1 ;; esac
	run kconf --kubeconfig f -o token
	[ "$rc" -eq $want ] && [ "$(wc -l <err)" -eq $want ]
	ok $? "$name: exit $want"
	if [ -z "$KUBECTL" ]; then
		skip 1 "$name: kubectl" 'no kubectl of 1.31 or later'
		continue
	fi
	case $who in none) want='getting credentials|invalid header' ;; *) want='127.0.0.1:1 was refused' ;; esac
	timeout 20 "$KUBECTL" --kubeconfig f get --raw / >theirs 2>&1 </dev/null
	check "$name: kubectl: $want" grep -qE "$want" theirs
done <<E
none|a NUL in the token|$start"a\\0000b"}}
none|a NUL in it, escaped|$start"a\\\\u0000b"}}
none|a NUL behind it|$start"a"}}\\0000
kubectl|no UTF-8, in JSON|$start"a\\0377"}}
none|no UTF-8, in YAML|$yaml"a\\0377"\\n
none|two answers|$start"a"}}\\n$start"b"}}
both|two documents|$yaml"a"\\n---\\n$yaml"b"\\n
both|two tokens|$start"a","token":"b"}}
both|a byte order mark|\\0357\\0273\\0277$start"a"}}
both|blanks before it|\\n \\t$start"a"}}
none|a comment behind JSON|$start"a"}} # c
none|an empty token|$start""}}
none|an empty end|$ends""}}
both|no end|${ends}null}}
none|an end in second 60|$ends"2099-01-01T00:00:60Z"}}
both|an end in a zone|$ends"2099-01-01T00:00:00+02:00"}}
none|an end in no zone|$ends"2099-01-01T00:00:00"}}
kubectl|an end with a comma|$ends"2099-01-01T00:00:00,5Z"}}
kubectl|an end in the year 0|$ends"0000-01-01T00:00:00Z"}}
none|a list|[$start"a"}}]
both|1 MiB|$start"a"}}$(printf '%*s' $((1048576 - ${#start} - 5)) '')
E
[ "$(wc -c <answer)" -eq 1048576 ]
ok $? 'to the byte'
echo >>answer
no 'printed more than 1048576 bytes' 'and one more'

# Plugins that fail.
config "$plugin"
printf '#!/bin/sh\necho "log in: \033[1m" >&2\necho half\nexit 73\n' >tell
run kconf --kubeconfig f
[ "$rc" -eq 1 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 2 ] &&
	grep -q "^log in: $esc" err &&
	grep -q "exec plugin \"$PWD/tell\": failed with exit code 73$" err
ok $? 'row 100: exit code 73, and its stderr as it is'
printf '#!/bin/sh\nkill -9 $$\n' >tell
no 'killed by signal 9' 'a plugin that is killed'
printf '#!/nonexistent\n' >tell
no 'executable not found' 'one without its interpreter'
chmod -x tell
no 'Permission denied' 'one that cannot be run'
config "apiVersion: $v1, command: not-there, interactiveMode: Never, installHint: \"get it:\\e[31m\\nnow\""
no 'exec plugin "not-there": executable not found: get it:\033[31m\nnow' \
	'row 99: no binary, and a hint with control bytes'
! grep -q "$esc" err
ok $? 'row 99: none of them reaches the terminal'
config "$plugin"
printf '#!/bin/sh\nexec head -c 10000000 /dev/zero\n' >tell
chmod +x tell
no 'printed more than 1048576 bytes' '10 MB of output'

# Nobody is left behind: these leave their group's number in ./group.
cat >tell <<'E'
#!/bin/sh
sh -c 'trap "" TERM; while :; do sleep 1; done' &
echo $$ >group.new
mv group.new group
wait
E
gone() {
	[ -s group ] || return 1
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		ps -eo pgid=,stat= | awk -v g="$(cat group)" \
			'$1 == g && $2 !~ /^Z/ { any = 1 } END { exit any }' &&
			return 0
		sleep 0.2
	done
	kill -KILL "-$(cat group)"
	return 1
}
run env KPIPE_PLUGIN_TIMEOUT=1 kconf --kubeconfig f
fails 1 'no answer after 1 seconds (KPIPE_PLUGIN_TIMEOUT), and killed' 'a plugin that hangs'
gone
ok $? 'and all of its group is gone'
run env KPIPE_PLUGIN_TIMEOUT=1x kconf --kubeconfig f
fails 1 'KPIPE_PLUGIN_TIMEOUT: "1x": not a number' 'a time that is none'
# a shell without job control has background jobs ignore SIGINT; env gives
# that back
for signal in INT TERM HUP; do
	rm -f group
	env --default-signal=INT kconf --kubeconfig f >out 2>err &
	pid=$!
	for _ in $(seq 100); do
		[ ! -e group ] || break
		sleep 0.1
	done
	kill -s $signal $pid
	wait $pid
	rc=$?
	last="SIG$signal"
	[ $rc -eq $((128 + $(kill -l $signal 2>/dev/null ||
		case $signal in INT) echo 2 ;; TERM) echo 15 ;; HUP) echo 1 ;; esac))) ]
	ok $? "SIG$signal: kconf dies of it"
	gone
	ok $? "SIG$signal: and all of the group is gone"
done

# The terminal.
cat >tell <<'E'
#!/bin/sh
printf '%s' "$KUBERNETES_EXEC_INFO" >info
[ -z "$ASKS" ] || read -r typed </dev/tty
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t%s"}}' "$typed"
E
mode() {
	config "apiVersion: $v1, command: ./tell, interactiveMode: $1"
}
on_terminal() {
	last="on a terminal: $1"
	rc=0
	rm -f info
	printf 'typed\n' | script -qec "$1" /dev/null >screen 2>&1 || rc=$?
}
mode Always
no 'cannot support interactive mode: standard input is not a terminal' 'row 95: Always'
run_sh 'kexec --kubeconfig f pod -- true </dev/null'
fails 255 'cannot support interactive mode: standard input is not a terminal' \
	'row 96: kexec gives it no stdin'
for mode in IfAvailable Always; do
	mode $mode
	export ASKS=yes
	on_terminal 'kconf --kubeconfig f -o token >out 2>err </dev/tty'
	stdout_is ttyped "row 94: $mode on a terminal reads it"
	check "row 94: $mode: it is interactive" grep -q '"interactive":true' info
done
mode Never
on_terminal 'kconf --kubeconfig f -o token >out 2>err'
stdout_is ttyped 'Never on a terminal: it may still ask there'
check 'but is not interactive' grep -q '"interactive":false' info
unset ASKS
finish
