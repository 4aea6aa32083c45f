import Files
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("assay watch", .serialized) struct WatchTests {
    @Test(
        "answers over HTTP, keeps the last report, looks again on SIGHUP, and SIGTERM leaves only the files",
        .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
    func whole() throws {
        let client = WatchClient(machine: try Machine())
        let gate = "(until [ -e gate ]; do sleep 0.02; done; echo -1 >$registry/qemu-aarch64; touch gone) &"
        let script = client.script(
            "--every 1h --textfile m.prom --report json=r.json --report tap=r.tap",
            before: PrivateHost.register(flags: "F") + gate)
        let outcome = client.during(client.machine.privately(script)) {
            let healthy = client.settled("/healthz", "200 OK")
            #expect(healthy.hasPrefix("HTTP/1.1 200 OK\r\n") && healthy.contains("\r\n\r\nFIT "), "\(healthy)")
            #expect(client.ask("/livez").hasSuffix("\r\n\r\nwatching\n"))
            let metrics = client.ask("/metrics?x=1")
            #expect(metrics.contains("text/plain; version=0.0.4"))
            #expect(metrics.hasSuffix("\r\n\r\n" + (client.text("m.prom") ?? "none")), "\(metrics)")
            #expect(client.ask("/report").hasSuffix("\r\n\r\n" + (client.text("r.json") ?? "none")))
            #expect(client.text("r.tap")?.hasPrefix("TAP version 14\n") == true)
            let head = client.ask("/report", method: "HEAD")
            #expect(head.hasSuffix("\r\n\r\n") && !head.contains("Content-Length: 0\r\n"), "\(head)")
            #expect(client.ask("/nonsense").hasPrefix("HTTP/1.1 404 "))
            #expect(client.ask("/report", method: "DELETE").hasPrefix("HTTP/1.1 405 "))
            _ = try? client.machine.write("", to: "gate")
            _ = seen(within: .seconds(10), client.text("gone")) { $0 != nil }
            #expect(client.ask("/healthz").hasPrefix("HTTP/1.1 200 "), "nobody has looked again")
            if let process = client.process { kill(process, SIGHUP) }
            let broken = client.settled("/healthz", "503")
            #expect(broken.contains("UNFIT ") && broken.contains("no handler is registered"), "\(broken)")
            #expect(client.text("r.json")?.contains("handler-missing") == true)
            #expect(client.text("m.prom")?.contains("assay_verdict{command=\"host\",verdict=\"unfit\"} 1\n") == true)
        }
        #expect(outcome.status == 143, "\(outcome)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 2 && lines[0].hasPrefix("FIT ") && lines[1].hasPrefix("UNFIT "), "\(outcome)")
        #expect(client.machine.leftovers.isEmpty)
        #expect(client.text("r.json") != nil && access(client.socket, F_OK) != 0)
    }

    @Test("a client that says nothing, or too much, keeps nobody out") func hostile() throws {
        let client = WatchClient(machine: try Machine())
        let outcome = client.during(client.machine.shell(client.script("--every 1h"))) {
            _ = client.settled("/livez", "200")
            let silent = (0..<50).compactMap { _ in client.connect() }
            #expect(silent.count == 50)
            #expect(client.ask("/livez").contains("watching"))
            let descriptors = (try? DirectoryListing.names(in: "/proc/\(client.process ?? 0)/fd"))?.count ?? 999
            #expect(descriptors < 32 + 20, "\(descriptors)")
            func said(_ text: String) -> String { client.connect().map { WatchClient.say(text, to: $0) } ?? "" }
            #expect(said("GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 8192)).hasPrefix("HTTP/1.1 431 "))
            #expect(said("\u{0}\u{1}\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
            #expect(said("GET http://x/ HTTP/2\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
            #expect(said("GET /livez HTTP/1.0\n\n").contains("watching"))
            // Asks, and goes without the answer.
            for _ in 0..<50 {
                guard let gone = client.connect() else { continue }
                let request = Array("GET /metrics HTTP/1.1\r\n\r\n".utf8)
                _ = send(gone.value, request, request.count, Int32(MSG_NOSIGNAL))
            }
            #expect(client.ask("/livez").contains("watching"))
            withExtendedLifetime(silent) {}
        }
        #expect(outcome.status == 143, "\(outcome)")
    }

    @Test("a check that cannot be made is told as undetermined, in every form, and is tried again")
    func unmade() throws {
        let client = WatchClient(machine: try Machine())
        client.machine.environment["TMPDIR"] = client.machine.scratch.appending("no/such").string
        let script = client.script("--every 1h --report json=r.json --textfile m.prom")
        let outcome = client.during(client.machine.shell(script)) {
            let answer = client.settled("/healthz", "UNDETERMINED")
            #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("scratch directory"), "\(answer)")
            #expect(client.ask("/check", method: "POST").hasPrefix("HTTP/1.1 202 "))
            let metrics = client.text("m.prom") ?? ""
            #expect(metrics.contains("assay_verdict{command=\"host\",verdict=\"undetermined\"} 1\n"), "\(metrics)")
            #expect(metrics.contains("check=\"watch.check\""))
            // At once, not after an hour.
            if let process = client.process { kill(process, SIGHUP) }
            let report = client.text("r.json")
            unlink(client.machine.scratch.appending("r.json").string)
            #expect(seen(within: .seconds(10), client.text("r.json")) { $0 != nil } != nil && report != nil)
        }
        #expect(outcome.status == 143, "\(outcome)")
        let npd = client.machine.assay("report", "npd", client.machine.scratch.appending("r.json").string)
        #expect(npd.status == 2 && npd.output.utf8.count <= 81, "\(npd)")
    }

    @Test(
        "two checks never run at a time, and the one that runs ends with it",
        .enabled(if: PrivateHost.isPossible, "\(PrivateHost.reason)"))
    func alone() throws {
        let (client, token) = (WatchClient(machine: try Machine()), Token())
        let path = try client.machine.write(
            "#!/bin/sh\nexec sleep \(token)\n", to: "hang", mode: [.ownerReadWriteExecute, .groupReadExecute])
        let script = client.script(
            "--every 1s probe exec.static --timeout 0.5", before: PrivateHost.register(path.string, flags: ""))
        var (most, begun) = (0, ContinuousClock.now)
        let outcome = client.during(client.machine.privately(script)) {
            #expect(token.settled(atLeast: 1) > 0)
            for _ in 0..<30 {
                if let process = client.process { kill(process, SIGHUP) }
                // Each check has a scratch directory of its own.
                most = max(most, client.machine.leftovers.count)
                usleep(50_000)
            }
            _ = token.settled(atLeast: 1)
            begun = .now
        }
        #expect(most == 1 && outcome.status == 143, "\(outcome)")
        #expect(begun.duration(to: .now) < .seconds(4))
        #expect(token.settled(count: 0).isEmpty && client.machine.leftovers.isEmpty)
    }

    @Test("a command that is refused ends it with the same status, and says why") func refused() throws {
        let machine = try Machine()
        for (words, status, message) in [
            (["--every", "1h", "host", "--nonsense"], 64, "Unknown option '--nonsense'"),
            (["--every", "1h", "probe", "no.such"], 64, "no.such"),
            (["--every", "1h", "accept", "--filter", "no.such", "--builder", "none"], 4, "nothing was selected"),
            (["explain"], 64, "there is no command that judges called \"explain\""),
            (["--every", "15"], 64, "for example 15m"), (["--listen", "example.org:80"], 64, "IP:PORT"),
            (["--textfile", "/no/such/m.prom"], 64, "/no/such/m.prom"),
        ] {
            let outcome = Outcome(Supervisor(jobs: 1).run(machine.launch(["watch"] + words)))
            #expect(outcome.status == Int32(status) && outcome.errors.contains(message), "\(words): \(outcome)")
        }
        _ = try machine.write("x", to: "file")
        let taken = machine.run("cd '\(machine.scratch)'; exec \"$0\" watch --listen ./file")
        #expect(taken.status == 2 && taken.errors.contains("Address already in use"), "\(taken)")
    }

    @Test("systemd is told that it is ready, how the host is, and that it lives") func notices() throws {
        let client = WatchClient(machine: try Machine())
        let place = client.machine.scratch.appending("notify").string
        let receiver = try #require(OwnedDescriptor(opened: socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)))
        try #require(try LocalAddress(place).with { bind(receiver.value, $0, $1) } == 0)
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(receiver.value, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        client.machine.environment.merge(["NOTIFY_SOCKET": place, "WATCHDOG_USEC": "400000"]) { $1 }
        var said: [String] = []
        /// The place of the first message with this word, from a place on; nil if none comes within 20 s.
        func hear(_ word: String, from start: Int = 0) -> Int? {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let until = ContinuousClock.now + .seconds(20)
            while true {
                if let place = said.indices.dropFirst(start).first(where: { said[$0].contains(word) }) { return place }
                guard ContinuousClock.now < until else { return nil }
                let count = recv(receiver.value, &buffer, buffer.count, 0)
                if count > 0 { said.append(String(decoding: buffer[..<count], as: UTF8.self)) }
            }
        }
        let outcome = client.during(client.machine.shell(client.script("--every 1h"))) {
            #expect(hear("READY=1") == 0)
            // A fast check has ended before the first sign of life.
            let fit = hear("FIT ")
            #expect(hear("WATCHDOG=1", from: fit ?? 0) != nil && fit != nil)
        }
        #expect(hear("STOPPING=1") != nil)
        #expect(said.first?.hasPrefix("READY=1") == true && said.last == "STOPPING=1", "\(said) \(outcome)")
        #expect(said.contains { $0.hasPrefix("STATUS=") && $0.contains("FIT ") }, "\(said)")
    }
}
