import Builders
public import Findings
public import Probes
public import Sandbox
import SystemPackage

/// `assay accept`: the host, every probe of an image in every venue, and the builders.
public struct Acceptance: Sendable {
    /// Which builders to try.
    public enum Builders: Sendable, Equatable {
        case none
        /// Those that are installed; where there is none, that is a skipped check.
        case installed
        /// As `installed`, but where there is none the question stays open.
        case any
        case named([String])
    }

    public var image: Image
    public var venues: [Venue]
    public var builders: Builders
    /// Every probe in every venue. Else the essential ones run in every venue and the others in the last one: what the
    /// emulated processor computes does not depend on how a program was started.
    public var thorough: Bool
    public var settings: Settings

    /// One or two of each group: what could differ from venue to venue, and what every build needs.
    static let essential: Set<String> = [
        "exec.static", "exec.argv0", "exec.chain", "exec.script", "uname.machine", "memory.page-size", "memory.mmap",
        "signal.segv-address", "process.fork-wait", "thread.create-join", "fp.rounding", "file.stat-layout",
    ]

    public init(
        image: Image = .core, venues: [Venue] = Venue.allCases, builders: Builders = .installed, thorough: Bool = false,
        settings: Settings
    ) {
        self.thorough = thorough
        self.image = image
        self.venues = venues
        self.builders = builders
        self.settings = settings
    }

    /// - Throws: `ArchiveError` for the image, `UnknownName` for a builder.
    public func judge(in workspace: Workspace, progress: any ProgressListener) throws -> Evidence {
        let drivers = try drivers()
        // Whoever names probes wants them wherever they were asked for.
        let everywhere = thorough || !settings.selection.filters.isEmpty ? nil : Self.essential
        var evidence = try ProbeSession(image: image, venues: venues, everywhere: everywhere, settings: settings)
            .run(in: workspace, identify: true, progress: progress)
        for driver in drivers where settings.selection.includes("build.run", venue: driver.name) {
            if settings.failFast && Diagnosis(evidence).verdict == .unfit { break }
            progress.began(driver.name, probes: 0)
            evidence.builders += BuilderTrial(driver: driver, required: isNamed)
                .run(in: workspace.scratch.appending(driver.name))
        }
        if builders == .any && !evidence.builders.contains(where: \.wasTried) {
            for index in evidence.builders.indices { evidence.builders[index].required = true }
        }
        return evidence
    }

    private var isNamed: Bool {
        if case .named = builders { true } else { false }
    }

    private func drivers() throws -> [any BuilderDriver] {
        switch builders {
        case .none: return []
        case .installed, .any:
            let installed = BuilderCatalogue.all.filter { $0.isInstalled }
            return installed.isEmpty ? Array(BuilderCatalogue.all.prefix(1)) : installed
        case .named(let names):
            return try names.map { name in
                guard let driver = BuilderCatalogue.driver(name) else {
                    throw UnknownName(kind: "builder", name: name, known: BuilderCatalogue.all.map(\.name))
                }
                return driver
            }
        }
    }
}
