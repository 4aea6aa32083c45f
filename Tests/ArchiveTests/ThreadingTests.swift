import Archive
import Synchronization
import Testing

@Suite struct ThreadingTests {
    /// Gives chunks of every size and then, perhaps, an error.
    private final class Counting: ByteSource {
        let name = "counting"
        private let memory: UnsafeMutableRawBufferPointer
        private let fails: Bool
        private var chunks = 0

        init(fails: Bool) {
            self.fails = fails
            memory = .allocate(byteCount: 1 << 20, alignment: 16)
            memory.initializeMemory(as: UInt8.self, repeating: 7)
        }

        deinit {
            memory.deallocate()
        }

        func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
            chunks += 1
            if chunks > 20, fails { throw ArchiveError(.corrupt, archive: name, expected: "more", found: "less") }
            guard chunks <= 20 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
            return UnsafeRawBufferPointer(rebasing: memory[..<min(chunks * chunks * 2000, memory.count)])
        }
    }

    @Test func readingAheadGivesTheSameBytes() throws {
        let direct = MeasuredSource(Counting(fails: false))
        try direct.drain()
        for _ in 0..<20 {
            let ahead = MeasuredSource(try ReadAheadSource(Counting(fails: false)))
            try ahead.drain()
            #expect(ahead.count == direct.count)
            #expect(ahead.sha256 == direct.sha256)
        }
    }

    @Test func anErrorComesAfterWhatWasReadBeforeIt() throws {
        let ahead = CountedSource(try ReadAheadSource(Counting(fails: true)))
        let error = #expect(throws: ArchiveError.self) { try ahead.drain() }
        #expect(error?.code == .corrupt)
        let direct = CountedSource(Counting(fails: false))
        try direct.drain()
        #expect(ahead.count == direct.count)
    }

    @Test func readingAheadCanBeGivenUpAtAnyTime() throws {
        for count in 0..<10 {
            let ahead = try ReadAheadSource(Counting(fails: false))
            for _ in 0..<count { _ = try ahead.nextChunk() }
            guard count % 2 == 0 else { continue }
            ahead.stop()
            try ahead.drain()
        }
    }

    @Test func workersDoEverythingOnceAndKeepTheOrder() {
        let calls = Mutex([Int: Int]())
        let results = Workers.map(Array(0..<500), threads: 7) { item in
            calls.withLock { $0[item, default: 0] += 1 }
            return item * 2
        }
        #expect(results == (0..<500).map { $0 * 2 })
        #expect(calls.withLock { $0.count == 500 && $0.values.allSatisfy { $0 == 1 } })
        #expect(Workers.map([Int](), threads: 3) { $0 }.isEmpty)
    }
}
