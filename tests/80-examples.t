#!/bin/sh
# Every example of the manual but those of kpipe(7), which have a test of their
# own, runs, and ends with 0, in a place that has what they speak of: the pods
# pod, other and web-0, the last of a deployment web, a context prod, some
# folders.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/kubectl.sh"
cluster_needs_test_server
have bash || skip_all 'no bash'
cluster_start

for name in pod other web-0; do
	mkdir -p "$CLUSTER_ROOT/default/$name"
done
mkdir -p "$CLUSTER_ROOT/default/.deployments"
echo 'labels app=web' >"$CLUSTER_ROOT/default/.web-0"
echo 'match app=web' >"$CLUSTER_ROOT/default/.deployments/web"
cat >prod.yaml <<CONFIG
apiVersion: v1
kind: Config
current-context: prod
clusters:
- name: prod
  cluster: {server: "$SERVER_URL", certificate-authority-data: $(base64 -w0 "$CERTS/ca.crt")}
users:
- name: prod
  user: {token: $TOKEN}
contexts:
- name: prod
  context: {cluster: prod, user: prod}
CONFIG
KUBECONFIG=$PWD/prod.yaml
XDG_RUNTIME_DIR=$PWD
export KUBECONFIG XDG_RUNTIME_DIR

# ssh HOST COMMAND: the host is this one
mkdir bin remote
printf '#!/bin/sh\nexec sh -c "$2"\n' >bin/ssh
chmod +x bin/ssh
[ -z "$KUBECTL" ] || ln -s "$(command -v "$KUBECTL")" bin/kubectl
PATH=$PWD/bin:$PATH
export PATH

# examples PAGE: each into a file ex.N; /tmp and /srv are a folder of ours
examples() {
	rm -f ex.*
	sed -e 's/\\e/\\/g; s/\\&//g; s/\\-/-/g; s/\\(aq/'"'"'/g' "$1" |
		awk -v remote="$PWD/remote" '
		/^\.Sh / { in_examples = /EXAMPLES/; next }
		!in_examples { next }
		/^\.Bd/ { n++; block = 1; next }
		/^\.Ed/ { block = 0; next }
		block { line = $0 }
		/^\.Dl / { n++; line = substr($0, 5); sub(/^\$ /, "", line) }
		block || /^\.Dl / {
			gsub(/\/tmp|\/srv/, remote, line)
			print line >("ex." n)
		}'
}

# a fresh place for one example
place() {
	rm -rf place remote
	mkdir place remote place/dir place/src place/into place/out \
		place/backup place/dst remote/dir remote/data
	echo data >place/dir/file
	echo data >place/file
	echo conf >place/src/local.conf
	echo data >remote/dir/file
	echo data >remote/data/file
	(cd place && tar czf site.tar.gz dir && tar cf site.tar dir)
}

for page in "$KPIPE_TESTS"/../man/*.1; do
	name=$(basename "$page")
	examples "$page"
	[ -f ex.1 ]
	ok $? "$name has examples"
	for example in ex.*; do
		[ -f "$example" ] || continue
		text=$(head -n 1 "$example")
		if grep -q kubectl "$example" && [ -z "$KUBECTL" ]; then
			skip 1 "$name: $text" 'no kubectl 1.31 or later'
			continue
		fi
		place
		cp "$example" place/example
		last=$(cat "$example")
		rc=0
		(cd place && bash -e -o pipefail example) \
			>out 2>err </dev/null || rc=$?
		status 0 "$name: $text"
	done
done
finish
