# The command line, and the copies one after another.

kube='' give_excludes='' pack_excludes='' quiet='' compressors=''
print=0 verbose=0
tar_options=-p
progress=1
[ -t 2 ] || progress=0

while [ $# -gt 0 ]; do
	option=$1
	case $option in
	--)
		shift
		break
		;;
	-) break ;;
	--?*=*)
		# --name=value is --name value
		shift
		set -- "${option%%=*}" "${option#*=}" "$@"
		continue
		;;
	--help)
		usage
		exit 0
		;;
	--version)
		echo "kcp @VERSION@"
		exit 0
		;;
	-x) print=1 ;;
	-q | --quiet)
		progress=0
		quiet=' -q'
		;;
	-v | --verbose) verbose=1 ;;
	--progress) progress=1 ;;
	--no-preserve) tar_options='--no-same-permissions --no-same-owner' ;;
	--insecure-skip-tls-verify) kube="$kube $option" ;;
	-z | --gzip) compressors=gzip ;;
	--zstd) compressors='zstd gzip' ;;
	--exclude)
		[ $# -gt 1 ] || die "$option: needs an argument"
		words "$2"
		pack_excludes="$pack_excludes --exclude $line"
		words "--exclude=$2"
		give_excludes="$give_excludes $line"
		shift
		;;
	-c | --container | -n | --namespace | -s | --server | -K | --kubeconfig | \
		--context | --cluster | --user | --token-file | --as | \
		--as-group | --as-uid | --as-user-extra | --certificate-authority | \
		--client-certificate | --client-key | --tls-server-name | \
		--proxy-url | --kuberc | --request-timeout | --protocol | \
		--connect-timeout | --idle-timeout | --ping-interval | \
		--pod-running-timeout | --bwlimit)
		[ $# -gt 1 ] || die "$option: needs an argument"
		words "$option" "$2"
		kube="$kube $line"
		shift
		;;
	--token) die "$option: would be seen in ps; take --token-file" ;;
	-*) die "$option: unknown option (see --help)" ;;
	*) break ;;
	esac
	shift
done
[ $# -ge 2 ] || die 'a SRC and a DST are needed (see --help)'
[ "$progress" -eq 0 ] || kube="$kube --progress"
[ -z "$quiet" ] || kube="$kube -q"

umask_scratch=$(umask)
umask 077
scratch=$(mktemp -d "${TMPDIR:-/tmp}/kcp.XXXXXX") || exit 1
umask "$umask_scratch"
partial=
trap 'drop; rm -rf "$scratch"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
nonce=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

note=
if [ -n "$compressors" ] && [ -z "$quiet" ]; then
	note="$me: the pod has no ${compressors##* }: not compressed"
fi

for last; do :; done
n_sources=$(($# - 1))
side "$last"
t_pod=$pod t_path=$path
# several can only go into a directory
[ "$n_sources" -eq 1 ] || t_path=${t_path%/}/

# before anything is copied
for source; do
	if [ -n "$t_pod" ] || [ "$last" = - ]; then break; fi
	side "$source"
	[ "$source" = "$last" ] || [ -n "$pod" ] ||
		die "$source $last: neither is in a pod ([[NAMESPACE/]POD:]PATH)"
done

rc=0
while [ $# -gt 1 ]; do
	source_is "$1"
	[ "$s_stream" -eq 0 ] || [ -z "$compressors" ] ||
		die '-z: a stream is taken as it is'
	if [ "$last" = - ]; then
		if [ -z "$s_pod" ] || [ "$n_sources" -ne 1 ]; then
			die '-: one SRC in a pod is needed'
		fi
		sender ""
		if [ "$print" -eq 1 ]; then
			printf '%s\n' "$send"
		else
			eval "$send" || rc=1
		fi
	elif [ -n "$t_pod" ]; then
		if [ "$print" -eq 1 ]; then print_up; else up || rc=1; fi
	else
		if [ "$print" -eq 1 ]; then print_here; else here; fi || rc=1
		drop
	fi
	shift
done
exit "$rc"
