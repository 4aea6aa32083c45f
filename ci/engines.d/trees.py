"""A file system as a list of lines: what must be equal, whoever made it."""

import hashlib
import os
import stat

# What a runtime mounts over, or makes for that.
OWN = {"dev", "proc", "sys", "run", "tmp"}


def lines(root):
    """Path, type, and contents or target; devices and pipes, which assay never writes, are left out, and so are set-user-id bits and owners."""
    found = {}
    for directory, names, files in os.walk(root):
        below = os.path.relpath(directory, root)
        if below == ".":
            names[:] = [name for name in names if name not in OWN]
        for name in names + files:
            path = os.path.join(directory, name)
            try:
                status = os.lstat(path)
            except FileNotFoundError:
                # A whiteout in a directory of one layer only: overlay lists its name.
                continue
            kind = stat.S_IFMT(status.st_mode)
            mode = "%o" % (status.st_mode & 0o777)
            shown = os.path.normpath(os.path.join(below, name))
            if kind == stat.S_IFLNK:
                found[shown] = "link to " + os.readlink(path)
            elif kind == stat.S_IFDIR:
                found[shown] = "directory " + mode
            elif kind == stat.S_IFREG:
                with open(path, "rb") as file:
                    found[shown] = "file %s %s" % (mode, hashlib.sha256(file.read()).hexdigest()[:12])
    return found


def difference(one, other, working):
    """The first paths at which two differ; empty where they do not. The directory in which a program starts is made for it."""
    paths = sorted(path for path in one.keys() | other.keys()
                   if one.get(path) != other.get(path) and not (working.strip("/") + "/").startswith(path + "/"))
    return ["%s: %s, %s" % (path, one.get(path, "nothing"), other.get(path, "nothing")) for path in paths[:3]]
