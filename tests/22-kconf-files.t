#!/bin/sh
# What the rows of table/ cannot say of files: who may read them, where we are,
# and pipes.
. "$KPIPE_TESTS/lib.sh"

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

write one one
no "$HOME/.kube/config: no kubeconfig there" 'no list of none' --list
write secret secret
chmod 000 secret
if [ "$(id -u)" -eq 0 ]; then
	skip 1 'a file that may not be read' 'root may read all'
else
	no 'secret: Permission denied' 'a file that may not be read' --kubeconfig secret
fi
export KUBECONFIG
write two two
KUBECONFIG=one:gone:two
no 'one, two: context "x": does not exist' 'the files are named' --context x
write again three
KUBECONFIG=one:again
run kconf --list
good 'a name in two files'
stdout_is "c	k	u		https://one	*" 'is listed once'
unset KUBECONFIG
mkdir -p sub
write sub/config x
sed -i 's/token: x/tokenFile: token/' sub/config
echo from-file >sub/token
(cd sub && kconf --kubeconfig config -o token) >out 2>err
stdout_is from-file 'a file without a folder'

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

finish
