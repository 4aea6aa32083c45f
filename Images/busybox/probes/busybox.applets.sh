# proves: one program started under the names of links is the applet of that name, also through a second link and by PATH
# stands for: multi-call programs (busybox, coreutils, toolboxes) do not see the name they were started under
# source: https://github.com/golang/go/issues/67355
. /usr/libexec/assay/probe.sh
expect "basename through its link" "$(/bin/basename /a/b.c .c)" b
ln -s /bin/busybox ./expr
expect "expr through a link of our own" "$(./expr 6 '*' 7)" 42
expect "found by PATH" "$(PATH=/nowhere:/bin dirname /x/y)" /x
expect "applet as an argument" "$(/bin/busybox expr 40 + 2)" 42
/bin/busybox no-such-applet 2>/dev/null
expect "status of an unknown applet" $? 127
finish
