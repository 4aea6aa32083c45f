import Sandbox
import TestSupport
import Testing

@Suite("Silence is the absence of news, not of noise") struct MarkTests {
    @Test("endless output without a mark is silence") func noise() {
        let ended = run(
            Launch.shell("yes", timeout: .seconds(60)).with {
                $0.idleTimeout = .milliseconds(400)
                $0.mark = { _ in nil }
            })
        #expect(ended.reason == .timedOut && ended.limit == .milliseconds(400))
    }

    @Test("a mark counts once") func once() {
        let ended = run(
            Launch.shell("while :; do echo ok; sleep 0.1; done", timeout: .seconds(60)).with {
                $0.idleTimeout = .milliseconds(600)
                $0.mark = { String(decoding: $0, as: UTF8.self) }
            })
        #expect(ended.reason == .timedOut && ended.limit == .milliseconds(600))
    }

    @Test("new marks break the silence") func news() {
        let ended = run(
            Launch.shell("for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.2; done", timeout: .seconds(60)).with {
                $0.idleTimeout = .seconds(1)
                $0.mark = { String(decoding: $0, as: UTF8.self) }
            })
        #expect(ended.reason == .exited(0))
    }
}
