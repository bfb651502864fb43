# One copy: from $s_base in $s_dir to $t_path, each in its pod or here.

# source OPERAND
source_is() {
	side "$1"
	s_pod=$pod s_stream=0 s_path=$path
	if [ "$1" = - ]; then
		s_stream=1 s_dir='' s_base=.
	else
		parts "$path"
		s_dir=$dir s_base=$base
	fi
}

# sender METHOD: the command that sends it, into $send
sender() {
	# from pod to pod, or on to a pipe, nothing is counted
	sender_shown=$alone
	[ -n "$t_pod" ] || [ "$last" = - ] || sender_shown=$counts
	# directories come last, since some tars do not wait with their times
	[ "$listed" -eq 0 ] || LC_ALL=C sort -r -o "$scratch/list" "$scratch/list" || return 1
	if [ "$s_stream" -eq 1 ]; then
		send=
	elif [ "$listed" -eq 1 ] && [ ! -s "$scratch/list" ]; then
		send=:
	elif [ -n "$s_pod" ] && [ "$listed" -eq 1 ]; then
		in_pod_shown "$sender_shown" "$s_pod" -- sh -c "$pick" kcp "$s_dir" "$s_base" "$1" "$note"
		send=$line
		quote "$scratch/list"
		send="$send <$quoted"
	elif [ -n "$s_pod" ]; then
		in_pod_shown "$sender_shown" --no-stdin "$s_pod" -- sh -c "$give" kcp "$s_dir" "$s_base" \
			"$1" "$note"
		send=$line$give_excludes
	else
		case $1 in
		*zstd*) send=' --zstd' ;;
		*gzip*) send=' -z' ;;
		*) send= ;;
		esac
		method_option=$send
		set -- -C "$s_dir"
		if [ "$print" -eq 0 ]; then
			: >"$scratch/members"
			[ "$listed" -eq 0 ] || members || return 1
			[ -z "$end" ] || printf '%s\0' "$scratch/x/../$end" >>"$scratch/members" ||
				return 1
			set -- "$@" -0 -T "$scratch/members"
		fi
		if [ "$listed" -eq 0 ]; then
			[ "$verify" -eq 0 ] || [ "$print" -eq 1 ] ||
				set -- --manifest "$scratch/sent" "$@"
			set -- "$@" -- "$s_base"
		fi
		words "$@"
		send="${prefix}ktar-pack$quiet$counts$pack_excludes$method_option$shard $line"
	fi
}

# end_is: the name of the directory that ends a stream from here, into $end;
# none where an --exclude would leave it out, whatever it is called
end_is() {
	for end in "kcp-end-$nonce" ".kcp-end-$nonce" "$nonce.end" ''; do
		[ -z "$end" ] || excluded "$end" || break
	done
	[ -z "$end" ] || mkdir "$scratch/x" "$scratch/$end"
}

# taker HOW COMPRESSORS [OPTIONS]: the command that takes it in the pod, into
# $line; with kexec's OPTIONS
taker() {
	case " $1 " in *' open '* | *' part '* | *' keep '*) unswept=1 ;; esac
	taker_end=$end
	[ -z "$s_pod" ] && [ "$s_stream" -eq 0 ] && [ "$print" -eq 0 ] || taker_end=
	taker_how="$kind $1"
	# what comes from another pod is not taken without a look at its name
	[ -n "$s_pod" ] || case $s_base in *[\\*?[]*) taker_how="$taker_how all" ;; esac
	in_pod_shown "${3-}" "$t_pod" -- sh -c "$take" kcp "$t_path" "$s_base" "$nonce" \
		"$taker_how" "$tar_options" "$2" "$taker_end"
}

# taker_shows: the options about progress for the kexec that takes a stream
taker_shows() {
	taker_shown=$draws
	[ -z "$s_pod" ] || taker_shown=
	[ "$s_stream" -eq 0 ] || taker_shown=$alone
}

# has_method POD: those of $compressors that the pod has, into $method
has_method() {
	# shellcheck disable=SC2086 # words
	in_pod --no-stdin "$1" -- sh -c "$which" kcp $compressors
	method=$(bound "$said_most" eval "$line" | tr '\n' ' ')
	[ -n "$method" ] || [ -z "$note" ] || printf '%s\n' "$note" >&2
}

# print_up: the pipe into the pod
print_up() {
	method=${compressors%% *}
	sender "$method"
	taker_shows
	taker '' "$method" "$taker_shown"
	printf '%s\n' "${send:+$send | }$line"
}

# no_source: says that there is nothing to copy
no_source() {
	say "${s_pod:+$s_pod:}$s_path: no such file or directory"
}

# is_there: whether there is a source, where that is known
is_there() {
	[ "$s_stream" -eq 0 ] && [ -z "$s_pod" ] || return 0
	[ -e "$s_dir/$s_base" ] || [ -h "$s_dir/$s_base" ] || {
		no_source
		return 1
	}
}

# up_once HOW: one try; 0, 1, or 2 when the stream was lost
up_once() {
	method=$compressors
	[ -z "$method" ] || [ -z "$s_pod" ] || has_method "$s_pod"
	sender '' || return 1
	: >"$scratch/second.says"
	taker_shows
	if [ "$send" = : ]; then
		# all has arrived, and is yet to be put in its place
		taker "$1 last" ''
		piped : "$line"
	elif [ -z "$method" ]; then
		taker "$1" '' "$taker_shown"
		taken_later
		piped "$send" "$line"
	else
		taker "$1" "$method" "$taker_shown"
		taken_later
		# shellcheck disable=SC2016 # when the pod has answered
		asked 'sender "$method" && eval "$send"' "$line"
		method=$(cat "$scratch/method")
		if [ -n "$method" ]; then
			[ "$verbose" -eq 0 ] || say "$t_pod: compressed by $method"
		elif [ -z "$quiet" ] && [ "$second" -eq 0 ]; then
			printf '%s\n' "$note" >&2
		fi
	fi
	case $first in
	66 | 69 | 126 | 127) ;;
	*) cat "$scratch/second.says" >&2 ;;
	esac
	up_ended
}
# taken_later: of two pods, what the second says is kept until it is known that
# the first had something to send
taken_later() {
	[ -n "$s_pod" ] || return 0
	words hushed "$scratch/second.says" eval "$line"
}

# up_ended: what became of the pipe; 0, 1, or 2 when the stream was lost, 3 when
# the pod has no tar, 4 when it has no shell
up_ended() {
	said=$(head -c 200 "$scratch/said" | tr -d '\000')
	[ "$first" -ne 255 ] || return 2
	case $s_pod/$first in
	?*/66)
		no_source
		return 1
		;;
	?*/69) return 3 ;;
	?*/126 | ?*/127) return 4 ;;
	esac
	if [ "$said" = "$nonce no tar" ]; then
		return 3
	elif [ "$second" -eq 0 ] && [ "${said%% *}" = "$nonce" ]; then
		kind=${said#* }
		kind=${kind%% *}
		[ "$first" -eq 0 ]
		return
	fi
	if [ "$second" -eq 0 ]; then
		say "$t_pod:$t_path: the pod did not confirm the copy"
	elif [ "$second" -gt 128 ] && [ "$second" -lt 255 ]; then
		say "$t_pod: killed by signal $((second - 128))"
	elif [ "$second" -eq 126 ] || [ "$second" -eq 127 ]; then
		return 4
	elif [ "$second" -ne 255 ]; then
		return 1
	fi
	return 2
}

# across HOW: one try from pod to pod.  Neither of the two can say where the
# stream of the other ends, so what has arrived is put in its place when all
# names are there.
across() {
	up_once "$1 part" || return
	dst_is staged
	if [ -n "$update" ]; then
		cp "$scratch/wanted" "$scratch/s.names" || return 1
	else
		look_at src names "$scratch/s.names" || return
		unexcluded "$scratch/s.names" && sorted "$scratch/s.names" || return 1
	fi
	look_at dst names "$scratch/d.names" || return
	sorted "$scratch/d.names" &&
		only_in "$scratch/s.names" "$scratch/d.names" >"$scratch/missing" || return 1
	if [ -s "$scratch/missing" ]; then
		say "$t_pod:$t_path: $(($(wc -l <"$scratch/missing"))) names did not arrive"
		return 2
	fi
	taker "$1 last" ''
	piped : "$line"
	up_ended
}

# up_opened: settles where it goes, and makes the folder where it arrives
up_opened() {
	taker "$1 open" ''
	piped : "$line"
	up_ended
}

# up_swept: takes away what a shell in the pod could not, or names it
up_swept() {
	unswept=0
	in_pod --no-stdin --connect-timeout 10s -q "$t_pod" -- \
		sh -c "$sweep" kcp "$t_path" "$s_base" "$nonce" "$kind"
	swept_rc=0
	swept=$(bound "$said_most" eval "$line" 2>/dev/null) || swept_rc=$?
	# no shell there has made it
	[ "$swept_rc" -ne 126 ] && [ "$swept_rc" -ne 127 ] || return 0
	[ "$swept" = "$nonce" ] ||
		say "$t_pod:$t_path: .kcp.$nonce may be left there"
}

# here_place: where it goes on this machine: $final, and $partial where that is
# not a directory yet
here_place() {
	case $t_path in -*) t_path=./$t_path ;; esac
	final=$t_path
	partial='' arrival=''
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
	set --
	if [ "$retries" -ne 0 ] && [ "$print" -eq 0 ]; then here_keeps; fi
	[ -z "$here_keep" ] || set -- --partial-dir "$here_keep"
	[ -z "$compressors" ] || set -- "$@" --auto
	[ "$atomic" -eq 0 ] || [ -n "$partial" ] || set -- "$@" --atomic
	[ "$verify" -eq 0 ] || [ "$print" -eq 1 ] || [ "$listed" -eq 1 ] ||
		set -- "$@" --manifest "$scratch/got"
	# what a pod without tar sends is nothing, and its status says so
	[ "$print" -eq 1 ] || set -- --quiet-empty "$@"
	words "$@"
	unpack="${prefix}ktar-unpack$draws${line:+ $line}"
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
	here_after
}

# here_keeps: a folder for what comes of a file that is cut, $here_keep, where one
# can be made that the pod does not know of; $here_kept is BASE in it
here_keeps() {
	[ -z "$here_keep" ] || return 0
	[ "$atomic" -eq 0 ] || [ -n "$partial" ] || return 0
	here_keep=$(mktemp -d "${partial:-${final%/}/.kcp}.XXXXXX" 2>/dev/null) || here_keep=
	here_kept=$here_keep
	[ -z "$partial" ] || [ "$s_base" = . ] || here_kept=$here_keep/$s_base
}

# here_forgets: takes that away again, and leaves the time of what it was in
here_forgets() {
	[ -n "$here_keep" ] || return 0
	[ -n "$partial" ] || touch -r "$final" "$scratch/time"
	rm -rf "$here_keep"
	[ -n "$partial" ] || touch -r "$scratch/time" "$final" 2>/dev/null
	here_keep=
}

# here_after: what puts $arrival in its place, into $after
here_after() {
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

# here_once: one try to this machine; 0, 1, or 2 when the stream was lost
here_once() {
	here_lines
	here_begin || return 1
	here_take
}

# here_begin: makes the folder where it arrives, unless another try has
here_begin() {
	[ -z "$partial" ] || [ ! -d "$partial" ] || return 0
	here_said=$(eval "$before" 2>&1) && return
	say "$parent: ${here_said##*: }"
	return 1
}

# here_take: takes what there is to send, and puts all in its place
here_take() {
	sender "$compressors" || return 1
	if [ "$send" != : ]; then
		piped "$send" "$unpack"
		here_ended || return
	fi
	here_finish
}

# here_ended: what became of the pipe, as up_ended
here_ended() {
	if [ "$first" -gt 128 ] && [ "$first" -lt 255 ] && [ "$first" -ne 141 ]; then
		say "$s_pod: killed by signal $((first - 128))"
		return 2
	fi
	case $first in
	66)
		no_source
		return 1
		;;
	255) return 2 ;;
	69) return 3 ;;
	126 | 127) return 4 ;;
	esac
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
	here_forgets
	partial=
	if [ -n "$here_stage" ]; then
		chmod -R u+rwX "$here_stage" 2>/dev/null
		rm -rf "$here_stage" "$here_stage.raw"
	fi
	here_stage=
}
