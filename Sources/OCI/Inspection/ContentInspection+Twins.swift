import ELF

/// Libraries for another platform that have a counterpart for the image's own: programs choose among them.
extension ContentInspection {
    /// Whether a library for the platform is beside one for macOS.
    func hasLinuxTwin(_ node: Int) -> Bool {
        let stem = tree.name(node).prefix { $0 != UInt8(ascii: ".") }
        return tree.children(of: tree.nodes[node].parent).contains { other in
            let name = tree.name(other)
            guard name.prefix(while: { $0 != UInt8(ascii: ".") }).elementsEqual(stem), NativePlaces.isSharedObject(name)
            else { return false }
            guard case .elf(let facts)? = tree.resolve(name, in: tree.nodes[node].parent).flatMap(tree.facts) else {
                return false
            }
            return facts.target == target
        }
    }

    /// Whether a library is one of several, for a platform each, in places that differ in the platform's name alone:
    /// `prebuilds/linux-x64/x.node` and `prebuilds/linux-arm64/x.node`. Programs choose among these.
    func hasPlatformTwin(_ node: Int) -> Bool {
        var current = node
        var below = ""
        while current != ImageTree.root {
            let name = String(decoding: tree.name(current), as: UTF8.self)
            let parent = tree.nodes[current].parent
            if NativePlaces.namesPlatform(name) {
                let kept = NativePlaces.withoutMachine(name)
                let others = tree.children(of: parent)
                guard tree.work.spend(others.count) else { return false }
                for other in others where other != current {
                    guard NativePlaces.withoutMachine(String(decoding: tree.name(other), as: UTF8.self)) == kept,
                        let twin = tree.resolve(below, in: other), case .elf(let facts) = tree.facts(twin)
                    else { continue }
                    if facts.target == target { return true }
                }
            }
            below = below.isEmpty ? name : "\(name)/\(below)"
            current = parent
        }
        return false
    }

    /// Whether another archive in the same directory has the library for the platform: `…-linux-x86_64.jar`,
    /// `…-linux-aarch_64.jar`.
    func hasTwinForTarget(_ node: Int, _ library: String) -> Bool {
        let name = NativePlaces.withoutMachine(library)
        return tree.children(of: tree.nodes[node].parent).contains { other in
            guard other != node, let archive = tree.facts(other)?.archive else { return false }
            return archive.members.contains { $0.target == target && NativePlaces.withoutMachine($0.name) == name }
        }
    }
}
