# What makes lists of files, here and in pods, and what takes them.  As in
# there.sh no quote stands in it.

# The functions that lists need, here and in pods.  A list has a line for each
# file, and where all is asked for also for what else there is:
#
#	f SIZE MTIME LINKS:INODE NAME		(meta)
#	SHA256  NAME			(sums)
#	f NAME				(names)
#	d NAME, l NAME, o NAME		directory, link, anything else
#
# NAME is . for the place itself, ./x/y beneath it; in it \\ is a backslash and
# \n a newline.  Its last line is the NONCE and "end", or what is missing.
# shellcheck disable=SC2016 # for the shell in the pod
names='nl="
"
esc() {
	q=$1 m=
	while :; do
		case $q in
		*[\\"$nl"]*)
			e=${q%%[\\"$nl"]*} q=${q#"${q%%[\\"$nl"]*}"}
			case $q in \\*) m=$m$e\\\\ ;; *) m=$m$e\\n ;; esac
			q=${q#?}
			;;
		*) break ;;
		esac
	done
	m=$m$q
}
raw() {
	q=$1
	case $q in *\\*) q=$(printf "%b." "$q") q=${q%.} ;; esac
}
'
# sh -c "$look" kcp DST BASE NONCE HOW meta|sums|names [names] makes a list of all, or
# of the files that stdin names, by lines of such a list without numbers.  HOW
# says of what, as $place has it; staged is what has arrived.
# shellcheck disable=SC2016 # for the shell in the pod
look="LC_ALL=C; export LC_ALL; $names$place"'what=$5
if how staged; then
	[ ! -e "$t/done" ] || { echo "$n done"; exit; }
	f=$r
fi
case $what in
meta) stat -c %s / >/dev/null 2>&1 || { echo "$n stat"; exit; } ;;
sums)
	'"$hash_there"'[ -n "$H" ] || { echo "$n sha256sum"; exit; }
	;;
esac
walk() {
	for e in "$1"/* "$1"/.[!.]* "$1"/..?*; do
		if [ -h "$e" ]; then k=l
		elif [ -d "$e" ]; then k=d
		elif [ -f "$e" ]; then k=f
		elif [ -e "$e" ]; then k=o
		else continue; fi
		[ "$e" != "./.kcp.$n" ] || continue
		case $e in *[\\"$nl"]*) esc "$e" ;; *) m=$e ;; esac
		printf "%s %s\n" "$k" "$m"
		if [ "$k" = d ]; then
			[ -r "$e" ] && [ -x "$e" ] || { echo "kcp: $e: cannot be read" >&2; echo "x x"; }
			walk "$e"
		fi
	done
}
s=$f
if [ ! -e "$f" ] && [ ! -h "$f" ]; then set --
elif [ -d "$f" ] && { how src || ! [ -h "$f" ] || [ "$b" = . ]; }; then s=. && cd "$f" || exit 1; fi
all() {
	[ -e "$s" ] || [ -h "$s" ] || return
	if [ "$s" = . ]; then echo "d ."; walk .
	elif [ -h "$s" ]; then echo "l ."
	elif [ -f "$s" ]; then echo "f ."
	else echo "o ."; fi
}
few() {
	[ $# -gt 0 ] || return 0
	case $what in meta) stat -c "f %s %Y %h:%i %n" "$@" ;; sums) $H "$@" ;; esac
}
one() {
	case $what in
	meta) e=$(stat -c "%s %Y %h:%i" "$2") && printf "f %s %s\n" "$e" "$1" ;;
	sums) e=$($H <"$2") && printf "%s  %s\n" "${e%% *}" "$1" ;;
	esac
}
lines() {
	bad=end
	set --
	while IFS= read -r l; do
		m=${l#* }
		case $l in
		"x "*) bad=unreadable; continue ;;
		"f "*) [ "$what" != names ] || { printf "%s\n" "$l"; continue; } ;;
		*) printf "%s\n" "$l"; continue ;;
		esac
		raw "$m"
		[ "$m" != . ] || q=$s
		[ -f "$q" ] && [ ! -h "$q" ] || continue
		case $q in
		"$m") case $q in *"$cr"*) one "$m" "$q" ;; *) set -- "$@" "$q" ;; esac ;;
		*) one "$m" "$q" ;;
		esac
		[ $# -lt 100 ] || { few "$@"; set --; }
	done
	few "$@"
	echo "$n $bad"
}
cr=$(printf "\r")
if [ "${6-}" = names ]; then lines; else all | lines; fi'
# sh -c "$lose" kcp DST BASE NONCE HOW [KEEP] takes away what stdin names.  With
# KEEP a directory may stay.
# shellcheck disable=SC2016 # for the shell in the pod
lose="LC_ALL=C; export LC_ALL; $names$place"'
how staged && f=$r
cd "$f" || exit 1
w=0
while IFS= read -r l; do
	raw "${l#* }"
	case $l in
	"d "*) rmdir "$q" 2>/dev/null || [ -n "${5-}" ] || { w=1; echo "kcp: $q: cannot be removed" >&2; } ;;
	*) rm -f "$q" || w=1 ;;
	esac
done
[ "$w" -eq 0 ] && echo "$n"'
# sh -c "$pick" kcp DIR BASE COMPRESSORS NOTE sends a tar stream of what stdin
# names, nothing beneath it.  A tar that reads no lists has the names as its
# arguments.
# shellcheck disable=SC2016 # for the shell in the pod
pick="LC_ALL=C; export LC_ALL; $names"'d=$1 b=$2 c=$3 w=$4
case $d in /*) ;; *) d=./$d ;; esac
cd "$d" || exit 2
member() {
	raw "${l#* }"
	[ "$b" = . ] || case $q in .) q=$b ;; *) q=$b/${q#./} ;; esac
}
go() {
	if $T --null --no-recursion -cf /dev/null -T /dev/null 2>/dev/null; then
		while IFS= read -r l; do member; printf "%s\0" "$q"; done |
			$T --null --no-recursion -cf - -T -
	else
		set --
		while IFS= read -r l; do member; set -- "$@" "$q"; done
		$T --no-recursion -cf - -- "$@"
	fi
}
'"$zip"'zip'
