# said_pipe FIRST SECOND: says it, of a shell's text the first line
said_pipe() {
	say "${1:+${1%%"$nl"*} | }${2%%"$nl"*}"
}

# What a pod says is for this machine to keep: so many bytes of a word that it is
# to say, and of a list.
said_most=16384
list_most=1073741824

# bound BYTES COMMAND...: runs it, and passes on so much of what it says; its
# status, or that of a stream that was lost where there was more, which is said.
# What is little is passed on as it comes.
bound() {
	bound_most=$1
	shift
	{
		bound_rc=$({
			{
				"$@"
				echo $? >&3
			} | {
				case $bound_most in
				???????*) head -c "$bound_most" >&4 ;;
				*) dd bs=1 count="$bound_most" 2>/dev/null >&4 ;;
				esac
				[ -z "$(head -c 1 | tr -c x x)" ] || echo more >&3
			}
		} 3>&1)
	} 4>&1
	case $bound_rc in
	*more*)
		say "${t_pod:-$s_pod}: says more than it should"
		return 255
		;;
	esac
	return "$bound_rc"
}

# hushed FILE COMMAND...: runs it; what it says on stderr, or the beginning of that,
# is kept in FILE
hushed() {
	hushed_to=$1
	shift
	{
		hushed_rc=$({
			{
				"$@" 2>&1 >&4
				echo $? >&3
			} | {
				head -c "$said_most" >"$hushed_to"
				cat >/dev/null
			}
		} 3>&1)
	} 4>&1
	return "$hushed_rc"
}

# piped FIRST SECOND: runs the pipe; its statuses are in $first and $second,
# since not every sh has pipefail, and what SECOND said is in $scratch/said.
# An empty FIRST is this script's own stdin.
piped() {
	[ "$verbose" -eq 0 ] || said_pipe "$1" "$2"
	first=0
	second=0
	if [ -z "$1" ]; then
		bound "$said_most" eval "$2" >"$scratch/said" || second=$?
		return
	fi
	{
		eval "$1"
		echo $? >"$scratch/first"
	} | {
		bound "$said_most" eval "$2" >"$scratch/said" || second=$?
		exit "$second"
	} || second=$?
	first=$(cat "$scratch/first")
}

# asked FIRST SECOND: as piped, but FIRST is run when SECOND has said a line,
# NONCE and a word, and has it in $method.
asked() {
	[ "$verbose" -eq 0 ] || said_pipe "$1" "$2"
	first=0
	second=0
	rm -f "$scratch/answer"
	: >"$scratch/method"
	mkfifo "$scratch/answer" || exit 1
	{
		exec 3<"$scratch/answer"
		IFS= read -r answer <&3 || answer=
		cat <&3 >"$scratch/said" &
		case $answer in
		"$nonce "*)
			method=${answer#* }
			printf '%s\n' "$method" >"$scratch/method"
			eval "$1" 3<&-
			echo $? >"$scratch/first"
			exec >&-
			wait
			;;
		*)
			exec >&-
			wait
			printf '%s\n' "$answer" >"$scratch/said"
			echo 0 >"$scratch/first"
			;;
		esac
	} | {
		bound "$said_most" eval "$2" >"$scratch/answer" || second=$?
		exit "$second"
	} || second=$?
	first=$(cat "$scratch/first")
}

# in_pod WORD...: the kexec that they belong to, into $line; in the ephemeral
# container, where one was added to the pod, which stands in front of --; $shown are
# options about progress
shown=
in_pod() {
	words "$@"
	in_pod_words=$line
	for in_pod_one; do
		[ "$in_pod_one" != -- ] || break
		in_pod_at=$in_pod_one
	done
	words "${prefix}kexec"
	line=$line$kube$shown
	! debug_is "$in_pod_at" || line="$line -c $debug_name"
	line="$line $in_pod_words"
}
# in_pod_shown OPTIONS WORD...: with these options
in_pod_shown() {
	shown=$1
	shift
	in_pod "$@"
	shown=
}
# asks POD WORD...: the same for what reads nothing, and quiet; or without a POD the
# words as they are, for this machine
asks() {
	asks_pod=$1
	shift
	if [ -z "$asks_pod" ]; then words "$@"; else in_pod -q --no-stdin "$asks_pod" -- "$@"; fi
}
