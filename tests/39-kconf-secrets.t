#!/bin/sh
# Where secrets are not: in the memory of kconf when it ends, whichever way,
# in what it says, in what a plugin gets, on a terminal.
. "$KPIPE_TESTS/lib.sh"
memscan=$KPIPE_BUILD/tests/memscan
[ -z "$KPIPE_SAN" ] || skip_all 'sanitizers keep what was freed'
printf 'true x\n' >pieces
"$memscan" pieces report true >traced 2>&1 || skip_all "no tracing here: $(cat traced)"

v1=client.authentication.k8s.io/v1
# mark NAME: a secret of 48 bytes in $secret
mark() {
	secret=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
	pieces "$1" "$secret"
	pieces "$1/base64" "$(printf %s "$secret" | base64 -w0)"
}
# pieces NAME TEXT: to look for; a part of a secret counts as well
pieces() {
	printf %s "$2" | fold -w 16 | sed -n "s|^\(.\{12\}\).*|$1 \1|p" >>pieces
}
: >pieces
mark token && token=$secret
mark password && password=$secret
mark other && other=$secret
mark client-secret && client=$secret
mark proxy && proxy=$secret
mark plugin-token && plugin_token=$secret
mark variable && variable=$secret
mark option && option=$secret
mark word && word=$secret
mark key && key=$secret
mark plugin-key && plugin_key=$secret
pem() {
	printf '%s\n%s\n%s\n' "-----BEGIN $1-----" "$2" "-----END $1-----"
}
pem 'PRIVATE KEY' "$key" >key.pem
pem 'CERTIFICATE' AAAA >cert.pem
pieces key/data "$(tail -n +2 key.pem | base64 -w0)"
pieces key/data "$(base64 -w0 <key.pem | cut -c 45-)"
cert_data=$(base64 -w0 <cert.pem)
key_data=$(base64 -w0 <key.pem)
printf '%s\n' "$token" >token-file

# What the plugin answers, by the name in $HOW.
cat >tell <<'P'
#!/bin/sh
echo $PPID >"$HOME/parent"
tr '\0' '\n' <"/proc/$$/cmdline" >"$HOME/seen.argv"
tr '\0' '\n' <"/proc/$$/environ" >"$HOME/seen.env"
(cd "/proc/$$/fd" && echo *) >"$HOME/seen.fd"
cat "$HOME/answer.$HOW"
if [ "$HOW" = wait ]; then exec sleep 60; fi
P
chmod +x tell
escaped() {
	awk '{printf "%s\\n", $0}' "$1"
}
pem 'PRIVATE KEY' "$plugin_key" >plugin-key.pem
answer() {
	printf '{"apiVersion":"%s","kind":"ExecCredential","status":{%s}}\n' $v1 "$1"
}
answer "\"token\":\"$plugin_token\",\"expirationTimestamp\":\"2099-01-01T00:00:00Z\"" >answer.token
answer "\"token\":\"$plugin_token\",\"clientCertificateData\":\"$(escaped cert.pem)\",\"clientKeyData\":\"$(escaped plugin-key.pem)\"" >answer.pair
answer "\"token\":\"$plugin_token\\n\"" >answer.control
answer "\"token\":\"$plugin_token\"},\"status\":{\"clientKeyData\":\"$plugin_key\"" >answer.half
answer "\"token\":\"$plugin_token\"} $plugin_key" >answer.json
printf 'apiVersion: %s\nkind: ExecCredential\nstatus: {token: "%s"}\n' $v1 "$plugin_token" >answer.yaml
printf 'apiVersion: %s\nstatus: {token: "%s\n' $v1 "$plugin_token" >answer.broken
{ cat answer.token; head -c 1100000 /dev/zero; } >answer.loud
cp answer.token answer.wait

# The same in JSON, YAML, UTF-16, and large enough that buffers grow.
cat >config.yaml <<P
current-context: token
clusters:
- {name: k, cluster: {server: "https://h:1/p", proxy-url: "http://u:$proxy@h:2"}}
- {name: plain, cluster: {server: "http://h:1/p"}}
contexts:
$(for u in token basic pair files plugin oidc none twice; do
	echo "- {name: $u, context: {cluster: k, user: $u}}"
done)
- {name: http, context: {cluster: plain, user: token}}
- {name: nowhere, context: {cluster: missing, user: token}}
users:
- {name: token, user: {token: "$token"}}
- name: basic
  user:
    username: me
    password: $password
- {name: pair, user: {client-certificate-data: $cert_data, client-key-data: $key_data}}
- {name: files, user: {client-certificate: cert.pem, client-key: key.pem, tokenFile: token-file}}
- name: other
  user:
    token: >-
      $other
- {name: none, user: {}}
- {name: twice, user: {token: '$token', username: u, password: '$password'}}
- {name: oidc, user: {auth-provider: {name: none, config: {client-secret: $client}}}}
- {name: plugin, user: {exec: {apiVersion: $v1, command: ./tell, interactiveMode: Never,
   env: [{name: VARIABLE, value: "$variable"}], args: [say]}}}
P
{
	cat config.yaml
	for i in $(seq 300); do
		echo "- {name: filler-$i, user: {token: \"$other\", client-key-data: $key_data}}"
	done
} >config.large
iconv -f UTF-8 -t UTF-16LE config.yaml | { printf '\377\376'; cat; } >config.utf16
cat >config.json <<P
{"current-context":"token",
"clusters":[{"name":"k","cluster":{"server":"https://h:1/p","proxy-url":"http://u:$proxy@h:2"}},
 {"name":"plain","cluster":{"server":"http://h:1/p"}}],
"contexts":[$(for u in token basic pair files plugin oidc none twice; do
	printf '{"name":"%s","context":{"cluster":"k","user":"%s"}},' $u $u
done)
 {"name":"http","context":{"cluster":"plain","user":"token"}},
 {"name":"nowhere","context":{"cluster":"missing","user":"token"}}],
"users":[{"name":"token","user":{"token":"$token"}},
 {"name":"basic","user":{"username":"me","password":"$password"}},
 {"name":"pair","user":{"client-certificate-data":"$cert_data","client-key-data":"$key_data"}},
 {"name":"files","user":{"client-certificate":"cert.pem","client-key":"key.pem","tokenFile":"token-file"}},
 {"name":"other","user":{"token":"$other"}},
 {"name":"none","user":{}},
 {"name":"twice","user":{"token":"$token","username":"u","password":"$password"}},
 {"name":"oidc","user":{"auth-provider":{"name":"none","config":{"client-secret":"$client"}}}},
 {"name":"plugin","user":{"exec":{"apiVersion":"$v1","command":"./tell","interactiveMode":"Never",
  "env":[{"name":"VARIABLE","value":"$variable"}],"args":["say"]}}}]}
P
# broken ones: an error behind the secrets, and within one
{ cat config.yaml; echo ' - ]'; } >config.broken
{ cat config.yaml; printf '%s\n' "- {name: open, user: {token: \"$other"; } >config.open
{ cat config.yaml; printf '%s\n' '- {name: token, user: {}}'; } >config.again
{ cat config.yaml; printf '%s\n' "- {name: type, user: {token: [$other]}}"; } >config.type

# clean STATUS NAME CMD...: it ends with that, and no secret is left in it, nor
# said; both are one check each
clean() {
	clean_want=$1
	clean_name=$2
	shift 2
	rm -f report
	last=$*
	rc=0
	"$memscan" pieces report "$@" >out 2>err || rc=$?
	leftovers "$clean_want" "$clean_name"
}
leftovers() {
	[ "$rc" -eq "$1" ] && [ -f report ] && [ ! -s report ]
	ok $? "$2: exit $1, and nothing secret is left in memory"
	[ ! -s report ] || awk '{ n[$1 " in " $2]++ }
		END { for (i in n) print "# " i ": " n[i] }' report
	! cut -d' ' -f2 pieces | grep -qFf - err
	ok $? "$2: nothing secret is said"
}

# That it can find something: this one is not wiped.
mark control && control=$secret
run "$memscan" pieces report sh -c "exit 3 # $control"
[ "$rc" -eq 3 ] && grep -q '^control \[stack\]' report
ok $? 'what is left is found'
run "$memscan" pieces report sh -c 'read -r x <token-file; kill -TERM $$'
[ "$rc" -eq 143 ] && grep -q '^token \[heap\]' report
ok $? 'also where a signal ends it'
sed -i /^control/d pieces

for shape in yaml json utf16 large; do
	f=config.$shape
	for user in token basic pair files; do
		clean 0 "$shape: $user" kconf -vv --kubeconfig $f --context $user
	done
	for format in yaml curl token server context namespace; do
		clean 0 "$shape: -o $format" kconf --kubeconfig $f -o $format
	done
	clean 0 "$shape: -o key" kconf --kubeconfig $f --context pair -o key
	clean 0 "$shape: --redact" kconf --kubeconfig $f --redact
	clean 0 "$shape: --list" kconf --kubeconfig $f --list
	clean 1 "$shape: plain http" kconf --kubeconfig $f --context http
	clean 1 "$shape: no such cluster" kconf --kubeconfig $f --context nowhere
	clean 1 "$shape: no such user" kconf --kubeconfig $f --user none-such
	clean 1 "$shape: no credentials" kconf --kubeconfig $f --context none
	clean 1 "$shape: two credentials" kconf --kubeconfig $f --context twice
	clean 1 "$shape: no such provider" kconf --kubeconfig $f --context oidc
	clean 1 "$shape: no such value" kconf --kubeconfig $f -o key
	for how in token pair yaml; do
		HOW=$how
		export HOW
		clean 0 "$shape: plugin: $how" kconf -vv --kubeconfig $f --context plugin
	done
done
f=config.yaml
for broken in broken open again type; do
	clean 1 "a kubeconfig: $broken" kconf -vv --kubeconfig config.$broken
done
for how in control half json broken loud none; do
	HOW=$how
	clean 1 "a plugin's answer: $how" kconf -vv --kubeconfig $f --context plugin
done
HOW=token
mkdir -m 700 run
export XDG_RUNTIME_DIR="$PWD/run"
for what in kept found; do
	clean 0 "--cache: $what" kconf --cache -vv --kubeconfig $f --context plugin -o token
done
clean 1 'a full disk' sh -c 'exec kconf --kubeconfig config.yaml >/dev/full'
# gone PREFIX: to a reader that is gone
gone() {
	rm -f report
	{
		sleep 0.5
		rc=0
		$1 "$memscan" pieces report kconf --kubeconfig $f 2>err || rc=$?
		echo $rc >status
	} | true
	rc=$(cat status)
}
gone
leftovers 141 'a reader that is gone'
gone 'env --ignore-signal=PIPE'
leftovers 1 'one that is gone, and SIGPIPE ignored'
check "it is said then" grep -x "kconf: stdout: Broken pipe" err
clean 0 '--token' kconf --kubeconfig $f --user none --token "$option" -o token
clean 2 'a word behind --token' kconf --kubeconfig $f --token "$option" what
clean 2 'a wrong option behind it' kconf --token "$option" --nonsense
clean 0 '--proxy-url' kconf --kubeconfig $f --proxy-url "http://u:$proxy@h"
printf '%s\0%s\0' --token "$word" >words
clean 0 '--args-fd' sh -c 'exec kconf --kubeconfig config.yaml --user none -o token --args-fd 5 5<words'
printf '%s\0%s\0%s\0' --token "$word" --nonsense >words
clean 2 'a wrong option by --args-fd' sh -c 'exec kconf --args-fd 5 5<words'
printf '%s\0%s' --token "$word" >words
clean 2 'no end by --args-fd' sh -c 'exec kconf --args-fd 5 5<words'

# A signal while the plugin runs.
export HOW=wait
for signal in TERM HUP QUIT; do
	rm -f parent report
	env --default-signal=QUIT "$memscan" pieces report kconf --kubeconfig config.large --context plugin >out 2>err &
	pid=$!
	for _ in $(seq 100); do [ ! -s parent ] || break; sleep 0.1; done
	kill -s $signal "$(cat parent)"
	rc=0
	wait $pid || rc=$?
	last="SIG$signal"
	leftovers "$(case $signal in TERM) echo 143 ;; HUP) echo 129 ;; QUIT) echo 131 ;; esac)" \
		"SIG$signal while the plugin runs"
done

# What the plugin gets: its own variable, and nothing else of ours.
export HOW=token
run sh -c 'exec kconf --kubeconfig config.yaml --context plugin 7<key.pem 9<config.yaml'
good 'with descriptors of others'
[ "$(cat seen.fd)" = '0 1 10 2' ] || [ "$(cat seen.fd)" = '0 1 2 255' ] ||
	[ "$(cat seen.fd)" = '0 1 2' ]
ok $? "a plugin has descriptors 0 to 2, and its shell one of its own: $(cat seen.fd)"
grep -v ^variable pieces | cut -d' ' -f2 | grep -qFf - seen.argv seen.env
[ $? -eq 1 ]
ok $? 'a plugin has no secret of ours in arguments and environment'
check 'but its own' grep -qx "VARIABLE=$variable" seen.env

# A terminal.
while read -r format; do
	script -qec "kconf --kubeconfig config.yaml --context pair -o $format" \
		/dev/null >screen 2>&1 </dev/null
	! cut -d' ' -f2 pieces | grep -qFf - screen
	ok $? "a terminal: -o $format shows nothing secret"
done <<P
json
yaml
curl
token
key
server
json --redact
yaml --redact
json --cache
P
script -qec 'kconf --kubeconfig config.yaml -o token --raw-to-terminal' /dev/null >screen 2>&1 </dev/null
check 'a terminal: --raw-to-terminal does' grep -q "$token" screen
finish
