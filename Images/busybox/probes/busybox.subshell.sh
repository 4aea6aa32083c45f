# proves: subshells, command substitution and eval have copies of variables, directories and traps; 60 levels nest
# stands for: state leaks between steps of a script; deeply nested builds crash
# source:
. /usr/libexec/assay/probe.sh
value=outer
(value=inner; cd /; [ "$PWD" = / ])
expect "variable after a subshell" "$value" outer
[ "$PWD" = / ] && fail "the directory is the parent's own" "/"
expect "nested substitution" "$(echo "$(echo "$(echo "$(expr 2 + 3)")")")" 5
depth() { if [ "$1" -gt 0 ]; then (depth $(($1 - 1))); else echo bottom; fi; }
expect "60 levels of subshells" "$(depth 60)" bottom
sum() { if [ "$1" -gt 0 ]; then echo $(($1 + $(sum $(($1 - 1))))); else echo 0; fi; }
expect "recursion through command substitution" "$(sum 20)" 210
set -- a 'b c' "d'e"
expect "positional parameters" "$# ${3} $(for x; do printf '[%s]' "$x"; done)" "3 d'e [a][b c][d'e]"
eval "computed=\$((6 * 7))"
expect "eval" "$computed" 42
path=/usr/lib/x.tar.gz
expect "parameter expansion" "${path##*/} ${path%.*} ${path%%.*} ${#path} ${none:-default}" "x.tar.gz /usr/lib/x.tar /usr/lib/x 17 default"
(exit 3)
expect "status of a subshell" $? 3
finish
