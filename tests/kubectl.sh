# shellcheck shell=sh disable=SC2034 # for the tests to use
# The reference: sets KUBECTL to a kubectl of 1.31 or later, from PATH or
# beside the one there (kubectl.1.33), or to nothing.

KUBECTL=
kubectl_home=$(dirname "$(readlink -f "$(command -v kubectl)")" 2>/dev/null)
for kubectl_try in kubectl "$kubectl_home"/kubectl.1.[3-9]*; do
	command -v "$kubectl_try" >/dev/null 2>&1 || continue
	kubectl_is=$("$kubectl_try" version --client -o json 2>/dev/null)
	# a wrapper that reads the kubeconfig itself leaves no pipe to read
	case $kubectl_is in
	*dispatcher*) continue ;;
	esac
	kubectl_minor=$(printf '%s\n' "$kubectl_is" |
		sed -n 's/^ *"minor": "\([0-9]*\).*/\1/p')
	[ "${kubectl_minor:-0}" -ge 31 ] || continue
	KUBECTL=$kubectl_try
	break
done
