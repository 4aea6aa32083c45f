/// One place in an artifact that contradicts the artifact's platform, its index or its digests.
///
/// The rules choose the finding, its severity and its remedy.
public struct ArtifactFault: Sendable, Equatable {
    /// The kind of contradiction.
    public enum Kind: Sendable, CaseIterable {
        case notOCI
        case platformMissing
        case platformMismatch
        case foreignBinary
        case digestMismatch
        case sizeMismatch
        case blobMissing
        case loaderMissing
        case entrypointMissing
        case variantInvalid
        /// A chain of scripts that runs natively but not under emulation.
        case scriptChain
        /// An argument in a script's first line that reaches the interpreter in another form than meant.
        case scriptArgument
        /// A program that kernels with larger pages do not load.
        case pageSize
        /// Bytes in another compression than their media type says. Engines accept them all the same.
        case compression
    }

    /// A closer reason, if cause or remedy depends on it.
    public enum Reason: Sendable, Hashable, CaseIterable {
        /// `diff_id` is the digest of the compressed bytes.
        case compressedDiffID
        /// The configuration has another number of `diff_ids` than there are layers.
        case diffIDCount
        /// The media type says plain tar, but the bytes are compressed.
        case compressedPlainLayer
        /// A compression that some engines cannot read.
        case unusualCompression
        /// A symbolic link in the place of a part of the artifact, to something that is not in it.
        case linkOutOfArtifact
        /// A layer compressed with zstd whose first frame is one to be skipped.
        case skippableFrameFirst
        /// More layers than engines mount over each other.
        case tooManyLayers
        /// A configuration with Docker's media type in a manifest with OCI's.
        case dockerConfig
        /// An index whose entries have no media type of an image.
        case mediaTypeUnknown

        // Of scripts.
        case carriageReturn, byteOrderMark, blankBeforeLine, noHash, wideCharacters, noInterpreterLine, emptyFile
        case interpreterNotNamed, interpreterCut, interpreterMissing, interpreterNotExecutable, interpreterNoFile
        case interpreterNotProgram, interpreterForeign, scriptLoop, scriptChainTooDeep, envCommandMissing, envArguments
        /// `env` is given no program, and starts the script again.
        case envLoop
        /// An option that this `env` does not know.
        case envOption
        /// What `env` is to start may not be executed.
        case envNotExecutable
        /// The kernel passes on only the beginning of the argument.
        case argumentCut
        /// Git LFS keeps the file, and its contents were not fetched.
        case lfsPointer
        /// A program that is still compressed.
        case gzipProgram
        /// A page of HTML in the place of a program.
        case webPage
        // Of programs.
        case foreignFormat, foreignInArchive
        case malformedProgram, programCutShort, entryOutside, notAProgram, otherSystem
        /// A directory of a layer above hides the link through which the loader is reached.
        case loaderHidden
        case loaderMissing, loaderNotExecutable, loaderNotProgram, libraryMissing
        /// The linker stops at a file of the library's name that it does not take.
        case libraryUnusable
        /// The library is in a directory of `ld.so.conf`, but `ld.so.cache` does not list it.
        case libraryNotInCache
        /// The library lacks a version that the file was linked against.
        case versionMissing
        /// The file names versions of a library that nothing loads.
        case versionUnloaded
        /// A container runtime adds the library to containers.
        case libraryInjected
        // Of entrypoints.
        case entrypointNotThere, entrypointNotInPath, entrypointNotExecutable, entrypointTrailingSlash
        case entrypointNoFile, entrypointEnvMissing, entrypointEmpty
        /// Its name is a link that leads nowhere.
        case entrypointLinkBroken
        /// The image's user may not execute it.
        case entrypointNotForUser
        /// The image's user may execute the script, but its interpreter may not read it.
        case entrypointUnreadable
        /// The image's user may not read a library that the program needs.
        case libraryNotForUser
        /// A library that is found by `LD_LIBRARY_PATH` or `$ORIGIN` only, for a program that changes its ids or has
        /// capabilities.
        case libraryNotTrusted
        /// An option that the `env` of the entrypoint does not know.
        case entrypointEnvOption
        /// Runtimes mount a file system of their own over it.
        case hiddenByMount
        /// A program with a capability that engines do not give.
        case capabilityNotGiven
        // Of the configuration.
        /// A user or group that the image does not have.
        case userUnknown
        /// A working directory that runtimes cannot make.
        case workingDirectory
        /// Something in the place of a directory or file that runtimes need.
        case mountPoint
        /// A volume at a place where none can be mounted.
        case volume
        /// A variable that is not `NAME=VALUE`.
        case variable
        /// A word or a variable that is longer than execve(2) takes, or all of them together.
        case argumentsTooLong
        /// A word of the command with a NUL in it.
        case wordWithNUL
        /// A program that `PATH` leads to by a relative directory.
        case entrypointRelative
    }

    /// The layer that a file comes from, and what made it.
    public struct Place: Sendable, Equatable {
        /// The layer's number, from 1, and the number of layers.
        public var number, count: Int
        /// The line of the history that made the layer; nil unless the image has one for each layer.
        public var instruction: String?

        public init(number: Int, count: Int, instruction: String? = nil) {
            self.number = number
            self.count = count
            self.instruction = instruction
        }
    }

    public var kind: Kind
    /// A closer reason; nil if the kind tells enough.
    public var reason: Reason?
    /// A path in the image (`/usr/bin/tool`), or the name of a document (`index.json`).
    public var path: String
    /// The digest of the layer or blob; nil if the fault concerns none.
    public var layer: String?
    /// The layer of the file at `path`; nil if unknown, or if the fault concerns no file.
    public var place: Place?
    /// The file that must be repaired, if it is not `path`: for example an interpreter that is itself a script.
    public var culprit: String?
    /// What the reason is about: an interpreter's path, or a library's name.
    public var subject: String?
    /// What the index, platform or specification promises.
    public var expected: String
    /// What was read.
    public var found: String

    /// Writes a carriage return as `\r`, and a NUL as `\0`: printed as it is, a carriage return would hide the text before
    /// it.
    public static func shown(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\r": shown += "\\r"
            case "\0": shown += "\\0"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// Stands for an empty name.
    public static let nameless = "(no name)"

    public init(
        kind: Kind, reason: Reason? = nil, path: String, layer: String? = nil, place: Place? = nil,
        culprit: String? = nil, subject: String? = nil, expected: String, found: String
    ) {
        self.place = place
        self.culprit = culprit
        self.subject = subject
        self.kind = kind
        self.reason = reason
        // A report must not begin with a colon, so an empty path gets a name.
        self.path = path.isEmpty ? Self.nameless : path
        self.layer = layer
        self.expected = expected
        self.found = found
    }
}
