# A pod without tar.  With a shell there, files go one by one, each through
# whatever can copy a stream: cat, dd, tee, or base64.  Without one, programs are
# run as they are, for one file.

# sh -c "$dirs" kcp DST BASE NONCE HOW makes the directories that stdin names
# where things arrive.
# shellcheck disable=SC2016 # for the shell in the pod
dirs="LC_ALL=C; export LC_ALL; $names$place"'while IFS= read -r l; do
	raw "${l#* }"
	mkdir -p "$r${q#.}" || exit 1
done
echo "$n"'
# sh -c "$put" kcp DST BASE NONCE HOW NAME COPIER MODE SECONDS takes a file, and
# says how long it is.  HOW has flat where there can be no folder: it arrives
# beside its place.  sh -c "$link" kcp DST BASE NONCE HOW NAME TARGET makes a link.
# shellcheck disable=SC2016 # for the shell in the pod
put_place="LC_ALL=C; export LC_ALL; $names$place"'raw "$5"
[ -d "${p:-/}" ] || no "${p:-/}" "no such directory"
if how flat; then r=$f.kcp.$n; else r=$r${q#.}; fi
'
# shellcheck disable=SC2016 # for the shell in the pod
put="$put_place"'trap "exit 143" HUP INT TERM
case $6 in
cat) cat >"$r" ;;
dd) dd of="$r" 2>/dev/null ;;
tee) tee "$r" >/dev/null ;;
base64) base64 -d >"$r" ;;
esac || exit 1
command -v chmod >/dev/null 2>&1 && { chmod "$7" "$r" || exit 1; }
touch -d "@$8" "$r" 2>/dev/null || :
s=
if command -v wc >/dev/null 2>&1; then s=$(($(wc -c <"$r")))
else s=$(stat -c %s "$r" 2>/dev/null) || :; fi
if how flat; then
	if [ -d "$f" ]; then no "$f" "is a directory"; fi
	[ "$s" = "$9" ] || no "$f" "$s bytes arrived"
	mv -f "$r" "$f" || exit 1
fi
echo "$n $s $w"'
# shellcheck disable=SC2016 # for the shell in the pod
link="$put_place"'ln -sf "$6" "$r" && echo "$n"'
# sh -c "$get" kcp DIR BASE NONCE NAME COPIER sends a file, and behind it $tail
# bytes that say NONCE, its mode and its time.
# shellcheck disable=SC2016 # for the shell in the pod
get="LC_ALL=C; export LC_ALL; $names"'d=$1 b=$2 n=$3
case $d in /*) ;; *) d=./$d ;; esac
cd "$d" || exit 1
raw "$4"
case $5 in
link) readlink "$b${q#.}" && printf "%s" "$n"; exit ;;
cat) cat <"$b${q#.}" ;;
dd) dd <"$b${q#.}" 2>/dev/null ;;
tee) tee <"$b${q#.}" ;;
base64) base64 <"$b${q#.}" ;;
esac || exit 1
printf "%s %30s" "$n" "$(stat -c "%a %Y" "$b${q#.}" 2>/dev/null)"'
tail=63

# has TOOL: whether the survey has found it
has() {
	case " $found " in *" $1 "*) ;; *) return 1 ;; esac
}
# surveyed POD: what there is of what is used here, into $found, and into $copier one that can copy
surveyed() {
	in_pod --no-stdin "$1" -- sh -c "$which" kcp cat dd tee base64 mkdir mv rm
	found=$(bound "$said_most" eval "$line" | tr '\n' ' ')
	copier=
	for surveyed_one in cat dd tee base64; do
		if has "$surveyed_one"; then
			copier=$surveyed_one
			break
		fi
	done
	[ -z "$copier" ] || {
		[ "$verbose" -eq 0 ] || say "$1: no tar there: file by file through sh and $copier"
		return 0
	}
	helpless "$1" 'no tar, and for sh no cat, dd, tee or base64'
	return 1
}

# tried COMMAND: runs $line until it has not lost the stream, or may not be tried
# again; $line has to end with NONCE, or a line that begins with it, into $said
tried() {
	tried_line=$line
	while :; do
		tried_rc=0
		said=$(bound "$said_most" eval "$tried_line") || tried_rc=$?
		if [ "$tried_rc" -eq 0 ]; then
			case $said in "$nonce" | "$nonce "*) return 0 ;; esac
			say "${t_pod:-$s_pod}: the pod did not confirm the copy"
			tried_rc=255
		fi
		[ "$tried_rc" -gt 128 ] || return 1
		another_try || return 2
	done
}

# plain_list: what is to go, into $scratch/list
plain_list() {
	[ "$listed" -eq 1 ] || {
		look_at src names "$scratch/list" || return
		unexcluded "$scratch/list" || return 1
	}
	LC_ALL=C sort -o "$scratch/list" "$scratch/list"
}

# up_plain HOW: a copy into a pod that has a shell; 0, or 1 or 2 as up_once
up_plain() {
	surveyed "$t_pod" || return 1
	plain_list || return
	plain_how="$1 plain"
	if ! { has mkdir && has mv && has rm; }; then
		if [ "$(cat "$scratch/list")" != 'f .' ] || ! has mv; then
			helpless "$t_pod" "no tar, and no mkdir, mv and rm for a directory"
			return 1
		fi
		plain_how="$plain_how flat"
		up_files
		return
	fi
	taker "$plain_how open" ''
	piped : "$line"
	up_ended || return
	opened=1
	in_pod "$t_pod" -- sh -c "$dirs" kcp "$t_path" "$s_base" "$nonce" "$kind $plain_how"
	LC_ALL=C sed -n '/^d /p' "$scratch/list" >"$scratch/dirs" || return 1
	quote "$scratch/dirs"
	line="$line <$quoted"
	[ ! -s "$scratch/dirs" ] || tried || return
	up_files || return
	taker "$plain_how last" ''
	piped : "$line"
	up_ended || return
	[ "$retries" -ne 0 ] || opened=0
}

# up_files: each file and link of the list; what is neither is named
up_files() {
	up_files_rc=0
	while IFS= read -r up_line <&3; do
		up_name=${up_line#* }
		raw "$up_name"
		up_from=$s_dir/$s_base${q#.}
		set -- kcp "$t_path" "$s_base" "$nonce" "$kind $plain_how" "$up_name"
		case $up_line in
		'f '*) up_file "$@" || return ;;
		'l '*)
			in_pod --no-stdin "$t_pod" -- sh -c "$link" "$@" "$(readlink "$up_from")"
			tried || return
			;;
		'o '*)
			say "$up_from: not a file: left out"
			up_files_rc=1
			;;
		esac
	done 3<"$scratch/list"
	return "$up_files_rc"
}
# up_file WORD...: one file, $up_from, with the arguments of $put
up_file() {
	up_meta=$(stat -c '%s %a %Y' "$up_from") || return 1
	up_size=${up_meta%% *}
	up_meta=${up_meta#* }
	in_pod_shown "$alone" "$t_pod" -- sh -c "$put" "$@" "$copier" "${up_meta% *}" "${up_meta#* }" "$up_size"
	quote "$up_from"
	if [ "$copier" = base64 ]; then
		line="base64 <$quoted | $line"
	else
		line="$line <$quoted"
	fi
	tried || return
	case $said in
	"$nonce $up_size "*) ;;
	"$nonce  "*)
		say "$t_pod: neither wc nor stat there: $up_name cannot be confirmed"
		return 1
		;;
	*)
		say "$t_pod: $up_name: not all of it arrived"
		return 2
		;;
	esac
	kind=${said##* }
}

# here_plain: a copy from a pod that has a shell; into a folder of its own, and
# from there to its place as a tar stream would come
here_plain() {
	surveyed "$s_pod" || return 1
	plain_list || return
	if [ -n "$partial" ]; then
		here_stage=$partial.files
	else
		here_stage=${final%/}/.kcp.$nonce.files
	fi
	mkdir -m 700 -- "$here_stage" || return 1
	here_plain_rc=0
	here_files || here_plain_rc=$?
	if [ "$here_plain_rc" -eq 0 ]; then
		here_lines
		if [ "$s_base" = . ]; then
			words -C "$here_stage/all" -- .
		else
			words -C "$here_stage" -- "$s_base"
		fi
		if here_begin; then
			piped "${prefix}ktar-pack $line" "$unpack"
			if here_ended; then here_finish; else false; fi || here_plain_rc=1
		else
			here_plain_rc=1
		fi
	fi
	return "$here_plain_rc"
}

# here_files: each file of the list into $here_stage
here_files() {
	while IFS= read -r here_line <&3; do
		here_name=${here_line#* }
		# it is the pod that says these names
		case $here_name in
		.) ;;
		./*/../* | ./../* | */.. | *//* | */./* | */. | */) here_bad=1 ;;
		./?*) here_bad=0 ;;
		*) here_bad=1 ;;
		esac
		[ "$here_name" = . ] || [ "$here_bad" -eq 0 ] || {
			say "$s_pod: $here_name: not a name"
			return 1
		}
		raw "$here_name"
		here_to=$here_stage/$s_base${q#.}
		[ "$s_base" != . ] || here_to=$here_stage/all${q#.}
		set -- sh -c "$get" kcp "$s_dir" "$s_base" "$nonce" "$here_name"
		case $here_line in
		'd '*) mkdir -- "$here_to" || return 1 ;;
		'f '*) here_file "$@" || return ;;
		'l '*)
			in_pod --no-stdin "$s_pod" -- "$@" link
			here_target=$(bound "$said_most" eval "$line") || return 1
			case $here_target in
			*"
$nonce") ln -s -- "${here_target%?"$nonce"}" "$here_to" || return 1 ;;
			*) return 2 ;;
			esac
			;;
		*)
			say "$s_pod: $here_name: not a file: left out"
			return 1
			;;
		esac
	done 3<"$scratch/list"
}
# here_file WORD...: one file into $here_to, by the command WORD...
here_file() {
	in_pod_shown "$alone" --no-stdin "$s_pod" -- "$@" "$copier"
	here_get=$line
	while :; do
		here_rc=0
		eval "$here_get" >"$here_to" || here_rc=$?
		here_said=$(tail -c "$tail" "$here_to" | LC_ALL=C tr -cd '0-9a-f ')
		case $here_rc/$here_said in
		"0/$nonce "*) break ;;
		0/*) say "$s_pod: $here_name: not all of it arrived" ;;
		*) [ "$here_rc" -gt 128 ] || return 1 ;;
		esac
		another_try || return 2
	done
	here_size=$(($(wc -c <"$here_to") - tail))
	dd if=/dev/null of="$here_to" bs=1 seek="$here_size" 2>/dev/null || return 1
	if [ "$copier" = base64 ]; then
		base64 -d <"$here_to" >"$here_stage.raw" && mv -f -- "$here_stage.raw" "$here_to" ||
			return 1
	fi
	here_said=${here_said#"$nonce "}
	here_said=${here_said#"${here_said%%[0-9]*}"}
	case $here_said in
	*' '*) chmod "${here_said% *}" -- "$here_to" && touch -d "@${here_said#* }" -- "$here_to" ;;
	esac
}
