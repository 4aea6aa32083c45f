import Glibc

/// Names in places of the host that other tests use at the same time, and clear again.
struct SharedPlaces {
    let machine: Machine
    /// Prints the names, a line each.
    let list: String
    private let before: Set<Substring>

    init(_ list: String, _ machine: Machine) {
        self.machine = machine
        self.list = list
        before = Self.names(list, machine)
    }

    /// What has come and stays: names are looked at again for half a minute.
    var additions: [Substring] {
        let begun = ContinuousClock.now
        var added: Set<Substring>
        repeat {
            added = Self.names(list, machine).subtracting(before)
            if added.isEmpty { return [] }
            usleep(200_000)
        } while begun.duration(to: .now) < .seconds(30)
        return added.sorted()
    }

    /// What has gone.
    ///
    /// - Parameter places: directories in which nobody clears anything.
    func losses(in places: [String]) -> [Substring] {
        before.subtracting(Self.names(list, machine)).filter { name in places.contains { name.hasPrefix($0) } }.sorted()
    }

    private static func names(_ list: String, _ machine: Machine) -> Set<Substring> {
        Set(machine.run(list).output.split(separator: "\n"))
    }
}
