# The line of progress: one for each try, of the pipe that carries the files.  The
# tools draw it together (--line), since what one of them says has to take its
# place: up kexec, which ends last, and down ktar-unpack; the other end counts.

draws='' counts='' alone='' asking=''
# shown_begin: a new line, for the options $draws and $counts; $alone is for a
# kexec that nobody counts for.  How much there is to come is found out beside
# the copy, in a session of its own.
shown_begin() {
	draws='' counts='' alone=''
	[ "$progress" -eq 1 ] || return 0
	draws=' --progress' alone=' --progress'
	[ "$print" -eq 0 ] || return 0
	mkdir -p "$scratch/line" || return 0
	rm -f "$scratch/line/$me"
	: >"$scratch/size"
	words --line "$scratch/line/$me"
	counts=" $line"
	words --expect "$scratch/size"
	draws=" --progress$counts $line"
	alone=" --progress $line"
	# of a stream nobody knows it, and patterns are the tar's to understand
	[ "$s_stream" -eq 0 ] || return 0
	if [ "$listed" -eq 1 ]; then
		size_listed
	elif [ "$n_excludes" -eq 0 ] && { [ -z "$s_pod" ] || [ -t 2 ]; }; then
		asks "$s_pod" sh -c "$size" kcp "$s_dir" "$s_base"
		(
			# a number, and no more
			ulimit -f 1
			eval "exec $line"
		) </dev/null 2>/dev/null >"$scratch/size" &
		asking=$!
	fi
}

# shown_end: the line has ended; files that go one by one have one each
shown_end() {
	draws='' counts=''
	[ "$progress" -eq 0 ] || alone=' --progress'
	[ -n "$asking" ] || return 0
	# the second one does not wait
	kill -TERM "$asking" && kill -HUP "$asking"
	asking=
} 2>/dev/null

# size_listed: the size of what $scratch/list names, where a list that has sizes
# was made
size_listed() {
	[ -s "$scratch/s" ] || return 0
	LC_ALL=C awk '
	{ name = $0 }
	FNR != NR { sub(/^f [^ ]* [^ ]* [^ ]* /, "f ", name) }
	FNR == NR { n += 512; listed[name]; next }
	$1 == "f" && name in listed { n += int(($2 + 511) / 512) * 512 }
	END { printf "%.0f\n", n }' "$scratch/list" "$scratch/s" >"$scratch/size"
}
