# shellcheck shell=bash
# Completion for bash, of what the program complete says, which is beside this or
# in ../../kpipe.  bash-completion loads it by the name of a command, which is
# the name of the file then; sourced as kpipe.bash it is for all of them.

_kpipe_load() {
	local here name tool prefix=''
	name=${BASH_SOURCE[0]##*/}
	here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd) || return
	for tool in kconf kexec kpods ktar-pack ktar-unpack kcp; do
		case $name in *"$tool") prefix=${name%"$tool"} ;; esac
	done
	_kpipe_helper=$here/complete
	[[ -x $_kpipe_helper ]] || _kpipe_helper=$here/../../${prefix}kpipe/complete
	if [[ $name == kpipe.bash ]]; then
		complete -F _kpipe kconf kexec kpods ktar-pack ktar-unpack kcp
	else
		complete -F _kpipe -- "$name"
	fi
}

_kpipe() {
	local i piece rest line=$COMP_LINE cword=0 word part='' value option=''
	local -a words=() found=() files=()

	# bash breaks words at : and =; those without blanks between are one
	for ((i = 0; i < ${#COMP_WORDS[@]}; i++)); do
		piece=${COMP_WORDS[i]}
		rest=${line#"${line%%[![:blank:]]*}"}
		if ((i > 0)) && [[ $rest == "$line" && -n $piece ]]; then
			words[${#words[@]} - 1]+=$piece
		else
			words+=("$piece")
		fi
		line=${rest#"$piece"}
		if ((i == COMP_CWORD)); then
			cword=$((${#words[@]} - 1))
			# what readline will not replace
			part=${words[cword]%"$piece"}
			[[ $piece =~ [^:=] ]] || part=${words[cword]}
		fi
	done
	words=("${words[@]//[\"\'\\]/}")
	part=${part//[\"\'\\]/}
	word=${words[cword]}

	mapfile -t found < <("$_kpipe_helper" "$cword" "${words[@]}" 2>/dev/null)
	COMPREPLY=()
	for line in "${found[@]}"; do
		case $line in
		:files | :dirs)
			case $word in --*=*) option=${word%%=*}= ;; esac
			piece=${word#"$option"}
			case $piece in [~]/*) piece=$HOME${piece#?} ;; esac
			if [[ $line == :dirs ]]; then
				mapfile -t files < <(compgen -d -- "$piece")
			else
				mapfile -t files < <(compgen -f -- "$piece")
			fi
			compopt -o filenames
			for value in "${files[@]}"; do
				value=$option$value
				COMPREPLY+=("${value#"$part"}")
			done
			;;
		*)
			value=${line%%$'\t'*}
			# readline quotes what it takes for names of files
			[[ $value =~ ^[A-Za-z0-9_./:=@,+-]*$ ]] || compopt -o filenames
			case $value in */ | *: | *=) compopt -o nospace ;; esac
			COMPREPLY+=("${value#"$part"}")
			;;
		esac
	done
}

_kpipe_load
unset -f _kpipe_load
