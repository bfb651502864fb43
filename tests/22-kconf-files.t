#!/bin/sh
# Which kubeconfigs are read and how they merge, relative paths, and the
# service account of a pod.
. "$KPIPE_TESTS/lib.sh"

# is FORMAT VALUE NAME [OPTIONS]
is() {
	is_format=$1
	is_want=$2
	is_name=$3
	shift 3
	run kconf -o "$is_format" "$@"
	[ "$rc" -eq 0 ] && [ ! -s err ] && [ "$(cat out)" = "$is_want" ]
	ok $? "$is_name: $is_format is $is_want"
}

# no TEXT NAME [OPTIONS]
no() {
	no_text=$1
	no_name=$2
	shift 2
	run kconf "$@"
	fails 1 "$no_text" "$no_name"
}

# write FILE TOKEN: a whole kubeconfig
write() {
	cat >"$1" <<-EOF
	current-context: c
	clusters: [{name: k, cluster: {server: "https://$2"}}]
	contexts: [{name: c, context: {cluster: k, user: u}}]
	users: [{name: u, user: {token: $2}}]
	EOF
}

# Where they are.
no "$HOME/.kube/config: no kubeconfig there, and this is no pod" 'none at all'
no "$HOME/.kube/config: no kubeconfig there" 'no list of none' --list
run_sh 'HOME= kconf'
fails 1 'HOME: no kubeconfig there' 'no HOME'
mkdir -p .kube sub/deep folder
write .kube/config home
write one one
write two two
is token home 'the file of HOME'
is token one 'an explicit file' --kubeconfig one
is token home 'an empty name is no name' --kubeconfig ''
no 'gone: No such file or directory' 'an explicit file that is missing' --kubeconfig gone
no 'folder: Is a directory' 'a folder' --kubeconfig folder
ln -s nowhere dangling
no 'dangling: No such file or directory' 'a dangling name' --kubeconfig dangling
no 'one/x: Not a directory' 'a file as folder' --kubeconfig one/x
write secret secret
chmod 000 secret
if [ "$(id -u)" -eq 0 ]; then
	skip 1 'a file that may not be read' 'root may read all'
else
	no 'secret: Permission denied' 'a file that may not be read' --kubeconfig secret
fi
export KUBECONFIG
KUBECONFIG=
is token home 'an empty KUBECONFIG is none'
KUBECONFIG=one
is token one KUBECONFIG
is token two 'an explicit file comes before KUBECONFIG' --kubeconfig two
KUBECONFIG=one:two
is token one 'the first of two'
KUBECONFIG=:gone::two:gone:two:
is token two 'missing files and empty names are passed over'
KUBECONFIG=gone:lost:gone
no 'gone, lost: no kubeconfig there' 'no way back to HOME'
KUBECONFIG=:
no 'KUBECONFIG: no kubeconfig there' 'a list of nothing'
tilde=$(printf '\176')
KUBECONFIG=$tilde/.kube/config
no "$tilde/.kube/config: no kubeconfig there" 'a tilde is not expanded'
echo 'bogus value' >bogus
KUBECONFIG=one:bogus
no 'bogus: line 1: a string where a kubeconfig belongs' 'a broken file in the list'
KUBECONFIG=one:folder
no 'folder: Is a directory' 'a folder in the list'
: >empty
KUBECONFIG=empty:one
is token one 'an empty file in the list'

# Merging: the first that defines a name has all of it.
cat >alfa <<'EOF'
clusters: [{name: cow, cluster: {server: "https://cow"}}]
users: [{name: red, user: {token: red-token}}]
contexts: [{name: federal, context: {cluster: cow, user: red}}]
EOF
cat >bravo <<'EOF'
current-context: federal
clusters:
- {name: cow, cluster: {server: "https://wrong", insecure-skip-tls-verify: true}}
- {name: donkey, cluster: {server: "https://donkey"}}
users:
- {name: red, user: {token: wrong, as: wrong}}
- {name: yellow, user: {token: yellow-token}}
contexts:
- {name: federal, context: {cluster: donkey, user: yellow, namespace: wrong}}
- {name: rest, context: {cluster: donkey, user: red, namespace: r}}
EOF
printf 'current-context: rest\n' >charlie
KUBECONFIG=alfa:bravo:charlie
is server https://cow 'a cluster of the first file'
is token red-token 'a user of the first file'
is namespace default 'a context of the first file'
is context federal 'current-context of the first file that has one'
is server https://donkey 'a cluster of the second file' --context rest
is token red-token 'a context across files' --context rest
run kconf -o yaml
[ "$(grep -cE 'insecure|as:' out)" -eq 0 ]
ok $? 'nothing of an entry that came second'
KUBECONFIG=charlie:alfa:bravo
is context rest 'the order counts'
is server https://cow 'an explicit file is not merged' --kubeconfig alfa --context federal
no 'context "rest": does not exist' 'nor its current-context' \
	--kubeconfig alfa --context rest
KUBECONFIG=alfa:bravo
no 'alfa, bravo: context "x": does not exist' 'the files are named' --context x
for what in clusters contexts users; do
	printf '%s: [{name: twice}, {name: twice}]\n' "$what" >twice
	no "twice: line 1: ${what}[1]: the name \"twice\" a second time" \
		"a $what name twice" --kubeconfig twice
done
printf 'users: [{name: red}, {name: red}]\n' >twice
KUBECONFIG=alfa:twice
no 'twice: line 1: users[1]: the name "red" a second time' 'a name twice in the second file'
echo 'extensions: [{name: e, extension: 1}, {name: e, extension: 2}]' >twice
no 'extensions[1]: the name "e" a second time' 'an extension twice' --kubeconfig twice

# Relative paths start at the file that holds them.
unset KUBECONFIG
pem() {
	printf -- '-----BEGIN %s-----\n%s\n-----END %s-----\n' "$1" "$2" "$1" >"$3"
}
pem CERTIFICATE CA sub/ca.pem
pem CERTIFICATE CERT sub/deep/cert.pem
pem 'PRIVATE KEY' KEY key.pem
echo from-file >sub/token
cat >sub/deep/config <<'EOF'
current-context: c
clusters: [{name: k, cluster: {server: "https://h", certificate-authority: ../ca.pem}}]
contexts: [{name: c, context: {cluster: k, user: u}}]
users:
- name: u
  user: {client-certificate: ./cert.pem, client-key: ../../key.pem, tokenFile: x/..//../token}
EOF
for file in sub/deep/config "$PWD/sub/deep/config" ./sub/../sub/deep/config; do
	is token from-file "$file" --kubeconfig "$file"
	is ca "$(cat sub/ca.pem)" "$file" --kubeconfig "$file"
	is cert "$(cat sub/deep/cert.pem)" "$file" --kubeconfig "$file"
	is key "$(cat key.pem)" "$file" --kubeconfig "$file"
done
is ca "$(cat sub/ca.pem)" 'an option starts at the working directory' \
	--kubeconfig sub/deep/config --certificate-authority sub/ca.pem
(cd sub/deep && kconf --kubeconfig config -o key) >out 2>err
same out key.pem 'a file without a folder'
write sub/deep/config plugin
sed -i 's/token: plugin/exec: {command: ..\/plugin, apiVersion: client.authentication.k8s.io\/v1beta1}/' sub/deep/config
no "exec plugin \"$PWD/sub/plugin\": executable not found" 'a plugin with a slash' --kubeconfig sub/deep/config
sed -i 's/\.\.\/plugin/plugin/' sub/deep/config
no 'exec plugin "plugin": executable not found' 'a plugin without one' --kubeconfig sub/deep/config
printf 'x: a\0b\n' >nul
no 'nul: byte 4: control characters are not allowed' 'a NUL byte' --kubeconfig nul

# In a directory that was entered through a link, ".." is that of its name.
mkdir -p far/away near
ln -s ../far/away near/link
echo near >near/token
echo far >far/token
write far/away/config x
sed -i 's/token: x/tokenFile: ..\/token/' far/away/config
(cd near/link && kconf --kubeconfig config -o token) >out 2>err
stdout_is near 'a parent by the name that the shell has for it'
(cd near/link && env PWD=/ kconf --kubeconfig config -o token) >out 2>err
stdout_is far 'a name that is another directory does not count'

# The kubeconfig from a pipe.
run_sh 'cat one | kconf --kubeconfig /dev/stdin -o token'
stdout_is one 'from a pipe'

# In a pod.
rm -r .kube
mkdir account
echo ' pod-token' >account/token
echo ' pod-ns ' >account/namespace
pem CERTIFICATE POD account/ca.crt
KPIPE_SERVICEACCOUNT=$PWD/account
KUBERNETES_SERVICE_HOST=10.0.0.1
KUBERNETES_SERVICE_PORT=443
export KPIPE_SERVICEACCOUNT KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT
is server https://10.0.0.1:443 'in a pod'
is token pod-token 'in a pod'
is ca "$(cat account/ca.crt)" 'in a pod'
is namespace pod-ns 'in a pod'
is context in-cluster 'in a pod'
is token t 'in a pod, a token given' --token t
is server https://s 'in a pod, a server and a token given' -s https://s --token t
is token from-file 'in a pod, a token file given' --token-file sub/token
is ca "$(cat sub/ca.pem)" 'in a pod, a CA given' --certificate-authority sub/ca.pem
is namespace n 'in a pod, a namespace given' -n n
POD_NAMESPACE=env-ns
export POD_NAMESPACE
is namespace env-ns 'in a pod, POD_NAMESPACE'
unset POD_NAMESPACE
KUBERNETES_SERVICE_HOST=fd00::1
is server 'https://[fd00::1]:443' 'in a pod, IPv6'
is token one 'in a pod, a kubeconfig comes first' --kubeconfig one
is namespace pod-ns 'in a pod, a kubeconfig without a namespace' --kubeconfig one
sed 's/user: u}/user: u, namespace: default}/' one >explicit
is namespace default 'in a pod, a namespace in the kubeconfig' --kubeconfig explicit
is token pod-token 'in a pod, an empty kubeconfig' --kubeconfig empty
no 'bogus: line 1' 'in a pod, a broken kubeconfig' --kubeconfig bogus
no 'context "x": does not exist' 'in a pod, a context' --context x
no 'gone: No such' 'in a pod, a kubeconfig that is missing' --kubeconfig gone
rm account/namespace
is namespace default 'in a pod without a namespace'
echo garbage >account/ca.crt
run kconf -o token
status 0 'in a pod, a CA that is none'
says 'ca.crt: no certificate in it'
no 'ca: the record has none' 'the roots are those of the system' -q -o ca
: >account/token
no 'token: empty' 'in a pod, an empty token' -q
rm account/token
mkdir account/token
no 'no kubeconfig there, and this is no pod' 'a token that is a folder'
rmdir account/token
echo t >account/token
run_sh 'KUBERNETES_SERVICE_PORT= kconf'
fails 1 'this is no pod' 'no port'
finish
