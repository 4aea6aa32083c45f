"""More odd images: what the image's user may enter and read, what runtimes mount over an image, what execve(2) takes. Adds them to `ODD`."""

from odd import DIRECTORY, PATH, odd, simple
from programs import elf

USER = "1000"


def closed(name, entrypoint="/app/start", **more):
    """A directory that only root enters, on the way to the entrypoint in some way."""
    def keep(function):
        def make(image):
            image.base.directory("hid", mode=0o700)
            image.config.update(User=USER, Entrypoint=[entrypoint], **more)
            function(image)
        simple("user-closed-" + name, make)
        return function
    return keep


@closed("link", "/hid/start")
def _(image):
    image.start()
    image.base.link("hid/start", "/app/start")


@closed("through-link", "/a/start")
def _(image):
    image.start()
    image.base.link("hid/a", "/app").link("a", "hid/a")


@closed("dots", "/hid/../app/start")
def _(image):
    image.start()


@closed("working-directory", "./start", WorkingDir="/hid")
def _(image):
    image.start()
    image.base.link("hid/start", "../app/start")


@closed("below-working-directory", "./start", WorkingDir="/hid/in")
def _(image):
    image.start()
    image.base.directory("hid/in").link("hid/in/start", "/app/start")


@closed("interpreter")
def _(image):
    image.base.link("hid/sh", "/usr/bin/sh")
    image.start(b"#!/hid/sh\n")


@closed("loader")
def _(image):
    image.base.put("hid/ld.so", elf(image.nonce, kind="shared"), mode=0o755)
    image.start(elf("wrong", interpreter="/hid/ld.so"))


@closed("first-of-path", "start", Env=["PATH=/hid:/app"])
def _(image):
    image.start()
    image.base.put("hid/start", image.program, mode=0o755)


@odd("user-loader-not-executable")
def _(image):
    image.base.put("usr/lib/ld.so", elf(image.nonce, kind="shared"), mode=0o700)
    image.start(elf("wrong", interpreter="/usr/lib/ld.so"))
    image.config["User"] = USER


@odd("user-root-closed")
def _(image):
    image.layers = []
    image.base = image.next().put("./", kind=DIRECTORY, mode=0o700).directory("app")
    image.start()
    image.config["User"] = USER


def passwd(name, line, user):
    def make(image):
        image.base.put("etc/passwd", line)
        image.start()
        image.config["User"] = user
    simple("passwd-" + name, make)


passwd("windows", b"root:x:0:0::/:/bin/sh\r\nu:x:1000:50::/:/bin/sh\r\n", "u")
passwd("short-line", b"u:x:1000\n", "u")
passwd("group-text", b"u:x:1000:abc::/:/bin/sh\n", "u")
passwd("blanks", b"  u:x:1000:50::/:/bin/sh\n", "u")
passwd("leading-zero", b"u:x:1000:50::/:/bin/sh\n", "01000")
passwd("number-as-name", b"7:x:1000:50::/:/bin/sh\n", "7")
passwd("accent", "e\u0301:x:5:5::/:\n".encode(), "\u00e9")


@odd("passwd-directory")
def _(image):
    image.base.directory("etc/passwd")
    image.start()
    image.config["User"] = USER


# -- mounts

for place in ("dev", "proc", "sys"):
    def entrypoint(image, place=place):
        image.base.directory(place).put(place + "/start", image.program, mode=0o755)
        image.config["Entrypoint"] = ["/%s/start" % place]

    def interpreter(image, place=place):
        image.base.directory(place).put(place + "/sh", image.program, mode=0o755)
        image.start(b"#!/%s/sh\n" % place.encode())

    def loader(image, place=place):
        image.base.directory(place).put(place + "/ld.so", elf(image.nonce, kind="shared"), mode=0o755)
        image.start(elf("wrong", interpreter="/%s/ld.so" % place))

    simple("mount-entrypoint-" + place, entrypoint)
    simple("mount-interpreter-" + place, interpreter)
    simple("mount-loader-" + place, loader)


@odd("mount-first-of-path")
def _(image):
    image.base.directory("proc").directory("proc/bin").put("proc/bin/start", elf("wrong"), mode=0o755)
    image.start()
    image.config.update(Env=["PATH=/proc/bin:/app"], Entrypoint=["start"])


def own(name, entrypoint, line=None, **more):
    """The image's root and working directory, by /proc of the process that begins the container."""
    def make(image):
        image.start(line)
        if line:
            image.base.put("app/program", image.program, mode=0o755)
        image.config.update(Entrypoint=[entrypoint], **more)
    simple("mount-own-" + name, make)


own("self-root", "/proc/self/root/app/start")
own("1-root", "/proc/1/root/app/start")
own("thread-self-root", "/proc/thread-self/root/app/start")
own("root-root", "/proc/self/root/proc/1/root/app/start")
own("root-dots", "/proc/self/root/../app/start")
own("cwd", "/proc/self/cwd/start", WorkingDir="/app")
own("cwd-dots", "/proc/self/cwd/../app/start", WorkingDir="/usr")
own("root-none", "/proc/self/root/app/none")
own("exe", "/proc/self/exe")
own("fd", "/dev/fd/3")
own("stdin", "/dev/stdin")
own("path", "start", Env=["PATH=/proc/self/root/app"])
own("interpreter", "/app/start", b"#!/proc/self/root/app/program\n")
own("interpreter-1", "/app/start", b"#!/proc/1/root/app/program\n")
own("interpreter-exe", "/app/start", b"#!/proc/self/exe\n")
own("user", "/proc/self/root/app/start", User=USER)
own("user-1", "/proc/1/root/app/start", User=USER)


@odd("mount-own-link")
def _(image):
    image.base.put("app/program", image.program, mode=0o755).link("app/start", "/proc/self/root/app/program")


@odd("mount-own-loader")
def _(image):
    image.base.put("usr/lib/ld.so", elf(image.nonce, kind="shared"), mode=0o755)
    image.start(elf("wrong", interpreter="/proc/self/root/usr/lib/ld.so"))


for place in ("dev", "proc", "run", "sys"):
    def as_file(image, place=place):
        image.base.put(place, b"x")
        image.start()

    def as_link(image, place=place):
        image.base.directory("other").link(place, "other")
        image.start()

    simple("mount-file-" + place, as_file)
    simple("mount-link-" + place, as_link)


def etc(name, make):
    def without(image):
        image.layers = []
        image.base = image.next().directory("app")
        make(image.base)
        image.start()
    simple("mount-etc-" + name, without)


etc("file", lambda tar: tar.put("etc", b"x"))
etc("link-nowhere", lambda tar: tar.link("etc", "/none"))
etc("hosts-directory", lambda tar: tar.directory("etc").directory("etc/hosts"))


def directory(name, place):
    def make(image):
        image.start()
        image.config["WorkingDir"] = place
    simple("workdir-" + name, make)


directory("in-proc", "/proc/new")
directory("proc", "/proc")
directory("proc-self", "/proc/self")
directory("in-dev", "/dev/new")
directory("in-sys", "/sys/new")
directory("name-256", "/" + "x" * 256)
directory("nul", "/app\0x")
directory("accent", "/\u0301w")


# -- lengths

def length(name, variables=(), words=()):
    def make(image):
        image.start()
        image.config.update(Env=[PATH, *variables], Entrypoint=["/app/start", *words])
    simple("length-" + name, make)


length("variable", ["A=" + "x" * (131071 - 2)])
length("variable-more", ["A=" + "x" * (131072 - 2)])
length("word", words=["x" * 131071])
length("word-more", words=["x" * 131072])
length("all-more", ["A%d=" % number + "x" * 100000 for number in range(25)])
