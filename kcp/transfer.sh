# A copy as a whole: what is to be sent, as many tries as it may take, and what
# comes behind it.

# copied: the copy from $s_* to $t_*; 0 when all is as it should be
copied() {
	is_there || return 1
	[ -n "$t_pod" ] || here_place || return 1
	tries=0 pause=0 n_had=0 n_blocks=0 resume_zip='' listed=0 how='' kind='' opened=0
	rm -f "$scratch/sent" "$scratch/got"
	[ "$retries" -eq 0 ] || how=keep
	[ "$atomic" -eq 0 ] || how="$how swap"
	! debug_is "$t_pod" || how="$how root"
	if [ -n "$update" ] || [ "$dry" -eq 1 ]; then
		planned || return 1
		[ "$dry" -eq 0 ] && [ -s "$scratch/list" ] || return 0
	fi
	while :; do
		try_rc=0
		if [ -n "$t_pod" ] && [ "$retries" -ne 0 ] && [ "$opened" -eq 0 ]; then
			# or else it may be in place, and we would not know
			up_opened "$how" || try_rc=$?
			[ "$try_rc" -ne 0 ] || opened=1
		fi
		shown_begin
		if [ "$try_rc" -ne 0 ]; then
			:
		elif [ "$jobs" -gt 1 ] && [ "$tries" -eq 0 ] && [ "$listed" -eq 0 ] && in_parts; then
			if [ -n "$t_pod" ]; then up_jobs "$how"; else here_jobs; fi || try_rc=$?
		elif [ -n "$t_pod" ] && [ -n "$s_pod" ]; then
			across "$how" || try_rc=$?
		elif [ -n "$t_pod" ]; then
			up_once "$how" || try_rc=$?
		else
			here_once || try_rc=$?
		fi
		shown_end
		[ "$try_rc" -lt 3 ] || simpler "$try_rc"
		[ "$try_rc" -eq 2 ] || break
		again_rc=0
		again || again_rc=$?
		[ "$again_rc" -ne 3 ] || try_rc=0
		[ "$again_rc" -eq 0 ] || break
	done
	here_forgets
	if [ -n "$t_pod" ]; then
		if [ "$opened" -eq 1 ] || [ "$try_rc" -eq 2 ] ||
			{ [ -n "$s_pod" ] && [ "$try_rc" -ne 0 ]; }; then up_swept; fi
	fi
	unswept=0
	[ "$try_rc" -eq 0 ] || return 1
	[ "$verify" -eq 0 ] || verified || return 1
	[ "$delete" -eq 0 ] || deleted
}

# simpler 3|4: the copy without a tar, or without a shell, in the pod; $try_rc is
# what became of it
simpler() {
	try_rc=0
	if [ -n "$t_pod" ] && [ -n "$s_pod" ]; then
		helpless "$s_pod, $t_pod" 'from pod to pod both need sh and tar'
		try_rc=1
	elif [ "$s_stream" -eq 1 ]; then
		helpless "$t_pod" 'a stream needs sh and tar'
		try_rc=1
	elif [ -n "$t_pod" ]; then
		if [ "$1" -eq 3 ]; then up_plain "$how"; else up_direct; fi || try_rc=$?
	else
		[ -z "$partial" ] || rm -rf "$partial"
		if [ "$1" -eq 3 ]; then here_plain; else here_direct; fi || try_rc=$?
	fi
	# each has tried as often as it may
	[ "$try_rc" -ne 2 ] || try_rc=1
}

# in_parts: whether it can go in several streams
in_parts() {
	[ "$s_stream" -eq 0 ] || return 1
	if [ -n "$t_pod" ]; then
		[ -z "$s_pod" ] && [ -d "$s_dir/$s_base" ] && [ ! -h "$s_dir/$s_base" ]
	else
		[ "$atomic" -eq 0 ] || [ -n "$partial" ]
	fi
}

# planned: what is to be sent, into $scratch/list; and says it where that is all
planned() {
	dst_is before
	d_all=$delete
	differ "${update:-meta}" || {
		case $? in
		2) say 'the list was lost' ;;
		4) helpless "$look_pod" 'no sh, and lists need it' ;;
		esac
		return 1
	}
	cp "$scratch/list" "$scratch/wanted" || return 1
	if [ "$delete" -eq 1 ] && ! grep -q '^d \.$' "$scratch/s.names"; then
		say "--delete: $s_base: not a directory"
		return 1
	fi
	listed=1
	[ "$dry" -eq 1 ] || return 0
	[ -n "$update" ] || cp "$scratch/s.names" "$scratch/list"
	shown copy "$scratch/list"
	[ "$delete" -eq 0 ] || shown delete "$scratch/extra"
}

# shown WORD FILE: the lines of --dry-run
shown() {
	esc "$s_base"
	# shellcheck disable=SC2154 # esc has set it
	shown_base=$m
	while IFS= read -r shown_line; do
		case $shown_line in
		'f '*) ;;
		*) [ "$1" = delete ] || [ -z "$update" ] || continue ;;
		esac
		shown_name=${shown_line#* }
		if [ "$s_base" = . ]; then
			[ "$shown_name" != . ] || continue
			printf '%s %s\n' "$1" "${shown_name#./}"
		else
			printf '%s %s%s\n' "$1" "$shown_base" "${shown_name#.}"
		fi
	done <"$2" | LC_ALL=C tr '\000-\011\013-\037\177' '?'
}

# another_try: whether there is to be one; it waits before it says so
another_try() {
	[ "$retries" -lt 0 ] || [ "$tries" -lt "$retries" ] || return 1
	tries=$((tries + 1))
	[ -n "$quiet" ] || say "the stream was lost: try $tries"
	[ "$pause" -eq 0 ] || sleep "$pause"
	if [ "$pause" -eq 0 ]; then
		pause=1
	elif [ "$pause" -lt 30 ]; then
		pause=$((pause * 2))
	fi
}

# again: whether there is to be another try, and what it is to send.  0; 1 when
# not, 3 when all is in its place.
again() {
	while another_try; do
		[ "$s_stream" -eq 0 ] || return 1
		[ "$opened" -eq 1 ] || [ -z "$t_pod" ] || return 0
		rest_rc=0
		rest || rest_rc=$?
		[ "$rest_rc" -eq 2 ] || return "$rest_rc"
	done
	return 1
}

# rest: what of the source has not arrived whole, into $scratch/list.  What has
# arrived and is no longer there is taken away again.
rest() {
	if [ "$atomic" -eq 1 ] && [ -z "$t_pod" ] && [ -z "$partial" ]; then
		# what had arrived is gone
		listed=0
		return
	fi
	dst_is staged
	d_all=0
	if [ -n "$t_pod" ] || [ -n "$partial" ]; then d_all=1; fi
	differ both || return
	if [ "$d_all" -eq 1 ]; then
		[ ! -s "$scratch/extra" ] || [ -n "$quiet" ] ||
			say "$s_base: the source has changed since the last try"
		lose_there || return 2
	fi
	if [ -n "$update" ]; then
		in_both "$scratch/list" "$scratch/wanted" >"$scratch/still" &&
			mv "$scratch/still" "$scratch/list" || return 1
	fi
	listed=1
	# they have sums of what was sent before, and no others
	rm -f "$scratch/sent" "$scratch/got"
	had=$(wc -l <"$scratch/same") || return 1
	[ "$had" -le "$n_had" ] || pause=0
	n_had=$had
	[ "$verbose" -eq 0 ] || say "$((had)) files have arrived, $(grep -c '^f' "$scratch/list") are to be sent"
	resume_rest
}

# deleted: takes away there what the source does not have
deleted() {
	dst_is after
	d_all=1
	differ meta || return 1
	lose_there
}
