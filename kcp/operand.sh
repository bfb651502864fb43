# side OPERAND: into $pod and $path; $pod is empty for this machine.  A pod's
# name has lower case letters, digits, - and . alone, so C:\x, ./a:b and
# /a:b are files here.
side() {
	pod=
	path=$1
	case $1 in
	*:*) ;;
	*) return ;;
	esac
	side_pod=${1%%:*}
	case $side_pod in
	'' | [!a-z0-9]* | *[!a-z0-9./-]* | */ | */*/*) return ;;
	esac
	pod=$side_pod
	path=${1#*:}
	[ -n "$path" ] || die "$1: no path behind the colon"
}

# parts PATH: into $dir and $base; base is . where the contents are meant
parts() {
	parts_path=$1
	case $parts_path in
	*[!/]*) ;;
	*) parts_path=/. ;;
	esac
	while :; do
		case $parts_path in
		*/) parts_path=${parts_path%/} ;;
		*) break ;;
		esac
	done
	base=${parts_path##*/}
	case $parts_path in
	*/*) dir=${parts_path%/*} ;;
	*) dir=. ;;
	esac
	dir=${dir:-/}
	case $base in . | ..)
		dir=$parts_path
		base=.
		;;
	esac
}

