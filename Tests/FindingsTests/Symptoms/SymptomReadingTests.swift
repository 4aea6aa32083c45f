import Testing

@testable import Findings

/// Each log is of the form that the tool of its name writes.
@Suite struct SymptomReadingTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The likeliest; nil: nothing may be named.
        let code: FindingCode?
        let log: String
    }

    static let samples: [Sample] = [
        Sample(
            testDescription: "kaniko", code: .handlerMissing,
            log: #"""
                INFO[0003] Unpacking rootfs as cmd RUN apt-get update requires it.
                INFO[0008] RUN apt-get update && apt-get install -y curl
                INFO[0008] Initializing snapshotter ...
                INFO[0010] Cmd: /bin/sh
                INFO[0010] Args: [-c apt-get update && apt-get install -y curl]
                INFO[0010] Running: [/bin/sh -c apt-get update && apt-get install -y curl]
                error building image: error building stage: failed to execute command: starting command: fork/exec /bin/sh: exec format error
                """#),
        Sample(
            testDescription: "a container that Kubernetes starts", code: .handlerMissing,
            log: #"""
                standard_init_linux.go:228: exec user process caused: exec format error
                """#),
        Sample(
            testDescription: "docker run with a warning about the platform", code: .handlerMissing,
            log: #"""
                WARNING: The requested image's platform (linux/arm64/v8) does not match the detected host platform (linux/amd64/v3) and no specific platform was requested
                exec /usr/local/bin/docker-entrypoint.sh: exec format error
                """#),
        Sample(
            testDescription: "crun, as podman run shows it", code: .handlerMissing,
            log: #"""
                WARNING: image platform (linux/arm64/v8) does not match the expected platform (linux/amd64)
                {"msg":"exec container process `/bin/sh`: Exec format error","level":"error","time":"2026-11-28T18:18:00.450990Z"}
                """#),
        Sample(
            testDescription: "BuildKit's own emulator is given the shell of another machine",
            code: .artifactForeignBinary,
            log: #"""
                #9 [linux/arm64 2/3] RUN make
                #9 0.210 .buildkit_qemu_emulator: /bin/sh: Invalid ELF image for this architecture
                #9 ERROR: process "/dev/.buildkit_qemu_emulator /bin/sh -c make" did not complete successfully: exit code: 255
                """#),
        Sample(
            testDescription: "Debian's name of the emulator", code: .artifactForeignBinary,
            log: #"""
                aarch64-binfmt-P: /usr/local/bin/tool: Invalid ELF image for this architecture
                """#),
        Sample(
            testDescription: "the emulator of another machine, by Debian's name", code: .interpreterWrongProgram,
            log: #"""
                arm-binfmt-P: /bin/sh: Invalid ELF image for this architecture
                """#),
        Sample(
            testDescription: "buildx --load of two platforms", code: .builderSinglePlatformDriver,
            log: #"""
                #12 exporting to docker image format
                ERROR: docker exporter does not currently support exporting manifest lists
                """#),
        Sample(
            testDescription: "a step without its place, that prints the words and ends well", code: nil,
            log: #"""
                #5 RUN echo "exec format error is fine"
                #5 0.1 exec format error is fine
                #5 DONE
                """#),
        Sample(
            testDescription: "Node starts a program of another machine", code: .handlerMissing,
            log: "Error: spawn /app/tool ENOEXEC"),
        Sample(
            testDescription: "Go's runtime, whose addresses have room for a count on hardware", code: .emulationCrashes,
            log: #"""
                runtime: lfstack.push invalid packing: node=0xffff7c6d6380 cnt=0x1 packed=0xffff7c6d63800001 -> node=0xffffffff7c6d6380
                fatal error: lfstack.push
                """#),
        Sample(
            testDescription: "a build that ends well", code: nil,
            log: #"""
                STEP 1/3: FROM docker.io/library/alpine:3.20
                WARNING: image platform (linux/arm64) does not match the expected platform (linux/amd64)
                STEP 2/3: RUN apk add curl
                fetch https://dl-cdn.alpinelinux.org/alpine/v3.20/main/aarch64/APKINDEX.tar.gz
                OK: 12 MiB in 24 packages
                STEP 3/3: CMD ["curl"]
                COMMIT x
                """#),
        Sample(
            testDescription: "a shell that runs, and a program that does not", code: .artifactForeignBinary,
            log: #"""
                #9 [linux/arm64 4/5] RUN /usr/local/bin/tool --version
                #9 0.210 /bin/sh: 1: /usr/local/bin/tool: Exec format error
                #9 ERROR: process "/bin/sh -c /usr/local/bin/tool --version" did not complete successfully: exit code: 126
                ------
                 > [linux/arm64 4/5] RUN /usr/local/bin/tool --version:
                0.210 /bin/sh: 1: /usr/local/bin/tool: Exec format error
                ------
                """#),
        Sample(
            testDescription: "a test that expects the error", code: nil,
            log: #"""
                STEP 7/8: RUN pytest -q
                ..........................F.............. [100%]
                FAILED tests/test_run.py::test_refused - AssertionError: expected OSError: [Errno 8] Exec format error: './fixture.bin' to be raised
                1 failed, 41 passed in 3.20s
                Error: building at STEP "RUN pytest -q": while running runtime: exit status 1
                """#),
        Sample(
            testDescription: "a test that fails by the error", code: .artifactForeignBinary,
            log: #"""
                STEP 7/8: RUN pytest -q
                ..........................F.............. [100%]
                FAILED tests/test_run.py::test_runs - OSError: [Errno 8] Exec format error: './tool'
                1 failed, 41 passed in 3.20s
                Error: building at STEP "RUN pytest -q": while running runtime: exit status 1
                """#),
        Sample(
            testDescription: "a script without its first line, natively", code: nil,
            log: #"""
                #9 [linux/amd64 5/5] RUN /entry.sh
                #9 0.104 exec /entry.sh: exec format error
                #9 ERROR: process "/entry.sh" did not complete successfully: exit code: 255
                """#),
        Sample(
            testDescription: "a program that runs, and one that does not", code: .artifactForeignBinary,
            log: #"""
                STEP 4/7: RUN python3 setup.py build
                running build
                building native
                OSError: [Errno 8] Exec format error: '/src/tools/protoc'
                Error: building at STEP "RUN python3 setup.py build": while running runtime: exit status 1
                """#),
        Sample(
            testDescription: "a job of GitLab that took too long", code: .emulationHangs,
            log: #"""
                $ docker buildx build --platform linux/arm64 .
                #9 [3/4] RUN npm ci
                #9 12.4 npm warn deprecated
                ERROR: Job failed: execution took longer than 1h0m0s seconds
                """#),
        Sample(
            testDescription: "the same for the host's own architecture", code: nil,
            log: #"""
                #9 [linux/amd64 3/4] RUN npm ci
                #9 12.4 npm warn deprecated
                ERROR: Job failed: execution took longer than 1h0m0s seconds
                """#),
        Sample(
            testDescription: "an image of BuildKit that cannot be pulled", code: .builderImageUnavailable,
            log: #"""
                #1 [internal] booting buildkit
                #1 pulling image moby/buildkit:buildx-stable-1
                #1 pulling image moby/buildkit:buildx-stable-1 15.1s done
                #1 ERROR: Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host
                ------
                 > [internal] booting buildkit:
                ------
                ERROR: Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host
                """#),
        Sample(
            testDescription: "Docker 29 without a daemon", code: .runnerNoDockerSocket,
            log: #"""
                ERROR: failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory
                """#),
        Sample(
            testDescription: "debootstrap", code: .handlerMissing,
            log: #"""
                I: Extracting base packages
                W: Failure trying to run: chroot "/srv/root" /bin/true
                chroot: failed to run command '/bin/true': Exec format error
                """#),
        Sample(
            testDescription: "an image without a shell", code: nil,
            log: #"""
                #5 [2/2] RUN echo hi
                #5 0.05 runc run failed: unable to start container process: error during container init: exec: "/bin/sh": stat /bin/sh: no such file or directory
                #5 ERROR: process "/bin/sh -c echo hi" did not complete successfully: exit code: 1
                """#),
        Sample(
            testDescription: "ldconfig under an old QEMU", code: .interpreterKnownBad,
            log: #"""
                STEP 2/3: RUN apt-get update && apt-get install -y libc-bin
                Setting up libc-bin (2.31-0ubuntu9.9) ...
                qemu: uncaught target signal 11 (Segmentation fault) - core dumped
                Segmentation fault (core dumped)
                dpkg: error processing package libc-bin (--configure):
                Error: building at STEP "RUN apt-get update && apt-get install -y libc-bin": while running runtime: exit status 100
                """#),
        Sample(
            testDescription: "words of a test that passed", code: nil,
            log: #"""
                #7 [linux/arm64 3/3] RUN make test
                #7 0.4 test_exec_format: expects "Exec format error" ... ok
                #7 DONE 1.2s
                #8 [linux/arm64 4/4] RUN false
                #8 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1
                """#),
        Sample(
            testDescription: "an entrypoint without its x bit", code: .artifactEntrypointMissing,
            log: #"""
                docker: Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/entrypoint.sh": permission denied: unknown.
                """#),
        Sample(
            testDescription: "an x86-64 program that dies", code: nil,
            log: #"""
                #12 [linux/amd64 3/3] RUN ./bench
                #12 0.071 Illegal instruction (core dumped)
                #12 ERROR: process "/bin/sh -c ./bench" did not complete successfully: exit code: 132
                """#),
        Sample(
            testDescription: "shifted arguments", code: .handlerRewritesArgv0,
            log: #"""
                STEP 2/3: RUN echo hi
                /bin/sh: /bin/sh: cannot execute binary file
                Error: building at STEP "RUN echo hi": while running runtime: exit status 126
                """#),
        Sample(
            testDescription: "bash 5.2: the interpreter of a program of the host does not exist",
            code: .interpreterMissing,
            log: "bash: ./prog: cannot execute: required file not found"),
        Sample(
            testDescription: "a shell of the host names another program than itself", code: .handlerMissing,
            log: "##[error]/bin/bash: line 1: ./app: cannot execute binary file: Exec format error"),
        Sample(
            testDescription: "env of an image runs, and its program does not", code: .artifactForeignBinary,
            log: #"""
                #8 [linux/arm64 3/3] RUN node --version
                #8 0.21 /usr/bin/env: 'node': Exec format error
                #8 ERROR: process "/bin/sh -c ./start" did not complete successfully: exit code: 126
                """#),
        Sample(
            testDescription: "docker exec, without a handler", code: .handlerMissing,
            log:
                "OCI runtime exec failed: exec failed: unable to start container process: exec /bin/bash: exec format error: unknown"
        ),
        Sample(
            testDescription: "docker exec of a program that is not there", code: .artifactEntrypointMissing,
            log:
                #"OCI runtime exec failed: exec failed: unable to start container process: exec: "bash": executable file not found in $PATH: unknown"#
        ),
        Sample(
            testDescription: "a runtime that cannot execute anything", code: .builderRuntimeFails,
            log: "OCI runtime exec failed: exec failed: cannot enter cgroupv2: no such device"),
        Sample(
            testDescription: "SIGILL by a step's status", code: .cpuModelRestricted,
            log: #"""
                #8 [linux/arm64 3/5] RUN npm ci
                #8 31.3 npm error signal SIGILL
                #8 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 132
                """#),
        Sample(
            testDescription: "threads refused by an old engine's filter", code: .runnerLimits,
            log: #"""
                #8 [linux/arm64 3/5] RUN go build
                #8 0.9 runtime/cgo: pthread_create failed: Operation not permitted
                #8 ERROR: process "/bin/sh -c go build" did not complete successfully: exit code: 2
                """#),
        Sample(
            testDescription: "a processor that the emulator does not know", code: .emulatorEnvironment,
            log: "qemu-aarch64-static: unable to find CPU model 'cortex-a99'"),
        Sample(
            testDescription: "bubblewrap without user namespaces", code: .runnerUsernsForbidden,
            log:
                "bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces."
        ),
        Sample(
            testDescription: "debootstrap's first program", code: .handlerMissing,
            log: #"W: Failure trying to run: chroot "/srv/arm64" /bin/true"#),
        Sample(
            testDescription: "a program that a shell takes for a script", code: .handlerMissing,
            log: #"./app: 1: Syntax error: "(" unexpected"#),
        Sample(
            testDescription: "a script that is wrong, and a command line that is", code: nil,
            log: #"""
                ./build.sh: 1: Syntax error: "(" unexpected
                /bin/sh: 1: Syntax error: "(" unexpected
                ./configure: 31: Syntax error: word unexpected
                """#),
        Sample(
            testDescription: "words of a command", code: nil,
            log: #"""
                STEP 2/3: RUN grep -r 'exec format error' /src || true
                STEP 3/3: RUN exit 3
                Error: building at STEP "RUN exit 3": while running runtime: exit status 3
                """#),
    ]

    @Test(arguments: samples) func theLikeliestCauseIsNamed(sample: Sample) {
        let candidates = SymptomReading(BuildLog(Array(sample.log.utf8))).candidates
        #expect(candidates.first?.code == sample.code)
        // A list of everything is no answer.
        #expect(candidates.count <= 3)
        for candidate in candidates { #expect(!candidate.evidence.isEmpty || candidate.because != nil) }
    }

    @Test("what CI engines put around lines changes nothing", arguments: samples) func frames(sample: Sample) {
        let plain = SymptomReading(BuildLog(Array(sample.log.utf8))).candidates.map(\.code)
        let frames: [(String) -> String] = [
            { "2026-11-28T18:19:39.6808941Z \($0)" }, { "2026-11-28T18:19:39.680894Z 00O \($0)" },
            { "\u{1b}[31m\($0)\u{1b}[0m" }, { "section_end:1795890062:x\r\u{1b}[0K\($0)\r" },
        ]
        for frame in frames {
            let framed = sample.log.split(separator: "\n", omittingEmptySubsequences: false).map { frame(String($0)) }
            let log = BuildLog(Array(framed.joined(separator: "\n").utf8))
            #expect(SymptomReading(log).candidates.map(\.code) == plain)
        }
    }

    @Test("the list of a builder that lacks the platform tells it from a handler that is missing") func listed() {
        let log = """
            Platforms:        linux/amd64, linux/386
            + docker buildx build --platform linux/amd64,linux/arm64 .
            #9 [linux/arm64 1/4] RUN true
            #9 0.113 exec /bin/sh: exec format error
            #9 ERROR: process "/bin/sh -c true" did not complete successfully: exit code: 1
            """
        let codes = SymptomReading(BuildLog(Array(log.utf8))).candidates.map(\.code)
        #expect(codes.prefix(2) == [.builderLacksPlatform, .handlerMissing])
    }

    @Test(
        "a line that only speaks of a message names nothing",
        arguments: [
            #"exec_test.go:31: got "exec format error" as wanted"#, "assert 'Exec format error' in str(error)",
        ]) func quoted(line: String)
    {
        let log = "#15 [linux/arm64 5/6] RUN go test ./...\n#15 12.1 \(line)\n#15 13.0 FAIL\n"
        #expect(SymptomReading(BuildLog(Array(log.utf8))).candidates.isEmpty)
        let said = #"exec user process caused "exec format error""#
        #expect(SymptomReading(BuildLog(Array(said.utf8))).candidates.first?.code == .handlerMissing)
    }

    @Test("a platform that BuildKit does not support is a handler's or a builder's matter, not an image's")
    func unsupported() {
        let log = "#5 [2/2] RUN uname -m\n#5 ERROR: runtime execution on platform linux/arm64 not supported\n"
        let codes = SymptomReading(BuildLog(Array(log.utf8))).candidates.map(\.code)
        #expect(codes == [.handlerMissing, .builderLacksPlatform, .handlerDisabled])
    }

    @Test("a step that ran before tells a wrong program from a missing handler") func earlierStep() {
        func codes(_ before: String) -> [FindingCode] {
            let log = """
                STEP 1/4: FROM debian
                \(before)
                STEP 3/4: RUN ["/opt/tool"]
                exec container process `/opt/tool`: Exec format error
                Error: building at STEP "RUN ["/opt/tool"]": while running runtime: exit status 1
                """
            return SymptomReading(BuildLog(Array(log.utf8))).candidates.map(\.code)
        }
        #expect(codes("STEP 2/4: ENV A=1").first == .handlerMissing)
        #expect(codes("STEP 2/4: RUN true").first == .artifactForeignBinary)
    }

    @Test("a log of any size and kind is read in time that grows with it") func cost() {
        let hostile = String(repeating: "exec /bin/sh: exec format error\n", count: 20_000)
        let steps = (0..<20_000).map { "#\($0) [\($0)/9] RUN x\n#\($0) ERROR: exec format error\n" }.joined()
        for log in [hostile, steps] {
            let reading = SymptomReading(BuildLog(Array(log.utf8)))
            #expect(reading.candidates.first?.code == .handlerMissing)
            #expect(reading.candidates.allSatisfy { $0.evidence.count <= 3 })
        }
        _ = SymptomReading(BuildLog((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }))
    }

    @Test(
        "the guest is that of the log: its name, and the option that asks about it",
        arguments: [
            (
                "#7 [linux/riscv64 2/4] RUN apk add curl\n#7 0.2 exec /bin/sh: exec format error\n#7 ERROR: process did not complete",
                "assay host --platform linux/riscv64"
            ),
            (
                "#7 [linux/arm64 2/4] RUN apk add curl\n#7 0.2 exec /bin/sh: exec format error\n#7 ERROR: process did not complete",
                "assay host"
            ),
            (
                "WARNING: The requested image's platform (linux/s390x) does not match the detected host platform (linux/arm64/v8)\nexec /bin/tool: exec format error",
                "assay host --platform linux/s390x"
            ),
        ])
    func guest(log: String, decision: String) {
        let reading = SymptomReading(BuildLog(Array(log.utf8)))
        #expect(reading.candidates.first?.code == .handlerMissing && reading.decision == decision)
    }
}
