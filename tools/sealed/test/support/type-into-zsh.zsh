# Types words and TAB into a zsh that has read a completion script, and prints what it shows until that matches a
# pattern. Arguments: where zsh was unpacked, the completion script, the words, the pattern, the command that is zsh.
root=$1 script=$2 words=$3 pattern=$4
shift 4
module_path=($root/usr/lib/*/zsh/*(/))
zmodload zsh/zpty
zpty shell ${(q)@} -f -i
# zsh takes the folder of its modules from nowhere outside: the line editor is loaded once that folder is known.
zpty -w shell "PS1=; module_path=($module_path); fpath=($root/usr/share/zsh/functions/**/*(/)); zmodload zsh/zle;
setopt zle; autoload -U compinit; compinit -u -D; source ${(q)script}; print REA''DY"
zpty -r -m shell seen '*READY*'
zpty -w -n shell "$words"$'\t'
zpty -r -m shell seen "$pattern"
print -r -- $seen
