# shellcheck shell=sh disable=SC2154 # beside cluster.sh
# Pods that lack tools.  Source it behind cluster.sh.

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
		*) ln -s "$(command -v "$userland_tool")" "$userland_bin/$userland_tool" ;;
		esac
	done
}
