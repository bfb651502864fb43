# The command line, and the copies one after another.

update='' n_excludes=0
jobs=1 shard='' here_stage='' here_keep='' atomic=0
retries=0 verify=0 delete=0 dry=0 listed=0
kube='' container='' give_excludes='' pack_excludes='' quiet='' compressors=''
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
	--atomic) atomic=1 ;;
	-j | --jobs)
		[ $# -gt 1 ] || die "$option: needs an argument"
		case $2 in
		'' | *[!0-9]* | ????* | 0*) die "$option: $2: not a number of 1 to 999" ;;
		esac
		jobs=$2
		shift
		;;
	--verify) verify=1 ;;
	--update) update=${update:-meta} ;;
	--checksum) update=sums ;;
	--delete) delete=1 ;;
	--dry-run) dry=1 ;;
	--retries)
		[ $# -gt 1 ] || die "$option: needs an argument"
		case ${2#-} in
		'' | *[!0-9]*) die "$option: $2: not a number" ;;
		esac
		retries=$2
		shift
		;;
	--debug-image)
		[ $# -gt 1 ] || die "$option: needs an argument"
		[ -n "$2" ] || die "$option: empty name"
		debug_image=$2
		shift
		;;
	--no-preserve) tar_options='--no-same-permissions --no-same-owner' ;;
	--insecure-skip-tls-verify) kube="$kube $option" ;;
	-z | --gzip) compressors=gzip ;;
	--zstd) compressors='zstd gzip' ;;
	--exclude)
		[ $# -gt 1 ] || die "$option: needs an argument"
		n_excludes=$((n_excludes + 1))
		eval "exclude_$n_excludes=\$2"
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
		case $option in -c | --container) container=$2 ;; esac
		shift
		;;
	--token) die "$option: would be seen in ps; take --token-file" ;;
	-*) die "$option: unknown option (see --help)" ;;
	*) break ;;
	esac
	shift
done
[ $# -ge 2 ] || die 'a SRC and a DST are needed (see --help)'
n_sources=$(($# - 1))
[ "$delete" -eq 0 ] || [ "$n_sources" -eq 1 ] || die '--delete: takes one SRC'
[ "$delete" -eq 0 ] || update=${update:-meta}
[ "$atomic" -eq 0 ] || [ -z "$update" ] ||
	die '--atomic: replaces all, so not with --update, --checksum or --delete'
[ -z "$quiet" ] || kube="$kube -q"
[ "$print" -eq 1 ] || kube="$kube --escape-stderr"

umask_scratch=$(umask)
umask 077
scratch=$(mktemp -d "${TMPDIR:-/tmp}/kcp.XXXXXX") || exit 1
umask "$umask_scratch"
case $scratch in /*) ;; *) scratch=$PWD/$scratch ;; esac
partial=
# unswept: whether there is a folder in a pod that its shell leaves there
unswept=0
trap 'shown_end; [ "$unswept" -eq 0 ] || up_swept; debug_end; drop; rm -rf "$scratch"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
nonce=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

note=
if [ -n "$compressors" ] && [ -z "$quiet" ]; then
	note="$me: the pod has no ${compressors##* }: not compressed"
fi

for last; do :; done
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

end_is
rc=0
while [ $# -gt 1 ]; do
	source_is "$1"
	kind=
	if [ "$s_stream" -eq 1 ] || [ "$last" = - ]; then
		[ -z "$compressors" ] || die '-z: a stream is taken as it is'
		[ "$jobs" -eq 1 ] || die '--jobs: a stream is one'
		if [ -n "$update" ] || [ $((verify + dry)) -gt 0 ] || [ "$retries" -ne 0 ]; then
			die '-: a stream has no files that could be compared'
		fi
	fi
	if [ "$last" = - ]; then
		if [ -z "$s_pod" ] || [ "$n_sources" -ne 1 ]; then
			die '-: one SRC in a pod is needed'
		fi
		if [ "$print" -eq 1 ]; then
			shown_begin
			sender ''
			printf '%s\n' "$send"
		else
			anyhow stream_out || rc=1
		fi
	elif [ "$print" -eq 1 ]; then
		shown_begin
		if [ -n "$t_pod" ]; then print_up; else print_here || rc=1; fi
	else
		anyhow copied || rc=1
		drop
	fi
	shift
done
exit "$rc"
