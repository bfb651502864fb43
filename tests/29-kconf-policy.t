#!/bin/sh
# Which credential plugins may run: the policy of a kuberc, by a table, and
# that nothing of a plugin runs, and nothing is asked, otherwise.
. "$KPIPE_TESTS/lib.sh"

v1=client.authentication.k8s.io/v1
esc=$(printf '\033')
mkdir -p bin other .kube
PATH=$PWD/bin:$PATH
export XDG_RUNTIME_DIR="$PWD/run"
mkdir -m 700 run
cat >bin/tell <<'P'
#!/bin/sh
echo >>ran
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t","expirationTimestamp":"2099-01-02T03:04:05Z"}}'
P
chmod +x bin/tell
cp bin/tell other/tell
cp bin/tell bin/tell2

# config COMMAND [MORE]: the kubeconfig f, whose user has that plugin
config() {
	cat >f <<-P
	current-context: c
	clusters: [{name: k, cluster: {server: "https://h:1/p"}}]
	contexts: [{name: c, context: {cluster: k, user: u}}]
	users: [{name: u, user: {exec: {apiVersion: $v1, interactiveMode: Never,
	  command: "$1"}${2-}}}]
	P
}
# runs NAME [OPTIONS]: the plugin does, and nothing is said
runs() {
	runs_name=$1
	shift
	rm -f ran
	run kconf --kubeconfig f -o token "$@"
	[ "$rc" -eq 0 ] && [ ! -s err ] && [ "$(cat out)" = t ] && [ -e ran ]
	ok $? "$runs_name: it runs"
}
# refuses TEXT NAME [OPTIONS]: it does not, for this reason
refuses() {
	refuses_text=$1
	refuses_name=$2
	shift 2
	rm -f ran
	run kconf --kubeconfig f -o token "$@"
	[ "$rc" -eq 1 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
		grep -qF -- "$refuses_text" err && [ ! -e ran ]
	ok $? "$refuses_name: $(printf %s "$refuses_text" | tr '\134' /)"
}
head='apiVersion: kubectl.config.k8s.io/v1beta1
kind: Preference
'
# kuberc LINES: ~/.kube/kuberc; \n is a new line, and the head has two
kuberc() {
	printf '%s' "$head" >.kube/kuberc
	printf '%b\n' "$1" >>.kube/kuberc
}
list='credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist'

# What decides: the lines of the kuberc, the plugin, and whether it may run.
config tell
runs 'no kuberc'
while IFS='|' read -r lines command text; do
	kuberc "$lines"
	command=$(echo "$command" | sed "s|@|$PWD|")
	config "$command"
	case $text in
	runs) runs "$lines, $command" ;;
	*) refuses "$(echo "$text" | sed "s|@|$PWD|g")" "$lines, $command" ;;
	esac
done <<P
|tell|runs
defaults: []\naliases: [{name: x}]|tell|runs
credentialPluginPolicy: AllowAll|tell|runs
credentialPluginPolicy: ""|tell|runs
credentialPluginPolicy: null|tell|runs
credentialPluginPolicy:\ncredentialPluginAllowlist:|tell|runs
credentialPluginPolicy: DenyAll|tell|kconf: f: line 4: user "u": exec plugin "tell": not allowed: @/.kube/kuberc: line 3: credentialPluginPolicy is "DenyAll"
credentialPluginPolicy: DenyAll|@/other/tell|credentialPluginPolicy is "DenyAll"
credentialPluginPolicy: DenyAll\ncredentialPluginAllowlist: null|tell|is "DenyAll"
$list: [{command: tell}]|tell|runs
$list: [{name: tell}]|tell|runs
$list: [{command: tell, name: ""}]|tell|runs
$list: [{command: x}, {command: tell}]|tell|runs
$list: [{command: $PWD/bin/tell}]|tell|runs
$list: [{command: tell}]|@/bin/tell|runs
$list: [{command: $PWD/other/tell}]|./other/tell|runs
$list: [{command: $PWD/other/tell}]|@/other/../other//tell|runs
$list:\n- command: tell2\n- command: $PWD/other/tell|tell|not allowed: @/.kube/kuberc: line 4: credentialPluginAllowlist has no "@/bin/tell"
$list: [{command: tell}]|@/other/tell|credentialPluginAllowlist has no "@/other/tell"
$list: [{command: tell}]|tell2|credentialPluginAllowlist has no "@/bin/tell2"
$list: [{command: tel}, {command: tell.x}]|tell|has no "@/bin/tell"
$list: [{command: TELL}]|tell|has no "@/bin/tell"
$list: [{command: "*"}]|tell|has no "@/bin/tell"
$list: [{command: other/tell}]|@/other/tell|has no "@/other/tell"
$list: [{command: nowhere}]|nowhere|exec plugin "nowhere": executable not found
$list: [{command: tell}]|nowhere|credentialPluginAllowlist has no "nowhere"
credentialPluginPolicy: DenyAll|nowhere|is "DenyAll"
P

# What is no policy: the faults, each before anything runs.
config tell
while IFS='|' read -r lines text; do
	kuberc "$lines"
	refuses "kconf: $PWD/.kube/kuberc: $text" "$lines"
done <<P
credentialPluginPolicy: denyall|line 3: credentialPluginPolicy: "denyall" is none
credentialPluginPolicy: Deny All|line 3: credentialPluginPolicy: "Deny All" is none
credentialPluginPolicy: true|line 3: credentialPluginPolicy: true or false where a string belongs
credentialPluginPolicy: [DenyAll]|line 3: credentialPluginPolicy: a list where a string belongs
credentialPluginPolicy: AllowAll\ncredentialPluginPolicy: DenyAll|line 4: credentialPluginPolicy: a second time
credentialPluginPolicy: DenyAll\ncredentialPluginPolicy: AllowAll|line 4: credentialPluginPolicy: a second time
CredentialPluginPolicy: DenyAll|line 3: CredentialPluginPolicy: unknown
credentialPluginPolcy: DenyAll|line 3: credentialPluginPolcy: unknown
credentialPluginAllowList: [{command: tell}]|line 3: credentialPluginAllowList: unknown
credentialPluginAllowlist: [{command: tell}]|line 3: credentialPluginAllowlist: only with credentialPluginPolicy "Allowlist"
credentialPluginPolicy: AllowAll\ncredentialPluginAllowlist: [{command: tell}]|line 4: credentialPluginAllowlist: only with
credentialPluginPolicy: DenyAll\ncredentialPluginAllowlist: []|line 4: credentialPluginAllowlist: only with
credentialPluginPolicy: Allowlist|line 3: credentialPluginAllowlist: missing
$list:|line 3: credentialPluginAllowlist: missing
$list: []|line 4: credentialPluginAllowlist: empty, which is what "DenyAll" is for
$list: tell|line 4: credentialPluginAllowlist: a string where a list belongs
$list: [tell]|line 4: credentialPluginAllowlist[0]: a string where a mapping belongs
$list: [{command: tell}, null]|line 4: credentialPluginAllowlist[1]: no command
$list: [{command: tell}, {}]|line 4: credentialPluginAllowlist[1]: no command
$list: [{command: ""}]|line 4: credentialPluginAllowlist[0]: no command
$list: [{command: 5}]|line 4: credentialPluginAllowlist[0].command: a number where a string belongs
$list: [{Command: tell}]|line 4: credentialPluginAllowlist[0].Command: unknown
$list: [{command: tell, command: x}]|line 4: credentialPluginAllowlist[0].command: a second time
$list: [{command: tell, name: tell}]|line 4: credentialPluginAllowlist[0]: command and name: only one may be given
$list:\n- command: tell\n- command: /x/../tell|line 6: credentialPluginAllowlist[1]: "/x/../tell" has to be "/tell"
$list: [{command: ./tell}]|line 4: credentialPluginAllowlist[0]: "./tell" has to be "tell"
$list: [{command: /bin//tell}]|line 4: credentialPluginAllowlist[0]: "/bin//tell" has to be "/bin/tell"
$list: [{command: tell/}]|line 4: credentialPluginAllowlist[0]: "tell/" has to be "tell"
x: [|line 4: 
---\n5|line 4: a number where a kuberc belongs
---\nkind: Preference\napiVersion: kubectl.config.k8s.io/v1beta1|line 4: a second document of v1beta1
P

# Documents and versions.
version() {
	printf 'apiVersion: %s\nkind: %s\n%s\n' "$1" "${3-Preference}" "$2"
}
deny='credentialPluginPolicy: DenyAll'
k8s=kubectl.config.k8s.io
: >.kube/kuberc
runs 'an empty kuberc'
printf -- '---\n# nothing\n---\n' >.kube/kuberc
runs 'two documents of nothing'
version $k8s/v1alpha1 'overrides: []' >.kube/kuberc
runs 'v1alpha1, which has no policy'
version $k8s/v1alpha1 "$deny" >.kube/kuberc
refuses 'line 3: credentialPluginPolicy: not in v1alpha1' 'one in v1alpha1'
for other in $k8s/v1 $k8s/v1beta2 v1beta1 v1 ''; do
	version "$other" "$deny" >.kube/kuberc
	refuses "apiVersion: \"$other\" is not known, and may have a policy" "version \"$other\""
done
version $k8s/v1beta1 "$deny" Config >.kube/kuberc
refuses 'line 1: kind: "Config" is not "Preference"' 'another kind'
echo "$deny" >.kube/kuberc
refuses 'line 1: kind: "" is not "Preference"' 'no kind'
{ version $k8s/v1 ''; echo ---; version $k8s/v1beta1 "$deny"; } >.kube/kuberc
refuses 'line 7: credentialPluginPolicy is "DenyAll"' 'v1beta1 behind one that is not known'
{ version $k8s/v1beta1 ''; echo ---; version $k8s/v1 "$deny"; } >.kube/kuberc
runs 'and in front of it'
{ version $k8s/v1alpha1 ''; echo ---; version $k8s/v1beta1 "$deny"; } >.kube/kuberc
refuses 'line 7: credentialPluginPolicy is "DenyAll"' 'v1beta1 behind v1alpha1'
{ version $k8s/v1alpha1 ''; echo ...; version $k8s/v1beta1 "$deny"; } >.kube/kuberc
refuses 'line 5: did not find expected <document start>' 'a document that starts without ---'
{ version $k8s/v1alpha1 ''; echo "--- {kind: Preference, apiVersion: $k8s/v1beta1, $deny}"; } >.kube/kuberc
refuses 'line 4: credentialPluginPolicy is "DenyAll"' 'one in a line'
{ version $k8s/v1beta1 ''; echo '--- {'; } >.kube/kuberc
refuses ': line 5: ' 'a fault in a later document'
printf '{"kind":"Preference","apiVersion":"%s","credentialPluginPolicy":"DenyAll"}' $k8s/v1beta1 >.kube/kuberc
refuses 'line 1: credentialPluginPolicy is "DenyAll"' 'JSON'

# Which file: the option, KUBERC, the place in HOME; and none.
kuberc 'credentialPluginPolicy: DenyAll'
version $k8s/v1beta1 '' >open
version $k8s/v1beta1 "$deny" >closed
runs 'the option' --kuberc open
refuses 'not allowed: closed: line 3' 'the option' --kuberc closed
refuses 'kconf: gone: No such file' 'an option that names nothing' --kuberc gone
refuses '.kube/kuberc: line 3' 'an empty option' --kuberc ''
refuses 'kconf: bin: Is a directory' 'a directory' --kuberc bin
KUBERC=open
export KUBERC
runs 'KUBERC'
refuses 'not allowed: closed: line 3' 'the option before KUBERC' --kuberc closed
KUBERC=gone
refuses 'kconf: gone: No such file' 'a KUBERC that names nothing'
runs 'an option in its place' --kuberc open
KUBERC=
refuses '.kube/kuberc: line 3' 'an empty KUBERC'
KUBERC=off
runs 'KUBERC=off'
refuses '--kuberc closed: not with KUBERC=off' 'and a file' --kuberc closed
KUBERC=OFF
refuses 'kconf: OFF: No such file' 'KUBERC=OFF'
unset KUBERC
KUBECTL_KUBERC=false
export KUBECTL_KUBERC
runs 'KUBECTL_KUBERC=false'
refuses '--kuberc open: not with KUBECTL_KUBERC=false' 'and a file' --kuberc open
for gate in true False 0 ''; do
	KUBECTL_KUBERC=$gate
	refuses '.kube/kuberc: line 3' "KUBECTL_KUBERC=$gate"
done
unset KUBECTL_KUBERC
if [ "$(id -u)" -ne 0 ]; then
	chmod 0 .kube/kuberc
	refuses '.kube/kuberc: Permission denied' 'one that may not be read'
	chmod 600 .kube/kuberc
else
	skip 1 'one that may not be read' 'root may read all'
fi
rm .kube/kuberc
mkdir .kube/kuberc
refuses '.kube/kuberc: Is a directory' 'a directory at its place'
rmdir .kube/kuberc
runs 'none at its place'
kuberc 'credentialPluginPolicy: DenyAll'
run env -u HOME kconf --kubeconfig f -o token
[ "$rc" -eq 0 ] && [ ! -s err ]
ok $? 'no HOME, no kuberc'
rm .kube/kuberc
run_sh 'printf "%s\0" --kuberc closed | kconf --kubeconfig f --args-fd 0'
fails 1 'not allowed: closed: line 3' 'the option by --args-fd'
run kexec --kubeconfig f --kuberc closed --no-stdin pod -- true
fails 255 'not allowed: closed: line 3' 'kexec passes it on'

# It is asked only when a plugin is to run.
echo 'x: [' >.kube/kuberc
refuses '.kube/kuberc: line 2: ' 'a kuberc with a fault'
for user in ', token: t' ', username: t' ', tokenFile: file'; do
	config tell "$user"
	echo t >file
	rm -f ran
	run kconf --kubeconfig f
	[ "$rc" -eq 0 ] && [ ! -s err ] && [ ! -e ran ]
	ok $? "is not read with$user"
done
config tell
run kconf --kubeconfig f --list
good 'nor for --list'
rm .kube/kuberc
runs 'a plugin whose answer is kept' --cache
rm ran
run kconf --kubeconfig f -o token --cache
stdout_is t 'an answer that was kept is given'
[ ! -e ran ]
ok $? 'since nothing runs for it'
kuberc 'credentialPluginPolicy: DenyAll'
refuses 'is "DenyAll"' 'but not where the policy forbids it' --cache
config 'tell","interactiveMode":"Always'
sed -i 's/interactiveMode: Never,//; s/","interactiveMode":"/", "interactiveMode": "/' f
refuses 'standard input is not a terminal' 'what cannot run is not asked for'
rm .kube/kuberc

# The hint of a plugin that is not there is a stranger's text.
hint() {
	config not-there
	sed -i "s/command: \"not-there\"/command: not-there, installHint: $(printf %s "$1" | sed 's/[\\&/]/\\&/g')/" f
}
hint '"a\e[31mb\nc\r\td\x9b\u202ee\u2066\0end"'
refuses 'line 5: users[0].user.exec.installHint: a NUL byte in it' 'a hint with a NUL'
hint '"a\e[31mb\nc\r\td\u009b\u202ee\u2066\u2028end"'
refuses 'executable not found: a\033[31mb\nc\r\td\302\233\342\200\256e\342\201\246' 'a hint that drives a terminal'
! LC_ALL=C grep -q "[$(printf '\001')-$(printf '\011')$(printf '\013')-$(printf '\037')$(printf '\177')]" err
ok $? 'no control byte is left of it'
config not-there
perl -pi -e 's/command: "not-there"/"command: not-there, installHint: \"begin" .
	("\\e[1mx" x 25600) . "end\""/e' f
refuses 'executable not found: begin\033[1mx' 'a hint of 150 KiB'
[ "$(wc -c <err)" -lt 8192 ] && grep -q 'end$' err
ok $? 'is one line that has its end, and is not long'
config not-there
sed -i 's/command: "not-there"/command: not-there, installHint: "evil"/' f
kuberc 'credentialPluginPolicy: DenyAll'
refuses 'is "DenyAll"' 'a plugin that is not allowed is not recommended'
! grep -q evil err
ok $? 'there is no hint then'
finish
