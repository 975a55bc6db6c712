# SPDX-License-Identifier: BSD-2-Clause
# bash completion of rump(1).  Paths inside of images are asked of the image, by
# "rump fs -r IMAGE ls"; bash-completion's helpers are not needed.

# Words that begin with $cur; those that end in a slash get no blank after them.
_rump_words() {
	local IFS=$'\n' i
	COMPREPLY=()
	for i in $1; do
		[[ $i == "$cur"* ]] && COMPREPLY+=("$i")
	done
	[[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == */ ]] && compopt -o nospace
	((${#COMPREPLY[@]} == 0)) || for i in "${!COMPREPLY[@]}"; do
		COMPREPLY[i]=$(printf '%q' "${COMPREPLY[i]}")
	done
}

_rump_host() {
	compopt -o filenames 2>/dev/null
	local IFS=$'\n'
	COMPREPLY=($(compgen -f -- "$cur"))
}

# Paths of the image that begin with $cur.  The shell's quoting of $cur is undone first.
_rump_image() {
	local plain dir entries
	printf -v plain '%b' "${cur//\\/}"
	dir=${plain%"${plain##*/}"}
	entries=$(rump fs "${opts[@]}" -r "$image" ls -1AF -- "${dir:-.}" 2>/dev/null </dev/null) || return
	entries=$(sed "s/[*@|=]\$//; s|^|$(printf '%s' "$dir" | sed 's/[&|\\]/\\&/g')|" <<<"$entries")
	cur=$plain
	_rump_words "$entries"
}

_rump() {
	local cur=${COMP_WORDS[COMP_CWORD]} image= command= i n=0
	local -a opts=()
	if ((COMP_CWORD == 1)); then
		_rump_words $'fs\nhelp\nversion'
		return
	fi
	[[ ${COMP_WORDS[1]} == fs ]] || return
	# options, image, options, command; n counts the command's words
	for ((i = 2; i < COMP_CWORD; i++)); do
		if [[ -z $command && ${COMP_WORDS[i]} == -[topc] ]]; then
			[[ ${COMP_WORDS[i]} == -c ]] || opts+=("${COMP_WORDS[i]}" "${COMP_WORDS[i + 1]}")
			((i++))
		elif [[ -z $command && ${COMP_WORDS[i]} == -* ]]; then
			:
		elif [[ -z $image ]]; then
			image=${COMP_WORDS[i]}
			[[ $image == "~"* ]] && image=$HOME${image#"~"}
		elif [[ -z $command ]]; then
			command=${COMP_WORDS[i]}
		elif [[ ${COMP_WORDS[i]} != -* ]]; then
			((n++))
		fi
	done
	case ${COMP_WORDS[COMP_CWORD - 1]} in
	-t)	_rump_words "$(rump fs help | sed -n '/^File systems/,/^Paths/s/^  \([a-z0-9]*\) .*/\1/p')"; return ;;
	-p)	[[ -z $command ]] && return ;;
	-o | -c)	[[ -z $command ]] && return ;;
	esac
	if [[ -z $image && $cur != -* ]]; then
		_rump_host
		[[ help == "$cur"* && -n $cur ]] && COMPREPLY+=(help)
		return
	fi
	if [[ -z $command && $cur == -* ]]; then
		_rump_words $'-c\n-k\n-o\n-p\n-q\n-r\n-t\n--help'
	elif [[ -z $command || $image == help ]]; then
		_rump_words "$(rump fs help | sed -n '/^Commands/,/^Options/s/^  \([a-z]*\) .*/\1/p')"
	elif [[ $cur == -* ]]; then
		_rump_words "$(rump fs help "$command" | sed -n 's/^  \(-[A-Za-z0-9]\).*/\1/p')"
	else
		case $command:$n in
		put:0 | import:0 | export:0 | mkfs:*)	_rump_host ;;
		get:0)	_rump_image ;;
		get:*)	_rump_host ;;
		*)	_rump_image ;;
		esac
	fi
}

complete -F _rump rump
