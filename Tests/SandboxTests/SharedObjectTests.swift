import Glibc
import Testing

@testable import Sandbox

/// Objects named by a process stay as long as it lives, and no longer.
@Suite(.serialized) struct SharedObjectTests {
    private struct Objects {
        let memory: Int32
        let semaphores: Int32
        let messages: Int32
        let file: String

        init(of process: pid_t) throws {
            let key = SharedObjects.key | process
            memory = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0o600)
            semaphores = semget(key, 1, IPC_CREAT | IPC_EXCL | 0o600)
            messages = msgget(key, IPC_CREAT | IPC_EXCL | 0o600)
            file = "/dev/shm/assay.\(process)"
            try #require(memory >= 0 && semaphores >= 0 && messages >= 0)
            let descriptor = open(file, O_CREAT | O_EXCL | O_RDWR, 0o600)
            try #require(descriptor >= 0)
            close(descriptor)
        }
    }

    /// Which of them are there, by their keys.
    private static func present(of process: pid_t) -> [Bool] {
        let key = SharedObjects.key | process
        return [
            shmget(key, 0, 0) >= 0, semget(key, 0, 0) >= 0, msgget(key, 0) >= 0,
            access("/dev/shm/assay.\(process)", F_OK) == 0,
        ]
    }

    private static func sleeper() throws -> pid_t {
        var process: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("60"), nil]
        defer { for argument in arguments { free(argument) } }
        try #require(posix_spawnp(&process, "sleep", nil, nil, &arguments, environ) == 0)
        return process
    }

    @Test func thoseOfDeadProcessesAreRemovedAndNoOthers() throws {
        let process = try Self.sleeper()
        _ = try Objects(of: process)
        // What is not named so is not looked at, whoever made it.
        let other = shmget(IPC_PRIVATE, 4096, 0o600)
        defer { shmctl(other, IPC_RMID, nil) }

        SharedObjects.removeAbandoned()
        #expect(Self.present(of: process) == [true, true, true, true])

        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        SharedObjects.removeAbandoned()
        #expect(Self.present(of: process) == [false, false, false, false])
        var status = shmid_ds()
        #expect(shmctl(other, IPC_STAT, &status) == 0)
    }
}
