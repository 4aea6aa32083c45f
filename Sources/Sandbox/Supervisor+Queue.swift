extension Supervisor {
    /// Runs launches as somebody decides, one at a time, what may begin beside what is running.
    ///
    /// - Parameters:
    ///   - next: what to begin now, with a number for it; nil: nothing for the moment. Called again after each end, with the
    ///     numbers of what runs. The queue is done when it gives nothing while nothing runs.
    ///   - ended: called with a launch's number and its end.
    public func run(
        next: (_ running: [Int]) throws -> (number: Int, launch: Launch)?, ended: (Int, Ended) throws -> Void
    ) rethrows {
        var running: [Running] = []
        // What has begun is ended whatever goes wrong.
        func endAll() {
            for one in running { one.kill(.interrupted) }
            while !running.isEmpty {
                wait(for: running) { _, _ in }
                for one in running { enforce(one) }
                running.removeAll { one in
                    guard one.isDone else { return false }
                    _ = one.collect()
                    return true
                }
            }
        }
        do {
            while true {
                while running.count < jobs, Interrupt.signal == nil,
                    let (number, launch) = try next(running.map(\.index))
                {
                    do throws(StartFailure) {
                        running.append(try Running(launch, index: number))
                    } catch let failure {
                        try ended(number, Ended(reason: .notStarted(failure), duration: .zero))
                    }
                }
                if running.isEmpty { return }
                wait(for: running) { _, _ in }
                for one in running { enforce(one) }
                let done = running.filter(\.isDone)
                running.removeAll(where: \.isDone)
                for one in done { try ended(one.index, one.collect()) }
            }
        } catch {
            endAll()
            throw error
        }
    }
}
