# What a pod's own shell runs.  No quote ' stands in any of it, and it is short:
# all of it travels in the address of a request.

# The tar there is, into $T; and the first compressor of $c that there is, into $z.
# shellcheck disable=SC2016 # for the shell in the pod
tar_there='T=tar
command -v tar >/dev/null 2>&1 || T="busybox tar"
'
# shellcheck disable=SC2016 # for the shell in the pod
compressor_there='z=
for e in $c; do
	if command -v "$e" >/dev/null 2>&1; then z=$e; break; fi
done
'
# What can say a SHA-256, into $H; empty where there is nothing.
# shellcheck disable=SC2016 # for the shell in the pod
hash_there='H=
for e in sha256sum "busybox sha256sum" "openssl dgst -sha256 -r"; do
	if $e </dev/null >/dev/null 2>&1; then H=$e; break; fi
done
'
# sh -c "$which" kcp TOOL...: those that are there, a line each
# shellcheck disable=SC2016,SC2034 # for the shell in the pod
which='for c; do
	if command -v "$c" >/dev/null 2>&1; then echo "$c"; fi
done'
# sh -c "$place..." kcp DST BASE NONCE HOW...: where things go.  $f is the final
# place, $w how it comes from DST (in: BASE in it, as: it is the name itself), $t
# a folder beside it, or in it where it is a directory, and $r what arrives in
# that.  HOW is words: in and as settle $w, since DST may be another thing when a
# copy has been made; swap: a directory will be replaced, so $t is beside it;
# src: it is BASE in DST that is meant; and those of $take.
# shellcheck disable=SC2016,SC2034 # for the shell in the pod
place='d=$1 b=$2 n=$3 h=" $4 " w=as
no() { echo "kcp: $1: $2" >&2; exit 1; }
how() { case $h in *" $1 "*) ;; *) false ;; esac; }
dir() { [ -d "$1" ] && [ ! -h "$1" ]; }
at() { t=$1/.kcp.$n r=$1/.kcp.$n/new; [ "$b" = . ] || r=$r/$b; }
case $d in /*) ;; *) d=./$d ;; esac
f=$d
if [ "$b" = . ]; then
	while :; do case $f in ?*/) f=${f%/} ;; *) break ;; esac; done
elif how src || how in || { ! how as && [ -d "$d" ]; }; then f=${d%/}/$b w=in; fi
p=${f%/*}
if [ -d "$f" ] && ! how swap && [ ! -d "$p/.kcp.$n" ]; then at "${f%/}"; else at "$p"; fi
'
# sh -c "$take" kcp DST BASE NONCE HOW TAR-OPTIONS COMPRESSORS END takes a stream.
# A tar takes a stream that was cut between two members for a good one, so END is
# an empty directory that has to come last; it is taken away.  The shell around
# tar holds stdout and stderr open, since a container runtime may cut the stdin of
# a command that has neither; and only it says NONCE, and only behind a tar that
# ended well.  What comes is moved to its place when all of it is there, whole
# files into directories that are there already.  Of the COMPRESSORS it takes the
# first that it has, and says which before it reads.
# HOW: keep leaves what has arrived for another try, and says so in the folder
# when all is in place; root: this is not where the pod's own links begin, so none
# is followed; open makes the folder, part takes a part, old makes none, since one
# that is gone was swept; last moves what has arrived and takes nothing; all takes
# what comes, since a tar would not take the name for itself; plain is for both,
# and needs no tar.
# shellcheck disable=SC2016 # for the shell in the pod
take="$place$tar_there"'o=$5 c=$6 y=$7
how plain || $T --help >/dev/null 2>&1 || { echo "$n no tar"; exit 69; }
trap "how keep || how open || how part || rm -rf \"\$t\"" EXIT
trap "exit 143" HUP INT TERM
case $f in */) [ -d "$f" ] || no "$1" "no such directory" ;; esac
[ -d "${p:-/}" ] || no "${p:-/}" "no such directory"
x() {
	if [ -z "$z" ]; then $T $o -xf - "$@" && cat >/dev/null; return; fi
	s=$({ { $z -dc; echo z$? >&3; } | { $T $o -xf - "$@" >&2; s=$?; [ $s -ne 0 ] || cat >/dev/null; echo t$s >&3; }; } 3>&1)
	case $s in *t0*) case $s in *z0*) return ;; esac; echo "kcp: $z: failed" >&2 ;; esac
	return 1
}
g() {
	if [ "$b" = . ] || how all; then x -C "$1"; else x -C "$1" -- "$b" ${y:+"$y"}; fi || exit 1
	[ -z "$y" ] || { [ -d "$1/$y" ] && rm -rf "$1/$y"; } || no "$1" "the stream was cut"
}
v() { g=$2; shift 3; [ $# -eq 0 ] || mv -f -- "$@" "$g/"; }
m() {
	touch -r "$1" "$3"
	for e in "$1"/* "$1"/.[!.]* "$1"/..?*; do
		g=$2/${e##*/}
		if dir "$e"; then
			if how root && [ -h "$g" ]; then no "$g" "is a symbolic link, which may lead elsewhere from here"
			elif [ -d "$g" ]; then m "$e" "$g" "$3+" || return 1
			elif [ -e "$g" ] || [ -h "$g" ]; then no "$g" "not a directory"; fi
		elif dir "$g"; then no "$g" "is a directory"; fi
	done
	for e in "$1"/* "$1"/.[!.]* "$1"/..?*; do
		[ -e "$e" ] || [ -h "$e" ] || continue
		if dir "$e" && [ -d "$2/${e##*/}" ]; then continue; fi
		[ $# -lt 500 ] || { v "$@" || return 1; set -- "$1" "$2" "$3"; }
		set -- "$@" "$e"
	done
	v "$@" || return 1
	if [ "$b" = . ] && [ "$2" = "$f" ]; then return; fi
	if [ "$o" = -p ] && e=$(stat -c %a "$1" 2>/dev/null); then chmod "$e" "$2" || return 1; fi
	touch -r "$3" "$2"
}
here=
how old && [ ! -d "$t" ] && [ -w "${t%/*}" ] && exit 1
e=$({ ! how old && mkdir -m 700 "$t" && mkdir "$t/new"; } 2>&1) || [ -d "$t/new" ] || {
	if [ -d "$f" ] && ! how swap && ! how root; then here=1
	elif [ -f "$f" ]; then
		at /tmp
		mkdir -p "$t/new" || exit 1
	else no "${p:-/}" "${e##*: }"; fi
}
'"$compressor_there"'[ -z "$c" ] || echo "$n $z"
if how last || how open; then :
elif [ -n "$here" ]; then
	[ "$b" = . ] && p=$f || p=$d
	g "$p"
else g "$t/new"; fi
if how part || how open || [ -n "$here" ]; then :
elif [ -d "$f" ]; then
	dir "$r" || no "$f" "is a directory"
	if how swap; then
		if [ "$b" = . ] && e=$(stat -c %a "$f" 2>/dev/null); then chmod "$e" "$r" || exit 1; fi
		mv "$f" "$t/old" || exit 1
		mv "$r" "$f" || { mv "$t/old" "$f"; exit 1; }
	else m "$r" "$f" "$t/time" || exit 1; fi
else
	[ ! -e "$f" ] || ! dir "$r" || no "$1" "not a directory"
	e=$(mv -f "$r" "$f" 2>&1) || {
		[ -f "$r" ] && [ ! -h "$r" ] && { ! how root || [ ! -h "$f" ]; } && cat "$r" >"$f"
	} 2>/dev/null || no "$1" "${e##*: }"
fi
if how open || how part; then :
elif how keep; then [ -n "$here" ] || : >"$t/done" || exit 1
else rm -rf "$t"; fi
echo "$n $w $T"'
# sh -c "$sweep" kcp DST BASE NONCE HOW takes away what has arrived.
# shellcheck disable=SC2016 # for the shell in the pod
sweep="$place"'rm -rf "$t" "/tmp/.kcp.$n" && echo "$n"'
# What go sends, compressed by the first of $c that is there; $w is said where
# there is none.
# shellcheck disable=SC2016 # for the shell in the pod
zip="$tar_there"'$T --help >/dev/null 2>&1 || exit 69
'"$compressor_there"'[ -z "$c" ] || [ -n "$z" ] || [ -z "$w" ] || echo "$w" >&2
zip() {
	if [ -z "$z" ]; then go "$@"; exit; fi
	exec 4>&1
	s=$({ { go "$@"; echo t$? >&3; } | { $z -c >&4; echo z$? >&3; }; } 3>&1)
	case $s in *t0*) case $s in *z0*) exit ;; esac; echo "kcp: $z: failed" >&2 ;; esac
	exit 1
}
'
# sh -c "$give" kcp DIR BASE COMPRESSORS NOTE TAR-OPTIONS... sends a tar stream
# of BASE; 66 when there is none.
# shellcheck disable=SC2016 # for the shell in the pod
give='d=$1 b=$2 c=$3 w=$4
case $d in /*) ;; *) d=./$d ;; esac
e=$(ls -d "$d/" 2>&1 >/dev/null) || case $e in *"o such file"*|*"ot a dir"*) exit 66 ;; esac
cd "$d" || exit 2
[ -e "$b" ] || [ -h "$b" ] || exit 66
shift 4
go() {
	$T --no-unquote --help >/dev/null 2>&1 && set -- --no-unquote "$@"
	$T -cf - "$@" -- "$b"
}
'"$zip"'zip "$@"'
# sh -c "$size" kcp DIR BASE: how many bytes a tar of it will have, more or less
# shellcheck disable=SC2016,SC2034 # for the shell in the pod
size='d=$1 b=$2 n=0
case $d in /*) ;; *) d=./$d ;; esac
cd "$d" && find "./$b" -type f -exec stat -c %s {} + | {
	while read -r s; do n=$((n + (s + 1023) / 512 * 512)); done
	[ "$n" -eq 0 ] || echo "$n"
}'
