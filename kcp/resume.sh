# The rest of a file in the middle of which the stream was lost.  What has arrived
# of it counts by whole blocks, and stays when their SHA-256 is that of as many
# of the source; then the others are sent, and when the whole has the sum of the
# source it has arrived.  Where anything is otherwise the file is sent whole.

# sh -c "$resume" kcp DST BASE NONCE HOW NAME BLOCKS COMPRESSOR WHAT is for one
# file, NAME of a list in DST as $look has it, and says NONCE and its SHA-256, size,
# time, 512 bytes on disk, mode, owner and group.  WHAT...:
#	first			the sum of its first BLOCKS
#	all SIZE		that of so many bytes
#	rest BYTES		sends those behind the BLOCKS, and says no more
#	add MODE UID GID USER GROUP SECONDS
#				takes them, by their place, so that it does no harm
#				when another one is at it still; and gives the file
#				what a tar would: the owner, with that word in HOW
# shellcheck disable=SC2016 # for the shell in the pod
resume="LC_ALL=C; export LC_ALL; $names$place$hash_there"'raw "$5"
how staged && f=$r
s=$f${q#.} k=$6 z=$7 a=$8
[ -f "$s" ] && [ ! -h "$s" ] && [ -n "$H" ] || exit 1
for e in dd head; do command -v "$e" >/dev/null 2>&1 || exit 1; done
shift 8
give() { dd bs=65536 skip="$k" <"$s" 2>/dev/null | head -c "$1"; }
put() { dd bs=65536 seek="$k" conv=notrunc of="$s" 2>/dev/null; }
case $a in
rest)
	if [ -n "$z" ]; then give "$1" | $z -c; else give "$1"; fi
	exit
	;;
add)
	chmod u+w "$s" && touch -d "@$6" "$s" || exit 1
	if [ -n "$z" ]; then $z -dc 2>/dev/null | put; else put; fi || exit 1
	m=$1
	if ! how owner; then m=$(printf %o $((0$1 & 0777 & ~0$(umask))))
	elif [ "$(id -u 2>/dev/null || echo 0)" -eq 0 ]; then
		chown "$4" "$s" 2>/dev/null || chown "$2" "$s" || exit 1
		chgrp "$5" "$s" 2>/dev/null || chgrp "$3" "$s" || exit 1
	fi
	chmod "$m" "$s" && touch -d "@$6" "$s" || exit 1
	;;
esac
case $a in
first) e=$(dd bs=65536 count="$k" <"$s" 2>/dev/null | $H) ;;
all) e=$(head -c "$1" "$s" | $H) ;;
add) e=$($H <"$s") ;;
esac
echo "$n ${e%% *} $(stat -c "%s %Y %b %a %u %g$nl%U$nl%G" "$s")"'
resume_block=65536

# resume_words src|dst WHAT [WORD...]: the command at that side, into $line
resume_words() {
	case $1 in
	src) resume_pod=$s_pod resume_at=$s_dir resume_as=src ;;
	dst) resume_pod=$t_pod resume_at=$resume_dir resume_as=$resume_how ;;
	esac
	resume_what=$2
	shift 2
	set -- sh -c "$resume" kcp "$resume_at" "$s_base" "$nonce" "$resume_as" \
		"$resume_name" "$resume_blocks" "$resume_zip" "$resume_what" "$@"
	case ${resume_pod:+$resume_what} in
	add) if [ -n "$s_pod" ]; then in_pod "$resume_pod" -- "$@"; else in_pod_shown "$alone" "$resume_pod" -- "$@"; fi ;;
	rest) in_pod_shown "$alone" --no-stdin "$resume_pod" -- "$@" ;;
	*) asks "$resume_pod" "$@" ;;
	esac
}

# resume_ask SIDE WHAT...: what it says, into $said; 0, 1 when it cannot be said, 2
# when the stream was lost
resume_ask() {
	resume_words "$@"
	resume_rc=0
	said=$(bound "$said_most" eval "$line" </dev/null) || resume_rc=$?
	resume_said
}
# resume_said: takes NONCE off $said, where the status $resume_rc is good
resume_said() {
	case $resume_rc/$said in
	"0/$nonce "*) said=${said#* } ;;
	0/*) return 2 ;;
	*)
		[ "$resume_rc" -le 128 ] || return 2
		return 1
		;;
	esac
}

# resume_zip_is: the first of $compressors that both sides have, into $resume_zip
resume_zip_is() {
	resume_zip=
	for resume_zip_one in $compressors; do
		for resume_pod in "$s_pod" "$t_pod"; do
			set -- sh -c "$which" kcp "$resume_zip_one"
			asks "$resume_pod" "$@"
			[ -n "$(bound "$said_most" eval "$line" </dev/null)" ] || continue 2
		done
		resume_zip=$resume_zip_one
		return
	done
}

# resume_rest: goes on with those files of $scratch/list of which enough has come;
# those of which all has come then are taken off $scratch/list.  0; 1, or 2 when
# the stream was lost.
resume_rest() {
	if [ -n "$t_pod" ]; then
		resume_dir=$d_dir resume_how=$d_how resume_list=$scratch/d
		[ "$tar_options" != -p ] || resume_how="$resume_how owner"
	else
		[ -n "$here_keep" ] || return 0
		resume_dir=$here_kept resume_how=as resume_list=$scratch/kept
		d_dir=$resume_dir d_how=as
		look_at dst meta "$resume_list" || return 0
	fi
	LC_ALL=C awk -v block="$resume_block" '
	!/^f / { next }
	pass == 1 { listed[$0]; next }
	{ size = $2; one = $4 ~ /^1:/; sub(/^f [^ ]* [^ ]* [^ ]* /, "f ") }
	pass == 2 && one && $0 in listed { of[$0] = size }
	pass == 3 && $0 in of && size >= 16 * block && size + 0 <= of[$0] + 0 {
		printf "%.0f %s\n", int(size / block), substr($0, 3)
	}' pass=1 "$scratch/list" pass=2 "$scratch/s" pass=3 "$resume_list" >"$scratch/resume" || return 1
	[ -s "$scratch/resume" ] || return 0
	resume_had=$(awk '{ n += $1 } END { printf "%.0f", n }' "$scratch/resume") || return 1
	[ "$resume_had" -le "$n_blocks" ] || pause=0
	n_blocks=$resume_had
	resume_zip_is
	while IFS= read -r resume_line <&3; do
		resume_blocks=${resume_line%% *} resume_name=${resume_line#* }
		resume_file_rc=0
		resume_file || resume_file_rc=$?
		case $resume_file_rc in
		0)
			printf 'f %s\n' "$resume_name" >"$scratch/come" &&
				only_in "$scratch/list" "$scratch/come" >"$scratch/still" &&
				mv "$scratch/still" "$scratch/list" || return 1
			;;
		1) ;;
		2) return 2 ;;
		*) return 1 ;;
		esac
	done 3<"$scratch/resume"
}

# resume_file: goes on with one file; 0, 1 when it is to be sent whole, 2 when the
# stream was lost, 3 when it cannot be put in its place
resume_file() {
	resume_ask src first || return
	resume_src=$said
	resume_ask dst first || return
	[ "${said%% *}" = "${resume_src%% *}" ] || return 1
	resume_owner=${resume_src#*"$nl"}
	# shellcheck disable=SC2086 # words, all of them numbers but the first
	set -- ${resume_src%%"$nl"*}
	[ $# -eq 7 ] || return 1
	case $2${3#-}$4$5$6$7 in *[!0-9]*) return 1 ;; esac
	resume_bytes=$((resume_blocks * resume_block))
	# what is sent has no holes
	[ $(($2 - resume_bytes)) -le $(($4 * 512)) ] || return 1
	member "$resume_name"
	[ "$verbose" -eq 0 ] || say "$q: $resume_bytes bytes have arrived"
	resume_words dst add "$5" "$6" "$7" "${resume_owner%%"$nl"*}" \
		"${resume_owner#*"$nl"}" "$3"
	resume_add=$line
	resume_words src rest $(($2 - resume_bytes))
	piped "$line" "$resume_add"
	said=$(head -c 1000 "$scratch/said" | tr -d '\000')
	[ "$first" -le 128 ] || [ "$first" -eq 141 ] || return 2
	resume_rc=$second
	resume_said || return
	resume_dst=$said
	resume_ask src all "$2" || return
	case $resume_dst in
	"${said%% *} $2 $3 "*) [ -n "$t_pod" ] || here_resumed ;;
	*" $2 $3 "*) return 1 ;;
	# it was cut, and nobody said so
	*) return 2 ;;
	esac
}

# here_resumed: puts the file, which is whole, where it arrives: by a rename in the
# folder that is this copy's own, where nothing is in the way, or as ktar-unpack
# does
here_resumed() {
	raw "$resume_name"
	here_resumed_from=$resume_dir${q#.}
	if [ -n "$arrival" ] && here_resumed_straight "${q#.}"; then
		mv -f -- "$here_resumed_from" "$arrival${q#.}" || return 3
		return
	fi
	words "${prefix}ktar-pack" -C "$resume_dir" -- "${q#./}"
	here_resumed_pack=$line
	words "${prefix}ktar-unpack" -- "${arrival:-$final}"
	[ -z "$arrival" ] || mkdir -p -- "$arrival" || return 3
	piped "$here_resumed_pack" "$line"
	[ "$first" -eq 0 ] && [ "$second" -eq 0 ] || return 3
	rm -f -- "$here_resumed_from"
}
# here_resumed_straight REST: whether no link leads to $arrivalREST, and no directory
# is there
here_resumed_straight() {
	here_at=$arrival here_rest=$1
	while [ -n "$here_rest" ]; do
		[ -d "$here_at" ] && [ ! -h "$here_at" ] || return 1
		here_rest=${here_rest#/}
		here_at=$here_at/${here_rest%%/*}
		case $here_rest in */*) here_rest=/${here_rest#*/} ;; *) here_rest= ;; esac
	done
	[ ! -d "$here_at" ]
}
