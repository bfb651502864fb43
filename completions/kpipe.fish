# Completion for fish, of what the program complete says, which is beside this
# or in ../../kpipe.  fish loads it by the name of a command, which is the name
# of the file then; sourced as kpipe.fish it is for all of them.

set -l tools kconf kexec kpods ktar-pack ktar-unpack kcp
set -l name (string replace -r '\.fish$' '' -- (status basename))
set -l prefix (string replace -r '('(string join '|' $tools)')$' '' -- $name)
set -g __kpipe_helper (status dirname)/complete
test -x $__kpipe_helper
or set -g __kpipe_helper (status dirname)/../../"$prefix"kpipe/complete

function __kpipe_complete
    set -l before (commandline -opc)
    set -l word (commandline -ct | string unescape)
    or set word (commandline -ct)
    set -l n (count $before)
    set -l behind (commandline -op)
    test $n -eq 0
    or set -e behind[1..$n]
    if test -n "$word"
        set -e behind[1]
    end
    for line in ($__kpipe_helper $n $before "$word" $behind 2>/dev/null)
        switch $line
            case :files :dirs
                set -l option (string match -r -- '^--[^=]*=' "$word")
                set -l path (string replace -- "$option" '' "$word")
                if test $line = :dirs
                    __fish_complete_directories $path | string replace -r -- '^' "$option"
                else
                    __fish_complete_path $path | string replace -r -- '^' "$option"
                end
            case '*'
                echo -- $line
        end
    end
end

if test $name = kpipe
    for tool in $tools
        complete -c $tool -f -a '(__kpipe_complete)'
    end
else
    complete -c $name -f -a '(__kpipe_complete)'
end
