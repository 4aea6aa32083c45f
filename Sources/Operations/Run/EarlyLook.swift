import Archive
import Evidence
import Glibc
public import Guest
import Host
import Probes
import Processes
import Synchronization
public import SystemPackage

/// What nearly every command that starts probes needs, looked at on a thread of its own while the command line is read, which
/// takes as long: whether the cache has a guest's core image as it should be, and this process's limits.
///
/// Each answer is good once, since either may change. What is wrong with the cache is found again, and named, where the image
/// is asked for.
public final class EarlyLook: Sendable {
    private struct State {
        var thread: BackgroundThread?
        var cache: FilePath?
        var isWhole = false
        var limits: LimitEvidence?
        var processorTime = Duration.zero
    }

    /// The look of this process.
    public static let shared = EarlyLook()

    private let state = Mutex(State())

    /// Starts it. Nothing is looked at early without a thread, or where address space is limited, of which a thread takes
    /// much.
    ///
    /// - Parameters:
    ///   - guest: whose core image is looked at.
    ///   - cache: the directory for unpacked images.
    public func begin(for guest: Guest, in cache: FilePath?) {
        for resource in [RLIMIT_AS, RLIMIT_DATA] {
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0, limit.rlim_cur == .max else { return }
        }
        let thread = try? BackgroundThread { [self] in
            let core = Image.core(for: guest)
            let isWhole = cache.map { core.isUnpacked(in: UnpackedCache(directory: $0), limits: ArchiveLimits()) }
            let limits = LimitInspection.read()
            state.withLock { state in
                state.isWhole = isWhole ?? false
                state.limits = limits
                state.processorTime = Calibration.now(CLOCK_THREAD_CPUTIME_ID) ?? .zero
            }
        }
        state.withLock { ($0.thread, $0.cache) = (thread, cache) }
    }

    /// Whether it found the image's tree whole in this cache, within these limits.
    func found(_ image: Image, in cache: FilePath, limits: ArchiveLimits) -> Bool {
        guard image.name == Image.coreName, case .embedded = image.source, limits == ArchiveLimits() else {
            return false
        }
        end()
        return state.withLock { state in
            guard state.cache == cache else { return false }
            defer { state.isWhole = false }
            return state.isWhole
        }
    }

    /// The limits as it found them; nil if it did not look, or if they were asked for before.
    func limits() -> LimitEvidence? {
        end()
        return state.withLock { $0.limits.take() }
    }

    /// The processor time that it took.
    var processorTime: Duration {
        end()
        return state.withLock { $0.processorTime }
    }

    /// Waits for its end.
    func end() {
        state.withLock { $0.thread.take() }?.join()
    }
}
