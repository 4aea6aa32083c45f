# add_busybox ARCHITECTURE TREE NAME: the static busybox that Images/NAME/inputs pins, with a link for each applet.
add_busybox() {
    local unpacked=$work/busybox-unpacked-$3-$1 applet
    unpack "$3" "$1" busybox-static "$unpacked"
    install -m 0755 "$unpacked/bin/busybox" "$2/bin/busybox"
    # The foreign program cannot be asked for its applets here; the other architecture's package has the same ones.
    unpack "$3" "$native" busybox-static "$work/busybox-native-$3"
    for applet in $("$work/busybox-native-$3/bin/busybox" --list); do
        case $applet in
            busybox | dpkg | dpkg-deb | rpm) continue ;; # no packages here, and what asks for these should see that
        esac
        [[ -e $2/bin/$applet ]] || ln -s busybox "$2/bin/$applet"
    done
}
