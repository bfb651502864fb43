#!/bin/sh
# The command line; what it makes of a kubeconfig is in the rows of table/.
. "$KPIPE_TESTS/lib.sh"

# config CLUSTER USER [CONTEXT]: the kubeconfig f
config() {
	about="{$1} {$2}"
	cat >f <<-EOF
	apiVersion: v1
	kind: Config
	current-context: c
	clusters:
	- {name: other, cluster: {server: "https://other"}}
	- name: k
	  cluster: {$1}
	contexts:
	- {name: second, context: {cluster: other, user: other, namespace: two}}
	- name: c
	  context: {${3-cluster: k, user: u}}
	users:
	- {name: other, user: {token: other-token}}
	- name: u
	  user: {$2}
	EOF
}

# gives VALUE FORMAT [OPTIONS]: what kconf makes of f
gives() {
	gives_want=$1
	gives_format=$2
	shift 2
	run kconf --kubeconfig f -o "$gives_format" "$@"
	[ "$rc" -eq 0 ] && [ ! -s err ] && [ "$(cat out)" = "$gives_want" ]
	ok $? "$about $*: $gives_format is $gives_want"
}

# wrong TEXT [OPTIONS]: fails for this reason, and prints nothing
wrong() {
	wrong_text=$1
	shift
	run kconf --kubeconfig f "$@"
	[ "$rc" -eq 1 ] && [ "$(wc -l <err)" -eq 1 ] && [ ! -s out ] &&
		grep -qF -- "$wrong_text" err
	ok $? "$about $*: fails: $wrong_text"
}

# bad TEXT OPTIONS: a usage error
bad() {
	bad_text=$1
	shift
	run kconf "$@"
	[ "$rc" -eq 2 ] && [ ! -s out ] && [ "$(cat err)" = "kconf: $bad_text (see --help)" ]
	ok $? "$*: usage: $bad_text"
}

https='server: "https://h:6443"'
# Command line.
bad '--nonsense: unknown option' --nonsense
bad 'word: unexpected operand' word
bad '--tokn: unknown option' --tokn=secret
bad '-o xml: unknown format' -o xml
bad '-o: needs an argument' -o
bad '--context: needs an argument' --context
bad '--redact: only with json and yaml' --redact -o token
bad '--list: not with --output' --list -o json
bad 'k: wants KEY=VALUE' --as-user-extra k
bad 'maybe: wants true or false' --insecure-skip-tls-verify=maybe
run kconf --help
good
grep -q '^usage: kconf' out
ok $? '--help says usage on stdout'
run kconf --version
good
stdout_is "kconf (kpipe) $(cat "$KPIPE_TESTS/../VERSION")"

# Warnings, and none with -q.
printf option >optional
config "$https" 'tokenFile: gone, token: inline'
gives inline token -q
config "$https" 'tokenFile: optional'
gives option token --token x -q
config 'Server: "https://h"' 'token: t'
run kconf --kubeconfig f -s https://h -o token
status 0
says 'kconf: f: line 7: Server is not read, server would be'
run kconf --kubeconfig f -s https://h -o token -q
good
config "$https" 'username: name, password: p'
wrong 'token: the record has none' -o token

# The other way in for options.
config "$https" 'token: t'
printf -- '--token\0secret\0-n\0a\nb\0--as-group\0g\0--as\0u\0' >words
run_sh 'kconf --kubeconfig f --args-fd 5 -o token 5<words'
good
stdout_is secret
run_sh 'kconf --kubeconfig f --args-fd=0 -o namespace --context second <words'
stdout_is 'a
b'
run_sh 'kconf --kubeconfig f --args-fd 5 -o token 5</dev/null'
stdout_is t
fd_is_wrong() {
	printf '%b' "$1" >words
	run_sh 'kconf --kubeconfig f --args-fd 5 5<words'
	fails 2 "$2"
}
fd_is_wrong '--token' 'the last word has no end'
fd_is_wrong '--token\0000' '--token: needs an argument'
fd_is_wrong '--list\0000' '--list: unknown option'
fd_is_wrong 'word\0000' 'word: not an option'
fd_is_wrong '--as-user-extra\0000x\0000' 'x: wants KEY=VALUE'
run kconf --args-fd 77
fails 2 '--args-fd 77: Bad file descriptor'
bad '--args-fd x: not a descriptor' --args-fd x
bad '--args-fd 1: is for output' --args-fd 1
bad '--args-fd: given twice' --args-fd 5 --args-fd 5

# -v names the choice, and no secret.
run kconf --kubeconfig f -v -o server --token hidden
status 0
says 'kconf: context "c", cluster "k", user "u": https://h:6443'
run kconf --kubeconfig f -v --proxy-url http://u:hidden@p -s ftp://u:hidden@h --token hidden
grep -q hidden err
[ $? -eq 1 ]
ok $? 'a fault shows no secret'
for proxy in ftp://u:hidden@p 'http://u:%zzhidden@p' u:hidden@p http://u:hidden@; do
	run kconf --kubeconfig f -vv --proxy-url "$proxy" --token hidden
	[ "$rc" -eq 1 ] && [ -s err ] && ! grep -q hidden err
	ok $? "a fault in $proxy shows no secret"
done

# A stdout that cannot be written to.
run_sh 'kconf --kubeconfig f >/dev/full'
fails 1 'stdout: No space left on device'
run_sh 'kconf --kubeconfig f >&-'
fails 1 'stdout: Bad file descriptor'
finish
