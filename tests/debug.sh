# shellcheck shell=sh disable=SC2034 # beside cluster.sh
# Whether the test server can make the namespaces of an ephemeral container: as
# root, or where anybody may have namespaces of his own (unshare(1)).  Where it
# cannot they run as anything else does, and $debug_why says so.
debug_why='no namespaces for this user (unshare)'
debug_apart() {
	if [ "$(id -u)" -eq 0 ]; then
		unshare -pfm --mount-proc true 2>/dev/null
	else
		unshare -Ucpfm --mount-proc true 2>/dev/null
	fi
}
