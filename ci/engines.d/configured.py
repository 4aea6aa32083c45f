"""More odd images: words of configurations that engines act on, and media types. Adds them to `ODD`."""

from images import LAYER
from odd import PATH, simple
from programs import elf


def configured(name, **config):
    def make(image):
        image.start()
        image.config.update(config)
    simple("configured-" + name, make)


def volume(name, *places):
    configured("volume-" + name, Volumes={place: {} for place in places})


volume("plain", "/data")
volume("app", "/app")
volume("relative", "data")
volume("empty", "")
volume("root", "/")
volume("dot", "/.")
volume("dots", "/app/../data")
volume("file", "/usr/bin/sh")
volume("entrypoint", "/app/start")
volume("below-file", "/usr/bin/sh/x")
volume("link", "/bin")
volume("proc", "/proc")
volume("below-proc", "/proc/x")
volume("dev", "/dev")
volume("sys", "/sys")
volume("below-sys", "/sys/x")
volume("etc", "/etc")
volume("hosts", "/etc/hosts")
volume("lib", "/usr/lib")
volume("nested", "/data", "/data/x")
volume("same", "/data", "/data/")
volume("colon", "/data:ro")
volume("options", "/data:/other:ro")
volume("list", "[\"/data\"]")
volume("blank", " /data")
volume("nul", "/da\0ta")
volume("long", "/" + "x" * 256)
volume("comma", "/a,b")

for name, user in {
    "blank": " ", "blank-before": " 1000", "blank-behind": "1000 ", "colon": ":", "colon-group": ":0", "colon-behind": "1000:", "three": "0:0:0", "minus": "-1",
    "large": "4294967296", "most": "2147483647", "above": "2147483648", "hexadecimal": "0x10", "plus": "+5", "root": "root", "root-group": "root:root", "dollar": "$USER", "nul": "a\0b",
    "newline": "0\n", "group-none": "0:none", "group-blank": "0: 0", "capital": "Root", "dot": "1000.1000",
}.items():
    configured("user-" + name, User=user)

configured("path-empty", Env=["PATH="], Entrypoint=["start"])
configured("path-none", Env=[], Entrypoint=["sh"])
configured("path-twice", Env=["PATH=/none", "PATH=/app"], Entrypoint=["start"])
configured("path-twice-other", Env=["PATH=/app", "PATH=/none"], Entrypoint=["start"])
configured("path-small", Env=["path=/app"], Entrypoint=["start"])
configured("path-quoted", Env=["PATH=\"/app\""], Entrypoint=["start"])
configured("path-blank", Env=["PATH=/none: /app"], Entrypoint=["start"])
configured("path-home", Env=["PATH=~/bin:/app"], Entrypoint=["start"])
configured("path-variable", Env=["PATH=$PATH:/app"], Entrypoint=["start"])
configured("path-slash", Env=["PATH=/app/"], Entrypoint=["start"])
configured("entrypoint-blank", Entrypoint=["/app/start "])
configured("entrypoint-blank-before", Entrypoint=[" /app/start"])
configured("entrypoint-one-word", Entrypoint=["/app/start -x"])
configured("entrypoint-json", Entrypoint=["[\"/app/start\"]"])
configured("entrypoint-quoted", Entrypoint=["'/app/start'"])
configured("entrypoint-tilde", Entrypoint=["~/start"])
configured("entrypoint-dot", Entrypoint=["."])
configured("entrypoint-slash", Entrypoint=["/"])
configured("entrypoint-relative", Entrypoint=["app/start"])
configured("entrypoint-relative-dir", Entrypoint=["./start"], WorkingDir="/app")
configured("entrypoint-empty-list", Entrypoint=[], Cmd=["/app/start"])
configured("entrypoint-empty-word-behind", Entrypoint=["/app/start", ""])
configured("cmd-alone", Entrypoint=None, Cmd=["/app/start"])
configured("workdir-empty", WorkingDir="")
configured("workdir-dot", WorkingDir=".")
configured("workdir-blank", WorkingDir="/a b")
configured("workdir-slashes", WorkingDir="//app//")
configured("workdir-dots", WorkingDir="/app/../../x")
configured("workdir-variable", WorkingDir="$HOME/x")
configured("workdir-windows", WorkingDir="C:\\app")

for name, test in {"cmd": ["CMD"], "bad": ["BAD", "x"], "empty": [], "shell": ["CMD-SHELL"], "word": ["curl"], "blank": [""], "none-more": ["NONE", "x"]}.items():
    configured("healthcheck-" + name, Healthcheck={"Test": test})
configured("healthcheck-interval-minus", Healthcheck={"Test": ["CMD", "x"], "Interval": -5})
configured("healthcheck-interval-small", Healthcheck={"Test": ["CMD", "x"], "Interval": 5})
configured("healthcheck-timeout-small", Healthcheck={"Test": ["CMD", "x"], "Timeout": 5})
configured("healthcheck-retries-minus", Healthcheck={"Test": ["CMD", "x"], "Retries": -1})
for name, port in {"word": "http", "range": "80-90/tcp", "range-wrong": "90-80/tcp", "above": "70000", "minus": "-1", "empty": "", "protocol": "80/xyz", "two": "80/tcp/udp", "zero": "0/tcp"}.items():
    configured("port-" + name, ExposedPorts={port: {}})
for name, labels in {
    "capabilities": {"io.containers.capabilities": "sys_admin"}, "capabilities-odd": {"io.containers.capabilities": "nonsense"}, "empty-name": {"": "x"}, "run": {"run": "none"},
    "equals": {"a=b": "c"}, "nul": {"a": "b\0c"}, "large": {"a": "x" * 300000},
}.items():
    configured("label-" + name, Labels=labels)
configured("stop-signal-number", StopSignal="9")
configured("stop-signal-small", StopSignal="sigterm")
configured("stop-signal-large", StopSignal="99")
configured("stop-signal-rtmin", StopSignal="SIGRTMIN+3")
configured("env-newline", Env=[PATH, "A=x\ny"])
configured("env-large", Env=[PATH, *["A%d=x" % number for number in range(5000)]])
configured("env-name-blank", Env=[PATH, "A B=x"])
configured("env-name-odd", Env=[PATH, "A-B.C=x"])
configured("env-home", Env=[PATH, "HOME=/none"])
configured("env-loader", Env=[PATH, "LD_PRELOAD=/none.so"])


def media(name, layer=LAYER + "+gzip", manifest=None):
    def make(image):
        image.start()
        stored = image.stored
        image.stored = lambda data: (stored(data)[0], layer)
        image.manifest_spelled = manifest
    simple("media-" + name, make)


DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
media("docker-layer", "application/vnd.docker.image.rootfs.diff.tar.gzip")
media("docker-foreign-layer", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")
media("nondistributable", "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")
media("dot-gzip", LAYER + ".gzip")
media("capital", LAYER.upper() + "+GZIP")
media("parameter", LAYER + "+gzip; charset=utf-8")
media("plain-octets", "application/octet-stream")
media("tar-gzip", "application/tar+gzip")
media("empty", "")
media("none-known", "application/x-layer")
media("docker-config", manifest=lambda text: text.replace("application/vnd.oci.image.config.v1+json", DOCKER_CONFIG))
media("config-octets", manifest=lambda text: text.replace("application/vnd.oci.image.config.v1+json", "application/octet-stream"))
media("config-other", manifest=lambda text: text.replace("application/vnd.oci.image.config.v1+json", "application/vnd.unknown.config.v1+json"))
media("config-empty-type", manifest=lambda text: text.replace("application/vnd.oci.image.config.v1+json", ""))


def layers(name, count, data=None):
    def make(image):
        image.start()
        for number in range(count):
            image.layers.append(data if data is not None else bytes(1024))
    simple("layers-" + name, make)


layers("same-twice", 2)
layers("empty-20", 20)


def deep(count):
    def make(image):
        image.start()
        while len(image.layers) < count:
            image.next().put("srv/%d" % len(image.layers), b"x")
    simple("layers-%d" % count, make)


for number in (125, 126, 127, 128, 129, 130):
    deep(number)


@lambda make: simple("layers-start-in-last", make)
def _(image):
    image.next().put("app/start", elf(image.nonce), mode=0o755)
