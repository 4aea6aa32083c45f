import Binfmt

/// What has to be done to a registry, so that it is again as it was: its entries, their order and their state.
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
        // The oldest entries that are the same in both stay where they are. What was made since goes, newest first; then
        // what had been there comes back in its order, for a new entry always stands before the older ones.
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
