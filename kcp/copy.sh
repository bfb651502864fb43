# One copy: from $s_base in $s_dir to $t_path, each in its pod or here.

# source OPERAND
source_is() {
	side "$1"
	s_pod=$pod s_stream=0
	if [ "$1" = - ]; then
		s_stream=1 s_dir='' s_base=.
	else
		parts "$path"
		s_dir=$dir s_base=$base
	fi
}

# sender METHOD: the command that sends it, into $send
sender() {
	if [ "$s_stream" -eq 1 ]; then
		send=
	elif [ -n "$s_pod" ]; then
		in_pod --no-stdin "$s_pod" -- sh -c "$give" kcp "$s_dir" "$s_base" \
			"$1" "$note"
		send=$line$give_excludes
	else
		case $1 in
		*zstd*) send=' --zstd' ;;
		*gzip*) send=' -z' ;;
		*) send= ;;
		esac
		words -C "$s_dir" -- "$s_base"
		send="${prefix}ktar-pack$quiet$pack_excludes$send $line"
	fi
}

# taker HOW COMPRESSORS: the command that takes it in the pod, into $line
taker() {
	in_pod "$t_pod" -- sh -c "$take" kcp "$t_path" "$s_base" "$nonce" \
		"$1" "$tar_options" "$2"
}

# has_method POD: those of $compressors that the pod has, into $method
has_method() {
	# shellcheck disable=SC2016 # for the shell in the pod
	in_pod --no-stdin "$1" -- sh -c 'for c in $1; do
		if command -v "$c" >/dev/null 2>&1; then echo "$c"; fi
	done' kcp "$compressors"
	method=$(eval "$line" | tr '\n' ' ')
	[ -n "$method" ] || [ -z "$note" ] || printf '%s\n' "$note" >&2
}

# print_up: the pipe into the pod
print_up() {
	method=${compressors%% *}
	sender "$method"
	taker '' "$method"
	printf '%s\n' "${send:+$send | }$line"
}

# up: into the pod
up() {
	is_there || return 1
	up_once
	up_rc=$?
	[ "$up_rc" -ne 2 ] || up_swept
	return "$up_rc"
}

# is_there: whether there is a source, where that is known
is_there() {
	[ "$s_stream" -eq 0 ] && [ -z "$s_pod" ] || return 0
	[ -e "$s_dir/$s_base" ] || [ -h "$s_dir/$s_base" ] || {
		say "$s_dir/$s_base: no such file or directory"
		return 1
	}
}

# up_once: one try; 0, 1, or 2 when the stream was lost
up_once() {
	method=$compressors
	[ -z "$method" ] || [ -z "$s_pod" ] || has_method "$s_pod"
	[ "$s_stream" -eq 0 ] || method=
	if [ -z "$method" ]; then
		sender ''
		taker '' ''
		piped "$send" "$line"
	else
		taker '' "$method"
		# shellcheck disable=SC2016 # when the pod has answered
		asked 'sender "$method"; eval "$send"' "$line"
		method=$(cat "$scratch/method")
		if [ -n "$method" ]; then
			[ "$verbose" -eq 0 ] || say "$t_pod: compressed by $method"
		elif [ -z "$quiet" ] && [ "$second" -eq 0 ]; then
			printf '%s\n' "$note" >&2
		fi
	fi
	up_ended
}

# up_ended: what became of the pipe; 0, 1, or 2 when the stream was lost
up_ended() {
	said=$(cat "$scratch/said")
	if [ "$second" -eq 0 ] && [ "${said%% *}" = "$nonce" ]; then
		[ "$first" -eq 0 ] && return
		[ "$first" -ne 255 ] && return 1
		return 2
	fi
	if [ "$second" -eq 0 ]; then
		say "$t_pod:$t_path: the pod did not confirm the copy"
	elif [ "$second" -gt 128 ] && [ "$second" -lt 255 ]; then
		say "$t_pod: killed by signal $((second - 128))"
	elif [ "$second" -ne 255 ]; then
		return 1
	fi
	return 2
}

# up_swept: takes away what a shell in the pod could not, or names it
up_swept() {
	in_pod --no-stdin --connect-timeout 10s -q "$t_pod" -- \
		sh -c "$sweep" kcp "$t_path" "$s_base" "$nonce" ''
	[ "$(eval "$line" 2>/dev/null)" = "$nonce" ] ||
		say "$t_pod:$t_path: .kcp.$nonce may be left there"
}

# here_place: where it goes on this machine: $final, and $partial where that is
# not a directory yet
here_place() {
	case $t_path in -*) t_path=./$t_path ;; esac
	final=$t_path
	partial=
	if [ "$s_base" = . ]; then
		while :; do
			case $final in ?*/) final=${final%/} ;; *) break ;; esac
		done
	elif [ -d "$t_path" ]; then
		final=${t_path%/}/$s_base
	fi
	[ ! -d "$final" ] || return 0
	case $final in
	*/*) parent=${final%/*}/ ;;
	*) parent=./ ;;
	esac
	if [ ! -d "$parent" ] || [ "$final" != "${final%/}" ]; then
		say "$parent: no such directory"
		return 1
	fi
	partial=$parent.kcp.$nonce
	arrival=$partial/$s_base
	[ "$s_base" != . ] || arrival=$partial/all
}

# here_lines: the commands around the pipe: $before, $unpack and $after
here_lines() {
	before=: after=:
	words "${prefix}ktar-unpack"
	[ -z "$compressors" ] || line="$line --auto"
	unpack=$line
	if [ -z "$partial" ]; then
		# the prefix keeps all else out of a folder that is in use
		if [ "$s_base" = . ]; then
			words -- "$final"
		else
			words --prefix "$s_base" -- "$final"
		fi
		unpack="$unpack $line"
		return
	fi
	if [ "$s_base" = . ]; then
		words mkdir -p -- "$arrival"
		before=$line
		words -- "$arrival"
	else
		words mkdir -- "$partial"
		before=$line
		words -- "$partial"
	fi
	unpack="$unpack $line"
	words mv -f -- "$arrival" "$final"
	after=$line
	words rmdir -- "$partial"
	after="$after && $line"
}

# print_here: the pipe to this machine
print_here() {
	here_place || return
	sender "$compressors"
	here_lines
	line="$send | $unpack"
	[ "$before" = : ] || line="$before && $line"
	[ "$after" = : ] || line="$line && $after"
	printf '%s\n' "$line"
}

# here: to this machine
here() {
	here_place || return 1
	sender "$compressors"
	here_lines
	eval "$before" || return 1
	piped "$send" "$unpack"
	here_ended || return
	here_finish
}

# here_ended: what became of the pipe; 0, 1, or 2 when the stream was lost
here_ended() {
	if [ "$first" -gt 128 ] && [ "$first" -lt 255 ] && [ "$first" -ne 141 ]; then
		say "$s_pod: killed by signal $((first - 128))"
		return 2
	fi
	[ "$first" -ne 255 ] || return 2
	[ "$first" -eq 0 ] && [ "$second" -eq 0 ]
}

# here_finish: puts in its place what has arrived
here_finish() {
	if [ -n "$partial" ] && [ -e "$final" ] && [ -d "$arrival" ]; then
		say "$final: not a directory"
		return 1
	fi
	eval "$after"
}

# drop: takes away what a copy that did not end has left
drop() {
	if [ -n "$partial" ] && [ -d "$partial" ]; then
		chmod -R u+rwX "$partial" 2>/dev/null
		rm -rf "$partial"
	fi
	partial=
}
