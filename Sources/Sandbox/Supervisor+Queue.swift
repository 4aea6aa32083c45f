extension Supervisor {
    /// Runs launches that `next` chooses one at a time, beside those that are running.
    ///
    /// - Parameters:
    ///   - next: chooses the launch to begin now, with a number for it; nil: none for the moment. Called again after
    ///     each end, with the numbers of the running launches. The queue ends when this returns nil while nothing runs.
    ///     After an interrupt it should return only launches that clean up.
    ///   - ended: called with a launch's number and its end.
    ///   - onOutput: called with a launch's number and each chunk of its standard output.
    ///   - meanwhile: called once when the first launches have begun, for work that need not wait for them.
    /// - Throws: only what `next` and `ended` throw, after everything that runs was ended.
    public func run(
        next: (_ running: [Int]) throws -> (number: Int, launch: Launch)?, ended: (Int, Termination) throws -> Void,
        onOutput: (Int, UnsafeRawBufferPointer) -> Void = { _, _ in }, meanwhile: () -> Void = {}
    ) rethrows {
        var hadTime = false
        var running: [Running] = []
        // Ends everything that has begun, if a closure throws.
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
                while running.count < jobs, let (number, launch) = try next(running.map(\.index)) {
                    do throws(StartFailure) {
                        running.append(try Running(launch, index: number))
                    } catch let failure {
                        try ended(number, Termination(reason: .notStarted(failure), duration: .zero))
                    }
                }
                if !hadTime { meanwhile() }
                hadTime = true
                if running.isEmpty { return }
                wait(for: running, onOutput: onOutput)
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
