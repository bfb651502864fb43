# shellcheck shell=sh disable=SC2154 # beside cluster.sh
# Pods that lack tools.  Source it behind cluster.sh.

# userland_find TOOL: the program, which may be a builtin, too
userland_find() {
	for userland_dir in /usr/bin /bin; do
		if [ -x "$userland_dir/$1" ]; then
			echo "$userland_dir/$1"
			return
		fi
	done
	command -v "$1"
}

# userland POD TOOL...: a pod whose PATH has these programs of this machine and
# no others; busybox:NAME is an applet of busybox
userland() {
	userland_bin=$CLUSTER_ROOT/.bin-$1
	mkdir -p "$CLUSTER_ROOT/default/$1" "$userland_bin"
	echo "only $userland_bin" >"$CLUSTER_ROOT/default/.$1"
	shift
	for userland_tool; do
		case $userland_tool in
		busybox:*) ln -s "$(command -v busybox)" "$userland_bin/${userland_tool#*:}" ;;
		*) ln -s "$(userland_find "$userland_tool")" "$userland_bin/$userland_tool" ;;
		esac
	done
}
