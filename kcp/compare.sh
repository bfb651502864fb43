# What both sides have, by lists (lists.sh) in files beneath $scratch.

eval "$names"

# dst_is before|staged|after: which place of the destination is meant: where it
# will go, where it arrives, where it has gone; into $d_dir and $d_how
dst_is() {
	if [ -n "$t_pod" ]; then
		d_dir=$t_path
		case $1 in
		before) d_how=- ;;
		staged) d_how="staged $kind" ;;
		after) d_how=$kind ;;
		esac
	else
		d_how=as d_dir=$final
		[ "$1" != staged ] || [ -z "$partial" ] || d_dir=$arrival
	fi
}

# look_at src|dst meta|sums|names FILE [NAMES]: a list of all, or of what NAMES has,
# into FILE.  0; 1 when it cannot be made, 2 when the stream was lost, 3 when
# what had arrived is in its place already.
look_at() {
	case $1 in
	src) look_pod=$s_pod look_dir=$s_dir look_how=src ;;
	dst) look_pod=$t_pod look_dir=$d_dir look_how=$d_how ;;
	esac
	look_what=$2 look_into=$3 look_names=${4-}
	set -- sh -c "$look" kcp "$look_dir" "$s_base" "$nonce" "$look_how" \
		"$look_what" ${look_names:+names}
	if [ -n "$look_pod" ] && [ -n "$look_names" ]; then
		in_pod -q "$look_pod" -- "$@"
	else
		asks "$look_pod" "$@"
	fi
	look_rc=0
	bound "$list_most" eval "$line" <"${look_names:-/dev/null}" >"$look_into.raw" || look_rc=$?
	look_end=$(tail -n 1 "$look_into.raw")
	case $look_end in
	"$nonce end")
		[ "$look_rc" -eq 0 ] || return 1
		sed -e '$d' -e 's/^\([0-9a-f]\{64\}\) [ *]/\1  /' \
			"$look_into.raw" >"$look_into" || return 1
		[ "$look_how" != src ] || [ -n "$look_names" ] || [ -s "$look_into" ] || {
			no_source
			return 1
		}
		;;
	"$nonce unreadable") return 1 ;;
	"$nonce done") return 3 ;;
	"$nonce "*)
		say "${look_pod:-here}: no ${look_end#* }: what is there cannot be compared"
		return 1
		;;
	*)
		[ "$look_rc" -ne 126 ] && [ "$look_rc" -ne 127 ] || return 4
		[ "$look_rc" -ne 0 ] || say "${look_pod:-here}: the list is not complete"
		[ "$look_rc" -gt 0 ] && [ "$look_rc" -le 128 ] && return 1
		return 2
		;;
	esac
}

# in_both A B, only_in A B: lines of sorted files
in_both() {
	LC_ALL=C comm -12 "$1" "$2"
}
only_in() {
	LC_ALL=C comm -23 "$1" "$2"
}
# sorted FILE: in place
sorted() {
	LC_ALL=C sort -o "$1" "$1"
}

# member NAME: what it is called in the stream, into $q
member() {
	raw "$1"
	if [ "$s_base" = . ]; then
		q=${q#./}
	else
		q=$s_base${q#.}
	fi
}

# unexcluded FILE: takes what a --exclude matches out of a list
unexcluded() {
	[ "$n_excludes" -gt 0 ] || return 0
	mv "$1" "$1.all" || return 1
	while IFS= read -r unexcluded_line; do
		case $unexcluded_line in
		'f '[0-9]*) unexcluded_name=${unexcluded_line#f * * * } ;;
		*) unexcluded_name=${unexcluded_line#* } ;;
		esac
		member "${unexcluded_name# }"
		excluded "$q" || printf '%s\n' "$unexcluded_line" || return 1
	done <"$1.all" >"$1"
}
# excluded MEMBER: whether a --exclude matches, by the rules of ktar-pack(1)
excluded() {
	excluded_i=0
	while [ "$excluded_i" -lt "$n_excludes" ]; do
		excluded_i=$((excluded_i + 1))
		excluded_by=
		eval "excluded_by=\$exclude_$excluded_i"
		# shellcheck disable=SC2254 # it is a pattern
		case $1 in
		$excluded_by | */$excluded_by | $excluded_by/* | */$excluded_by/*) return 0 ;;
		esac
	done
	return 1
}

# names_in SIDE: its list without numbers, sorted, into $scratch/SIDE.names
names_in() {
	LC_ALL=C sed 's/^f [0-9]* [0-9-]* [0-9:]* /f /' "$scratch/$1" >"$scratch/$1.names" &&
		sorted "$scratch/$1.names"
}

# differ meta|sums|both: into $scratch/list what the destination does not have
# of the source: all but files, and files whose size and mtime, or size and sum,
# or all three are not the same there.  $scratch/same are the others.  What is
# there beside it, by kind and name, goes into $scratch/extra where all of $d_dir
# is looked at ($d_all).  0; 1 when it cannot be made, 2 when a stream was lost.
differ() {
	look_at src meta "$scratch/s" || return
	unexcluded "$scratch/s" || return 1
	names_in s || return 1
	LC_ALL=C sed -n '/^f /p' "$scratch/s.names" >"$scratch/s.files" || return 1
	if [ "$d_all" -eq 1 ]; then
		look_at dst meta "$scratch/d" || return
		unexcluded "$scratch/d" || return 1
		names_in d || return 1
		only_in "$scratch/d.names" "$scratch/s.names" >"$scratch/extra" || return 1
	else
		look_at dst meta "$scratch/d" "$scratch/s.files" || return
	fi
	# the same size, mtime and name
	differ_keep='\1 \2 '
	[ "$1" != sums ] || differ_keep='\1 '
	for differ_side in s d; do
		LC_ALL=C sed -n "s/^f \([0-9]*\) \([0-9-]*\) [0-9:]* /$differ_keep/p" \
			"$scratch/$differ_side" >"$scratch/$differ_side.keys" &&
			sorted "$scratch/$differ_side.keys" || return 1
	done
	in_both "$scratch/s.keys" "$scratch/d.keys" >"$scratch/same.keys" &&
		LC_ALL=C sed 's/^[0-9 -]*\./f ./' "$scratch/same.keys" >"$scratch/same" ||
		return 1
	if [ "$1" != meta ] && [ -s "$scratch/same" ]; then
		look_at src sums "$scratch/s.sums" "$scratch/same" || return
		look_at dst sums "$scratch/d.sums" "$scratch/same" || return
		sorted "$scratch/s.sums" && sorted "$scratch/d.sums" &&
			in_both "$scratch/s.sums" "$scratch/d.sums" >"$scratch/same.sums" &&
			LC_ALL=C sed 's/^[0-9a-f]*  /f /' "$scratch/same.sums" >"$scratch/same" ||
			return 1
	fi
	sorted "$scratch/same" &&
		only_in "$scratch/s.names" "$scratch/same" >"$scratch/list" || return 1
	# all names of a file, or else they would become several
	LC_ALL=C awk '
	FNR == 1 { pass++ }
	{ name = $0 }
	pass > 1 { sub(/^f [^ ]* [^ ]* [^ ]* /, "f ", name) }
	pass == 1 { listed[name]; next }
	pass == 2 && $4 !~ /^1:/ && name in listed { file[$4] }
	pass == 3 && $1 == "f" && $4 in file && !(name in listed) { print name }
	' "$scratch/list" "$scratch/s" "$scratch/s" >"$scratch/linked" || return 1
	[ ! -s "$scratch/linked" ] || {
		cat "$scratch/linked" >>"$scratch/list" && sorted "$scratch/list" || return 1
	}
}

# members: the names of $scratch/list for ktar-pack -0 -T
members() {
	while IFS= read -r members_line; do
		member "${members_line#* }"
		[ "$q" = . ] || printf '%s\0' "$q" || return 1
	done <"$scratch/list" >"$scratch/members"
}

# lose_there WHAT: takes away there what $scratch/extra names
lose_there() {
	[ -s "$scratch/extra" ] || return 0
	LC_ALL=C sort -r -k 2 -o "$scratch/extra" "$scratch/extra"
	set -- sh -c "$lose" kcp "$d_dir" "$s_base" "$nonce" "$d_how"
	[ "$n_excludes" -eq 0 ] || set -- "$@" keep
	if [ -n "$t_pod" ]; then in_pod -q "$t_pod" -- "$@"; else words "$@"; fi
	[ "$(bound "$said_most" eval "$line" <"$scratch/extra")" = "$nonce" ]
}

# manifest BASE FILE: a list of sums of what sha256sum -c would read there,
# where a name begins with BASE
manifest() {
	esc "$1"
	# shellcheck disable=SC2154 # esc has set it
	manifest_base=$m LC_ALL=C awk '
	BEGIN { base = ENVIRON["manifest_base"] }
	{
		sub(/^\\/, "")
		name = substr($0, 67)
		if (base == ".") name = "./" name
		else if (name == base) name = "."
		else name = "." substr(name, length(base) + 1)
		print substr($0, 1, 64) "  " name
	}' "$2"
}

# verified: compares the sums of all files at both ends, and names what differs
verified() {
	dst_is after
	verified_side=dst
	if [ -s "$scratch/sent" ]; then
		manifest "$s_base" "$scratch/sent" >"$scratch/a" || return 1
	elif [ -s "$scratch/got" ]; then
		verified_side=src
		if [ -n "$partial" ] && [ "$s_base" != . ]; then set -- "$s_base"; else set -- .; fi
		manifest "$1" "$scratch/got" >"$scratch/a" || return 1
	else
		look_at src sums "$scratch/all" || return 1
		LC_ALL=C sed '/^[dlo] /d' "$scratch/all" >"$scratch/a" || return 1
		unexcluded "$scratch/a" || return 1
	fi
	LC_ALL=C sed 's/^[0-9a-f]*  /f /' "$scratch/a" >"$scratch/a.names" || return 1
	look_at "$verified_side" sums "$scratch/b" "$scratch/a.names" || return 1
	sorted "$scratch/a" && sorted "$scratch/b" &&
		only_in "$scratch/a" "$scratch/b" >"$scratch/differ" || return 1
	[ -s "$scratch/differ" ] || return 0
	LC_ALL=C sed 's/^[0-9a-f]*  //' "$scratch/differ" | while IFS= read -r verified_name; do
		member "$verified_name"
		say "${q:-$t_path}: not the same at both ends"
	done
	return 1
}
