#!/bin/sh
# examples/cronjob.yaml: every kubectl takes it, and knows each of its fields;
# its script runs as in a pod, and what it asks the server for is what its Role
# allows, no more and no less.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/kubectl.sh"
cluster_needs_test_server
cluster_start
manifest=$KPIPE_TESTS/../examples/cronjob.yaml

kubectls=
for one in "$kubectl_home"/kubectl.1.*; do
	[ ! -x "$one" ] || kubectls="$kubectls $one"
done
kubectls=${kubectls:-${KUBECTL}}
[ -n "$kubectls" ] || skip_all 'no kubectl 1.31 or later'
have python3 || skip_all 'no python3'

for kubectl in $kubectls; do
	run "$kubectl" create --dry-run=client --validate=false -f "$manifest"
	[ "$rc" -eq 0 ] && [ ! -s err ] && [ "$(grep -c 'created (dry run)' out)" -eq 4 ]
	ok $? "${kubectl##*/} create --dry-run=client: four objects"
	# it reads this into its own types, which hold what they know, and no more
	"$kubectl" create --dry-run=client --validate=false -o json -f "$manifest" >raw 2>err
	run "$kubectl" set env --local -f "$manifest" KPIPE=1 -o json
	mv out typed
	run python3 - <<'P'
import json
def objects(name):
    text, at, found = open(name).read(), 0, {}
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        one, at = json.JSONDecoder().raw_decode(text, at)
        for item in one.get("items", [one]):
            found[item["kind"]] = item
    return found
def lost(raw, typed, where):
    if isinstance(raw, dict) and isinstance(typed, dict):
        for key, value in raw.items():
            if value in ({}, None):
                continue
            if key not in typed:
                yield where + "." + key
            else:
                yield from lost(value, typed[key], where + "." + key)
    elif isinstance(raw, list) and isinstance(typed, list):
        for number, (a, b) in enumerate(zip(raw, typed)):
            yield from lost(a, b, "%s[%d]" % (where, number))
    elif raw != typed:
        yield "%s: %r, %r" % (where, raw, typed)
raw, typed = objects("raw"), objects("typed")
assert "KPIPE" in json.dumps(typed["CronJob"])
for fault in lost(raw["CronJob"], typed["CronJob"], "CronJob"):
    print(fault)
P
	[ "$rc" -eq 0 ] && [ ! -s out ] && [ ! -s err ]
	ok $? "${kubectl##*/}: knows each field of the CronJob"
done

# The script, out of what kubectl has read, as in a pod.
mv raw manifest.json
mkdir -p account "$CLUSTER_ROOT/web/.deployments" "$CLUSTER_ROOT/web/web-0/srv/data"
python3 - >script <<'P'
import json, re
text = open("manifest.json").read()
at = text.index('"args"')
print(json.JSONDecoder().raw_decode(text, text.index("[", at))[0][0].replace("/srv", "srv"))
P
cp "$CERTS/ca.crt" account/ca.crt
printf %s "$TOKEN" >account/token
printf web >account/namespace
echo data >"$CLUSTER_ROOT/web/web-0/srv/data/file"
printf 'containers first second\nlabels app=web\n' >"$CLUSTER_ROOT/web/.web-0"
mkdir "$CLUSTER_ROOT/web/web-0/second"
echo 'match app=web' >"$CLUSTER_ROOT/web/.deployments/web"
unset KUBECONFIG
KPIPE_SERVICEACCOUNT=$PWD/account
KUBERNETES_SERVICE_HOST=127.0.0.1
KUBERNETES_SERVICE_PORT=$SERVER_PORT
export KPIPE_SERVICEACCOUNT KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT
mkdir backup
: >"$CLUSTER_LOG"
run sh -ec "cd backup; $(cat script)"
[ "$rc" -eq 0 ] && tar tf backup/data-*.tar data/file >/dev/null
ok $? 'the script makes a backup'
[ "$(find backup -type f | wc -l)" -eq 2 ]
ok $? 'and its list, and nothing else'

# A WebSocket, and a pod that is named, ask for the other rights.
kexec --protocol v5 -q --no-stdin web-0 -- true
run python3 - "$CLUSTER_LOG" <<'P'
import json, re, sys
text, at, rules = open("manifest.json").read(), 0, []
for block in re.finditer(r'"rules":\s*', text):
    rules += json.JSONDecoder().raw_decode(text, block.end())[0]
granted = {(verb, group, resource) for rule in rules for group in rule["apiGroups"]
           for resource in rule["resources"] for verb in rule["verbs"]}
asked = set()
for line in open(sys.argv[1]):
    word = line.rstrip("\n").split("\t")
    if word[0] != "request":
        continue
    part = re.match(r"/(?:api|apis/(?P<group>[^/]+))/v1/namespaces/web/"
                    r"(?P<resource>[a-z]+)(?:/(?P<name>[^/?]+))?"
                    r"(?P<below>/[a-z]+)?(?:\?.*)?$", word[2])
    assert part, word[2]
    verb = {"GET": "get", "POST": "create"}[word[1]]
    if verb == "get" and not part["name"]:
        verb = "list"
    asked.add((verb, part["group"] or "", part["resource"] + (part["below"] or "")))
for right in sorted(asked - granted):
    print("asked for, not granted:", *right)
for right in sorted(granted - asked):
    print("granted, not asked for:", *right)
P
[ "$rc" -eq 0 ] && [ ! -s out ] && [ ! -s err ]
ok $? 'the Role allows what is asked for, no more and no less'

# What the manual shows is that script.
sed -e 's/\\&//g' "$KPIPE_TESTS/../man/kpipe.7" |
	sed -n '/examples\/cronjob/,/^\.Ed/p' | sed -n '/^\.Bd/,/^\.Ed/p' |
	sed '/^\./d; s|backup/||; s|/srv|srv|' >manual
sed '/^$/d' script | cmp -s - manual
ok $? 'kpipe(7) shows the script'
finish
