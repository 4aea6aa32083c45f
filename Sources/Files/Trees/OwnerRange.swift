/// The ids of this machine that stand for 0 and the following in an unpacked image, as its user namespace will have them.
public struct OwnerRange: Sendable, Equatable {
    public var user, group, count: UInt32

    public init(user: UInt32, group: UInt32, count: UInt32) {
        self.user = user
        self.group = group
        self.count = count
    }
}
