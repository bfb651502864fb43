# shellcheck shell=sh disable=SC2034 # beside cluster.sh
# debug_alone CMD...: runs it where it is process 1, and sees no others but its own
debug_alone() {
	if [ "$(id -u)" -eq 0 ]; then
		unshare -pfm --mount-proc "$@"
	else
		unshare -Ucpfm --mount-proc "$@"
	fi
}
# debug_apart: whether the test server can make the namespaces of an ephemeral
# container: as root, or where anybody may have namespaces of his own.  Where it
# cannot they run as anything else does, and $debug_why says so.
debug_why='no namespaces for this user (unshare)'
debug_apart() {
	debug_alone true 2>/dev/null
}
