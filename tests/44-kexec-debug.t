#!/bin/sh
# kexec --debug-image: an ephemeral container beside the one that is there.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/cluster.sh"
. "$KPIPE_TESTS/debug.sh"
cluster_needs_test_server
cluster_start
pods=$CLUSTER_ROOT/default

# patches: how many there have been
patches() {
	cluster_requests 'PATCH'
}

run kexec --debug-image busybox -c tools gnu -- sh -c 'echo out; echo err >&2; exit 7'
status 7 'the command of a debug container'
stdout_is out 'its stdout'
stderr_is err 'its stderr'
echo in >in
run_sh 'kexec --debug-image busybox -c tools gnu -- cat <in'
good 'the one that is there is taken'
same in out 'its stdin'
[ "$(patches)" -eq 1 ]
ok $? 'it is not added twice'
run kexec -c tools gnu -- true
good 'it is a container as any other'
if debug_apart; then
	echo mine >"$pods/gnu/file"
	run kexec --debug-image busybox -c tools gnu -- cat /proc/1/root/file
	stdout_is mine 'it sees the processes of the target'
else
	skip 1 'it sees the processes of the target' "$debug_why"
fi

# What is asked for is what kubectl debug asks for.
if have python3; then
	# body POD: what was asked for there, without the order that kubectl adds
	cat >body.py <<'P'
import json, sys
body = None
for line in open(sys.argv[1]):
    if line.startswith("body\t"):
        body = json.loads(line[5:])
    elif line.startswith("request\tPATCH\t") and f"/{sys.argv[2]}/" in line:
        last = body
last["spec"].pop("$setElementOrder/ephemeralContainers", None)
if sys.argv[3] == "command":
    for word in last["spec"]["ephemeralContainers"][0]["command"]:
        print(word)
else:
    print(json.dumps(last, sort_keys=True, indent=1))
P
	python=$(python3 -c 'import sys; print(sys.executable)')
	"$python" body.py "$CLUSTER_LOG" gnu all >ours
	"$python" body.py "$CLUSTER_LOG" gnu command >asked
	set --
	while IFS= read -r word; do set -- "$@" "$word"; done <asked
	asked=
	for k in "$(dirname "$(readlink -f "$(command -v kubectl)")")"/kubectl* /usr/bin/kubectl; do
		[ -x "$k" ] || continue
		[ -z "$KPIPE_SAN" ] || continue
		minor=$("$k" version --client -o json 2>/dev/null |
			sed -n 's/^ *"minor": "\([0-9]*\).*/\1/p')
		# before 1.23 ephemeral containers were another resource
		[ "${minor:-0}" -ge 23 ] || continue
		case " $asked " in *" $minor "*) continue ;; esac
		asked="$asked $minor"
		mkdir -p "$pods/k$minor"
		"$k" debug "k$minor" --image=busybox --target=main -c tools -- "$@" >out 2>err
		"$python" body.py "$CLUSTER_LOG" "k$minor" all >theirs
		same theirs ours "kubectl 1.$minor asks for the same"
	done
	[ -n "$asked" ] || skip 1 'kubectl asks for the same' 'no kubectl of 1.23 or later, or sanitizers'
else
	skip 1 'kubectl asks for the same' 'no python3'
fi

# The container has the rights of the target.
mkdir "$pods/user"
echo 'security {"runAsUser":1000,"capabilities":{"drop":["ALL"]}}' >"$pods/.user"
run kexec --debug-image gnu user -- true
good 'a name is made up'
grep '^body' "$CLUSTER_LOG" | tail -n 1 >body
grep -qF '"securityContext":{"runAsUser":1000,"capabilities":{"drop":["ALL"]}}' body
ok $? 'the security context of the target'

run kexec --debug-image gnu --debug-user 1001:0 user -- true
good 'another user'
grep '^body' "$CLUSTER_LOG" | tail -n 1 >body
grep -qF '"securityContext":{"runAsUser":1001,"capabilities":{"drop":["ALL"]},"runAsGroup":0}' body
ok $? 'another user, all else as the target'
for who in '' x -1 1:x 1: 1:2:3 9999999999; do
	run kexec --debug-image gnu --debug-user "$who" user -- true
	fails 2 "--debug-user: $who: not UID[:GID]"
done

# It ends when there is nothing else in it; with a clock that runs fast.
if debug_apart && have python3; then
	script=$(sed -n 3p asked)
	real=$(command -v sleep)
	mkdir fast
	printf '#!/bin/sh\nexec %s 0.001\n' "$real" >fast/sleep
	chmod +x fast/sleep
	export script real
	run debug_alone sh -c '"$real" 1 && : >used & PATH=$PWD/fast:$PATH exec sh -c "$script" it'
	good 'it ends by itself'
	[ -e used ]
	ok $? 'and not while a command is in it'
else
	skip 2 "it ends by itself" "$debug_why, or no python3"
fi

# A workload, several containers, events.
mkdir -p "$pods/.deployments"
echo 'match app=web' >"$pods/.deployments/web"
printf 'containers first second\nlabels app=web\n' >"$pods/.multi"
kexec --status-fd 3 --debug-image busybox deploy/web -- true 3>events 2>err
rc=$?
fails 0 'Defaulted container "first" out of: first, second' 'the default is said'
grep -q '"pod":"multi","container":"kexec-debug-[a-z0-9]*"' events
ok $? 'the events name the container'
run kexec --debug-image busybox --target second -c t2 multi -- true
good 'a target'
grep '^body' "$CLUSTER_LOG" | tail -n 1 | grep -q '"targetContainerName": *"second"'
ok $? 'the target is asked for'
run kexec --debug-image busybox --target first -c t2 multi -- true
fails 255 'ephemeral container t2 is there, and its target is second, not first'
run kexec --debug-image busybox --target third multi -- true
fails 255 'container third is not valid for pod multi out of: first, second'

# What does not run.
run kexec --debug-image missing:1 gnu -- true
fails 255 '(missing:1) does not run: ImagePullBackOff: Back-off pulling image "missing:1"'
run kexec --debug-image Bad:1 gnu -- true
fails 255 '(Bad:1) does not run: InvalidImageName'
run kexec --debug-image slow --pod-running-timeout 0.3s gnu -- true
fails 255 '(slow) does not run yet: ContainerCreating'
! debug_apart || run kexec -c tools gnu -- sh -c 'for p in /proc/[0-9]*; do
	case $(tr "\0" " " <"$p/cmdline") in "sh -c trap "*" tools ") kill "${p#/proc/}" ;; esac; done'
run kexec --debug-image busybox -c tools gnu -- true
if debug_apart; then
	fails 255 'ephemeral container tools (busybox) has ended, and cannot run again: Completed'
else
	skip 1 'one that has ended' "$debug_why"
fi

# Refusals.
run kexec --context viewer --debug-image busybox gnu -- true
fails 255 'default/gnu: no ephemeral container: pods "gnu" is forbidden: User "viewer" cannot patch resource "pods/ephemeralcontainers"'
run kexec --debug-image busybox none -- true
fails 255 'default/none: pods "none" not found (404)'
mkdir "$pods/old" "$pods/shared" "$pods/host" "$pods/over"
echo 'debug none' >"$pods/.old"
run kexec --debug-image busybox old -- true
fails 255 'the server has none or does not allow them: the server could not find the requested resource (404)'
run kexec --debug-image busybox -c main gnu -- true
fails 255 'name: Duplicate value (422)'
echo 'phase Succeeded' >"$pods/.over"
run kexec --debug-image busybox over -- true
fails 255 'completed pod'
echo 'share pod' >"$pods/.shared"
echo 'share host' >"$pods/.host"
before=$(patches)
run kexec --debug-image busybox shared -- true
fails 255 'shareProcessNamespace: all its containers see the same processes'
run kexec --debug-image busybox --target main host -- true
fails 255 'hostPID: all its containers see the same processes'
[ "$(patches)" -eq "$before" ]
ok $? 'nothing was added there'
run kexec --debug-image busybox --target '' shared -- true
good 'no target'
grep '^body' "$CLUSTER_LOG" | tail -n 1 | grep -vq targetContainerName
ok $? 'no target is asked for'
run kexec --target main gnu -- true
fails 2 '--target: only with --debug-image'
run kexec --debug-image '' gnu -- true
fails 2 '--debug-image: empty name'
finish
