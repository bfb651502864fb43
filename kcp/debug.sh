# The last way: an ephemeral container in the pod, which kexec --debug-image adds.
# All else is as said elsewhere, but runs there, and the files that are meant are
# those of process 1, which is the other container's.

# sh -c "$near" kcp NONCE says whether these files can be reached from there, and
# whose process 1 is when they cannot.
# shellcheck disable=SC2016 # for the shell in the pod
near='r=/proc/1/root/.
if [ ! -d "$r" ]; then echo "$1 far $(stat -c %u:%g /proc/1)"
elif [ "$r" -ef / ]; then echo "$1 own"
else echo "$1"; fi'
# sh -c "$reach" kcp NONCE PATH says what a PATH of process 1 is called there.
# Symbolic links on the way are followed here, since the kernel would begin an
# absolute one at another root; that which PATH itself is, where it leads to a
# directory.
# shellcheck disable=SC2016 # for the shell in the pod
reach='n=$1 p=$2 r=/proc/1/root i=0 own=
case $p in /*) c=$r ;; *) c=/proc/1/cwd ;; esac
q=$p
while [ -n "$q" ]; do
	e=${q%%/*}
	case $q in */*) q=${q#*/} ;; *) q= ;; esac
	case $e in
	"" | .) continue ;;
	..)
		case $c in
		"$r") ;;
		/proc/1/cwd | */..) [ "$c" -ef "$r" ] || c=$c/.. ;;
		*) c=${c%/*} ;;
		esac
		continue
		;;
	esac
	if [ ! -h "$c/$e" ]; then
		c=$c/$e
		continue
	fi
	i=$((i + 1))
	[ "$i" -le 40 ] || { echo "kcp: $p: too many symbolic links" >&2; exit 1; }
	[ -n "$q" ] || own=${own:-$c/$e}
	l=$(readlink "$c/$e" && echo .) || { echo "kcp: $c/$e: no readlink" >&2; exit 1; }
	l=${l%??}
	case $l in /*) c=$r ;; esac
	q=$l${q:+/$q}
done
[ -z "$own" ] || [ -d "$c" ] || c=$own
case $c in "$r" | /proc/1/cwd) c=$c/. ;; esac
case $p in */) c=$c/ ;; */.) c=$c/. ;; esac
printf "%s %s%s" "$n" "$c" "$n"'
# sh -c "$leave" kcp NAME ends the container of that name.
# shellcheck disable=SC2016 # for the shell in the pod
leave='for p in /proc/[0-9]*; do
	case $(tr "\0" " " <"$p/cmdline") in "sh -c trap "*" $1 ") kill "${p#/proc/}" ;; esac
done'

debug_image='' debug_pods='' debug_known='' t_debugged=0
may_debug=0 helped=0

# helpless POD WHAT: there is no way; says what was tried and what would help,
# unless that will be tried
helpless() {
	helped=1
	[ "$may_debug" -eq 0 ] || return 0
	if [ -n "$debug_image" ]; then
		say "$1: in the ephemeral container: $2"
	else
		say "$1: $2: tar there, or --debug-image IMAGE, would help (see kcp(1))"
	fi
}

# debug_find KEY KEY=VALUE...: the last VALUE of that KEY, into $debug_found, which is
# empty where there is none
debug_find() {
	debug_key=$1 debug_found=
	shift
	for debug_one; do
		case $debug_one in "$debug_key="*) debug_found=${debug_one#*=} ;; esac
	done
}
# debug_is POD: whether that is the pod of an ephemeral container, the last of which
# is called $debug_name
debug_is() {
	# shellcheck disable=SC2086 # words
	debug_find "$1" $debug_pods
	debug_name=$debug_found
	[ -n "$debug_name" ]
}
# debug_of OPERAND: the pod that was found for it, into $debug_pod
debug_of() {
	# shellcheck disable=SC2086 # words
	debug_find "$1" $debug_known
	debug_pod=$debug_found
	[ -n "$debug_pod" ]
}

# debug_add OPERAND [UID:GID]: adds a container to the pod, which is $debug_pod then
debug_add() {
	debug_add_name=kcp-${nonce%????????????????????}
	debug_add_user=${2-}
	[ -z "$debug_add_user" ] || debug_add_name=$debug_add_name-user
	[ "$verbose" -eq 0 ] ||
		say "$1: nothing there: ephemeral container $debug_add_name from $debug_image${2:+ as $2}"
	set -- "$1" -c "$debug_add_name" --debug-image "$debug_image" --status-fd 3
	[ -z "$container" ] || set -- "$@" --target "$container"
	[ -z "$debug_add_user" ] || set -- "$@" --debug-user "$debug_add_user"
	in_pod --no-stdin -q "$@" -- sh -c "$near" kcp "$nonce"
	quote "$scratch/debug"
	debug_said=$(bound "$said_most" eval "$line 3>$quoted") || return 1
	debug_pod=$(sed -n 's/.*"event":"connected".*"namespace":"\([^"]*\)","pod":"\([^"]*\)".*/\1\/\2/p' \
		"$scratch/debug")
	# that of a workload stays the same one
	case $1 in
	"$debug_pod" | "${debug_pod#*/}") debug_pod=$1 ;;
	*) debug_pod=pod/${debug_pod#*/} ;;
	esac
	debug_pods="$debug_pods $debug_pod=$debug_add_name"
	case $debug_said in
	"$nonce")
		debug_known="$debug_known $1=$debug_pod"
		return 0
		;;
	"$nonce far "[0-9]*:[0-9]*)
		if [ -z "$debug_add_user" ]; then
			# a user that only the image of the other one names
			debug_add "$1" "${debug_said#"$nonce far "}"
			return
		fi
		;;
	esac
	case $debug_said in
	"$nonce far"*) say "$1: the files of process 1 cannot be reached from $debug_image: it has another user, or more rights" ;;
	"$nonce own") say "$1: the node gives no container the processes of another: its files cannot be reached" ;;
	*) say "$1: the ephemeral container did not answer" ;;
	esac
	return 1
}

# reached POD PATH: what the path is called in the ephemeral container, into $path
reached() {
	in_pod --no-stdin -q "$1" -- sh -c "$reach" kcp "$nonce" "$2"
	path=$(bound "$said_most" eval "$line") || return 1
	case $path in
	"$nonce "*"$nonce") ;;
	*)
		say "$1:$2: the ephemeral container did not answer"
		return 1
		;;
	esac
	path=${path#"$nonce "}
	path=${path%"$nonce"}
}

# equipped POD: whether it has sh and tar; 0, 1, or 2 when that cannot be said
equipped() {
	# shellcheck disable=SC2016 # for the shell in the pod
	in_pod --no-stdin -q "$1" -- sh -c "$tar_there"'$T --help >/dev/null 2>&1 || exit 69'
	equipped_rc=0
	hushed "$scratch/equipped" eval "$line" || equipped_rc=$?
	case $equipped_rc in
	0) return 0 ;;
	69 | 126 | 127) return 1 ;;
	esac
	cat "$scratch/equipped" >&2
	return 2
}

# debug_side POD: sees to the container for one side; of two pods one may have no
# need of it.  0 and $debug_pod, which is empty then; or 1.
debug_side() {
	debug_of "$1" && return 0
	if [ -n "$s_pod" ] && [ -n "$t_pod" ]; then
		equipped_rc=0
		equipped "$1" || equipped_rc=$?
		case $equipped_rc in
		0) return 0 ;;
		2) return 1 ;;
		esac
	fi
	debug_add "$1"
}

# debugged: sees to the containers, and the copy is from and to them
debugged() {
	if [ -n "$s_pod" ]; then
		debug_side "$s_pod" || return 1
		if [ -n "$debug_pod" ]; then
			s_pod=$debug_pod
			reached "$s_pod" "$s_dir" || return 1
			s_dir=$path
		fi
	fi
	# for an earlier SRC it may have been done
	if [ -n "$t_pod" ] && [ "$t_debugged" -eq 0 ]; then
		debug_side "$t_pod" || return 1
		if [ -n "$debug_pod" ]; then
			t_pod=$debug_pod
			reached "$t_pod" "$t_path" || return 1
			t_path=$path t_debugged=1
		fi
	fi
}

# anyhow COMMAND: runs it, a copy; and when a pod has not what it takes, once
# more with ephemeral containers, if they are allowed
anyhow() {
	helped=0 may_debug=0
	[ -z "$debug_image" ] || may_debug=1
	anyhow_rc=0
	if [ "$may_debug" -eq 0 ]; then
		:
	elif debug_of "$s_pod"; then
		helped=1
	elif [ "$s_stream" -eq 1 ]; then
		# a stream cannot be read twice
		equipped "$t_pod" || anyhow_rc=$?
		[ "$anyhow_rc" -ne 1 ] || helped=1
		[ "$anyhow_rc" -ne 2 ] || return 1
	fi
	if [ "$helped" -eq 0 ]; then
		"$1" && return 0
		if [ "$helped$may_debug" != 11 ]; then return 1; fi
		drop
	fi
	may_debug=0
	debugged && "$1"
}

# stream_out: the tar stream of the source on stdout
stream_out() {
	shown_begin
	sender ''
	stream_rc=0
	eval "$send" || stream_rc=$?
	shown_end
	case $stream_rc in
	0) return 0 ;;
	66) no_source ;;
	69 | 126 | 127) helpless "$s_pod" 'a stream needs sh and tar' ;;
	esac
	return 1
}

# debug_end: the containers have nothing to do any more
debug_end() {
	for debug_end in $debug_pods; do
		in_pod --no-stdin --connect-timeout 10s -q -c "${debug_end#*=}" \
			"${debug_end%%=*}" -- sh -c "$leave" kcp "${debug_end#*=}"
		# it goes down with what it ends
		eval "$line" >/dev/null 2>&1 || :
	done
	debug_pods=
}
