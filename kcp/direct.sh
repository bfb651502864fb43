# A pod without a shell: programs there are run as they are, for one file.  Each
# way has a proof of its own, since a stdin that nobody holds may be cut.

# direct WORD...: the command in the pod without stdin, into $line
direct() {
	in_pod --no-stdin -q "$direct_pod" -- "$@"
}
# run_direct: runs $line; its status, 127 when the program is not there.  What is
# said on stderr is kept for direct_failed.
run_direct() {
	direct_rc=0
	hushed "$scratch/direct" eval "$line" || direct_rc=$?
	[ "$direct_rc" -ne 126 ] || direct_rc=127
	return "$direct_rc"
}
# direct_failed: 1 or 2 for the status of the last one, which is said
direct_failed() {
	cat "$scratch/direct" >&2
	[ "$direct_rc" -le 128 ] || return 2
	return 1
}
# sum: the SHA-256 of stdin
sum() {
	sha256sum | cut -c 1-64
}

# direct_sum FILE: the SHA-256 of a file in the pod into $there, by what is there
direct_sum() {
	for direct_by in sha256sum openssl cat dd base64; do
		case $direct_by in
		openssl) direct openssl dgst -sha256 -r "$1" ;;
		dd) direct dd "if=$1" ;;
		*) direct "$direct_by" "$1" ;;
		esac
		case $direct_by in
		sha256sum | openssl) there=$(bound "$said_most" run_direct) || continue ;;
		*)
			# its status goes by a file, past the sum
			there=$({
				run_direct
				echo $? >"$scratch/status"
			} | if [ "$direct_by" = base64 ]; then base64 -d; else cat; fi | sum)
			[ "$(cat "$scratch/status")" -eq 0 ] || continue
			;;
		esac
		there=$(printf '%s\n' "$there" | cut -c 1-64)
		return
	done
	return 1
}

# up_direct: one file into a pod without a shell; 0, 1 or 2 as up_once
up_direct() {
	direct_pod=$t_pod
	if [ ! -f "$s_dir/$s_base" ] || [ -h "$s_dir/$s_base" ]; then
		helpless "$t_pod" 'no sh, and this is not one file'
		return 1
	fi
	# a name that no program takes for an option
	case $t_path in
	/*) up_direct_dst=$t_path ;;
	*) up_direct_dst=./$t_path ;;
	esac
	here_sum=$(sum <"$s_dir/$s_base") || return 1
	for up_with in tee dd cp; do
		# where a file can be made, there is a directory
		up_direct_to=${up_direct_dst%/}/$s_base
		up_direct_words "$up_with" "$up_direct_to.kcp.$nonce" direct
		if ! run_direct; then
			[ "$direct_rc" -ne 127 ] || continue
			up_direct_to=$up_direct_dst
		fi
		case $up_direct_to in
		*/)
			say "$t_pod:$t_path: no such directory"
			return 1
			;;
		esac
		up_direct_by "$up_with" "$up_direct_to.kcp.$nonce"
		up_direct_rc=$?
		[ "$up_direct_rc" -ne 127 ] || continue
		if [ "$up_direct_rc" -ne 0 ]; then
			direct rm -f "$up_direct_to.kcp.$nonce"
			run_direct || say "$t_pod:$up_direct_to.kcp.$nonce may be left there"
			return "$up_direct_rc"
		fi
		up_direct_place "$up_with"
		return
	done
	helpless "$t_pod" 'no sh, tee, dd or cp'
	return 1
}
# up_direct_words PROGRAM FILE COMMAND: COMMAND with the words to write the file
up_direct_words() {
	case $1 in
	tee) "$3" tee "$2" ;;
	dd) "$3" dd "of=$2" ;;
	cp) "$3" cp /dev/stdin "$2" ;;
	esac
}
# up_direct_in WORD...: the command in the pod with stdin, into $line
up_direct_in() {
	in_pod -q "$direct_pod" -- "$@"
}
# up_direct_by PROGRAM FILE: sends it there and looks at what has arrived; 127
# when there is no such program
up_direct_by() {
	up_direct_words "$1" "$2" up_direct_in
	quote "$s_dir/$s_base"
	line="$line <$quoted"
	# tee says all that it gets
	there=$({
		run_direct
		echo $? >"$scratch/status"
	} | sum)
	direct_rc=$(cat "$scratch/status")
	[ "$direct_rc" -ne 127 ] || return 127
	[ "$direct_rc" -eq 0 ] || {
		direct_failed
		return
	}
	[ "$1" = tee ] || direct_sum "$2" || {
		say "$t_pod: nothing there can say what has arrived"
		return 1
	}
	[ "$there" = "$here_sum" ] || {
		say "$t_pod:$t_path: not all of it arrived"
		return 2
	}
	[ "$verbose" -eq 0 ] || say "$t_pod: no shell there: by $1 alone"
}
# up_direct_place PROGRAM: puts it in its place, or writes it there where nothing
# can rename
up_direct_place() {
	direct chmod "$(stat -c %a "$s_dir/$s_base")" "$up_direct_to.kcp.$nonce"
	run_direct || [ "$direct_rc" -eq 127 ] || {
		direct_failed
		return
	}
	direct mv -f "$up_direct_to.kcp.$nonce" "$up_direct_to"
	run_direct && return
	[ "$direct_rc" -eq 127 ] || {
		direct_failed
		return
	}
	[ "$verbose" -eq 0 ] || say "$t_pod: no mv there: written in place"
	direct rm -f "$up_direct_to.kcp.$nonce"
	run_direct || say "$t_pod:$up_direct_to.kcp.$nonce is left there"
	up_direct_by "$1" "$up_direct_to"
}

# here_direct: one file from a pod without a shell; 0, 1 or 2 as here_once
here_direct() {
	direct_pod=$s_pod
	[ -n "$partial" ] || {
		helpless "$s_pod" 'no sh, and one file cannot replace a directory'
		return 1
	}
	case $s_dir in /*) here_from=$s_dir/$s_base ;; *) here_from=./$s_dir/$s_base ;; esac
	[ "$s_base" != . ] || {
		helpless "$s_pod" 'no sh, and this is not one file'
		return 1
	}
	mkdir -- "$partial" || return 1
	for here_with in cat dd base64; do
		case $here_with in
		dd) direct dd "if=$here_from" ;;
		*) direct "$here_with" "$here_from" ;;
		esac
		run_direct >"$arrival" || {
			[ "$direct_rc" -ne 127 ] || continue
			direct_failed
			return
		}
		[ "$here_with" != base64 ] || {
			base64 -d <"$arrival" >"$partial/.raw" && mv -f -- "$partial/.raw" "$arrival" || return 1
		}
		direct_sum "$here_from" || {
			direct_failed
			return
		}
		[ "$there" = "$(sum <"$arrival")" ] || {
			say "$s_pod:$here_from: not all of it arrived"
			return 2
		}
		[ "$verbose" -eq 0 ] || say "$s_pod: no shell there: by $here_with alone"
		here_direct_place
		return
	done
	helpless "$s_pod" 'no sh, cat, dd or base64'
	return 1
}
# here_direct_place: gives it the mode and the time, where they can be told, and
# puts it in its place
here_direct_place() {
	direct stat -c '%a %Y' "$here_from"
	if here_said=$(bound "$said_most" run_direct); then
		case ${here_said#* }/${here_said%% *} in
		*[!0-9/]*) ;;
		*)
			# no setuid for what a pod has sent
			here_mode=${here_said%% *}
			case $here_mode in ????*) here_mode=${here_mode#"${here_mode%???}"} ;; esac
			chmod "$here_mode" -- "$arrival" && touch -d "@${here_said#* }" -- "$arrival" ||
				return 1
			;;
		esac
	fi
	here_after
	here_finish
}
