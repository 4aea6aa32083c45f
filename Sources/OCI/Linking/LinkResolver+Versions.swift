import ELF

/// The versions of a loaded library that it does not have.
struct MissingVersions: Equatable {
    /// The versions' names; empty if nothing loads the library at all.
    var names: [String]
    /// The library's file; nil if nothing loads it.
    var library: Int?
    /// The latest version that the library has in place of the missing ones.
    var latest: String?
}

/// Source: `_dl_check_map_versions` of glibc's `elf/dl-version.c`. musl compares no versions.
extension LinkResolver {
    /// The versions that loaded files need and their libraries lack. glibc's linker ends the program for each of them.
    func missingVersions(_ run: LinkRun) -> [Missing] {
        run.queue.flatMap { needer in
            needer.dynamic.neededVersions.compactMap { need in
                guard let library = run.file(need.library) else {
                    return Missing(name: need.library, needer: needer.node, versions: MissingVersions(names: []))
                }
                // A library without any versions takes all.
                guard tree.work.spend(), let versions = facts(library).versions else { return nil }
                let names = need.versions.filter { !versions.contains($0) }
                guard let first = names.first else { return nil }
                return Missing(
                    name: need.library, needer: needer.node,
                    versions: MissingVersions(
                        names: Self.sorted(names), library: library,
                        latest: Self.sorted(versions.filter { Self.family($0) == Self.family(first) }).last))
            }
        }
    }

    /// What stands before the number of a version: `GLIBC` of `GLIBC_2.38`.
    private static func family(_ version: String) -> Substring {
        version[..<(version.lastIndex(of: "_") ?? version.startIndex)]
    }

    private static func sorted(_ versions: [String]) -> [String] {
        versions.sorted { LibraryCache.compare(Array($0.utf8), Array($1.utf8)[...]) < 0 }
    }
}
