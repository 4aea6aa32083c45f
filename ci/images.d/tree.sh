# Trees, tables of probes and tarballs.

# Names of the images that are not embedded: those with a recipe.
known_images() { (cd "$root/Images" && for recipe in */recipe.sh; do dirname "$recipe"; done); }

# make_directories TREE NAME ARCHITECTURE
make_directories() {
    mkdir -p "$1"/{bin,dev,etc,proc,root,run,sys,tmp,usr/share/assay,var/tmp}
    chmod 1777 "$1/tmp" "$1/var/tmp"
    printf 'name=%s\narch=%s\n' "$2" "$3" >"$1/etc/assay-image"
}

# tar_tree TREE: to standard output.
tar_tree() { tar --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C "$1" -cf - .; }

# pack TREE TARBALL ZSTD-OPTION...
pack() {
    local tree=$1 tarball=$2
    shift 2
    tar_tree "$tree" |
        zstd --quiet --no-progress --stdout "$@" >"$tarball"
}

# heading FILE KEY: a line of the comment with which a probe's source begins.
heading() { sed -n -E "1,12s@^(#|//) $2: (.*)@\2@p" "$1"; }

# probe_sources NAME: the image's probes, in order of their names.
probe_sources() {
    local source
    for source in "$root/Images/$1"/probes/*; do
        [[ -z $(heading "$source" proves) ]] || echo "$source"
    done
}

# command_of SOURCE: what assay-probe executes.
command_of() {
    local file
    file=$(basename "$1")
    local named
    named=$(heading "$1" command)
    case $file in
        *.sh) echo "${named:-/bin/sh} /usr/libexec/assay/$file" ;;
        *.bash) echo "${named:-/bin/bash} /usr/libexec/assay/$file" ;;
        *.pl) echo "${named:-/usr/bin/perl} /usr/libexec/assay/$file" ;;
        *.py) echo "${named:-/usr/bin/python3} /usr/libexec/assay/$file" ;;
        *.c | *.cc) echo "${named:-/usr/libexec/assay/${file%.*}}" ;;
        *) say "$1: no command is known for this kind of file"; return 1 ;;
    esac
}

# table_of NAME: the programs that assay-probe offers in this image (Images/core/README.md, "Programs").
table_of() {
    local source file command
    printf 'assay.programs/1 %s\n' "$1"
    while read -r source; do
        file=$(basename "$source")
        command=$(command_of "$source")
        printf '%s\t%s\t%s\t%s\t%s\n' "${file%.*}" "$command" "$(heading "$source" proves)" \
            "$(heading "$source" 'stands for')" "$(heading "$source" source)"
    done < <(probe_sources "$1")
}

# catalogue_of NAME PROGRAM: the same table as probes.json, in the words of a native assay-probe.
catalogue_of() {
    local tree=$work/catalogue-$1
    mkdir -p "$tree"/{bin,usr/share/assay}
    cp "$2" "$tree/bin/assay-probe"
    table_of "$1" >"$tree/usr/share/assay/programs"
    "$tree/bin/assay-probe" --catalogue
    rm -r "$tree"
}
