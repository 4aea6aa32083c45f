import Binfmt

/// The operations that bring a registry back to its earlier entries, order and state.
struct RegistryDifference {
    let operations: [HandlerOperation]

    init(before: Registry, after: Registry) {
        let directory = after.directory
        var operations: [HandlerOperation] = []
        if case .unavailable = before.state {
            if case .unavailable = after.state {} else { operations = [.unmount(directory)] }
            self.operations = operations
            return
        }
        // Keep the oldest entries that are the same in both. Remove later ones, newest first. Then register the earlier
        // entries again, oldest first, since a new entry always comes before older ones.
        let (old, new) = (Array(before.handlers.reversed()), Array(after.handlers.reversed()))
        let same = zip(old, new).prefix { Self.isSame($0, $1) }.count
        operations += new.dropFirst(same).reversed().map { .unregister($0.name, directory: directory) }
        for handler in old.dropFirst(same) where handler.rule != nil {
            operations.append(.register(handler, directory: directory))
            if !handler.enabled { operations.append(.setEnabled(handler.name, false, directory: directory)) }
        }
        for (was, now) in zip(old, new).prefix(same) where was.enabled != now.enabled {
            operations.append(.setEnabled(was.name, was.enabled, directory: directory))
        }
        if (before.state == .enabled) != (after.state == .enabled) {
            operations.append(.setEnabled("status", before.state == .enabled, directory: directory))
        }
        self.operations = operations
    }

    private static func isSame(_ left: Handler, _ right: Handler) -> Bool {
        left.name == right.name && left.isEquivalent(to: right) && left.flags == right.flags
    }
}
