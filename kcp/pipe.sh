# said_pipe FIRST SECOND: says it, of a shell's text the first line
said_pipe() {
	say "${1:+${1%%"$nl"*} | }${2%%"$nl"*}"
}

# piped FIRST SECOND: runs the pipe; its statuses are in $first and $second,
# since not every sh has pipefail, and what SECOND said is in $scratch/said.
# An empty FIRST is this script's own stdin.
piped() {
	[ "$verbose" -eq 0 ] || said_pipe "$1" "$2"
	first=0
	second=0
	if [ -z "$1" ]; then
		eval "$2" >"$scratch/said" || second=$?
		return
	fi
	{
		eval "$1"
		echo $? >"$scratch/first"
	} | {
		eval "$2" >"$scratch/said" || second=$?
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
		eval "$2" >"$scratch/answer" || second=$?
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
