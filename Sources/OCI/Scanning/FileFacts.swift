public import ELF

/// What the contents of a regular file in an image show.
public enum FileFacts: Sendable, Equatable {
    case elf(ELFFacts)
    /// Begins like an ELF file, but the header cannot be read.
    case brokenELF(ELFError)
    /// Begins with `#!`.
    case script(ScriptFacts)
    /// Native code that Linux does not load, in a place from which Linux loads code.
    case foreignFormat(ForeignFormat)
    /// An archive that programs load code from.
    case codeArchive(CodeArchiveFacts)
    /// An executable file that should begin with `#!`, but begins with something that resembles it.
    case text(TextFacts)
    /// A static library: the targets of its objects, each with the name of the first object for it.
    case library([LibraryMember])
}

extension FileFacts {
    /// What an archive that programs load code from holds, also after a script.
    var archive: CodeArchiveFacts? {
        switch self {
        case .codeArchive(let facts): facts
        case .script(let facts): facts.archive
        case .elf, .brokenELF, .foreignFormat, .text, .library: nil
        }
    }

    /// What a string takes besides its bytes: its value, the allocation's header, and rounding.
    private static let stringOverhead = 80
    /// What the value itself takes in an array that grows by doubling.
    private static let ownBytes = 2 * MemoryLayout<FileFacts>.stride

    /// About how much memory the facts take, in bytes.
    var byteCount: Int { Self.ownBytes + textBytes }

    private var textBytes: Int {
        func size(_ texts: [String]) -> Int { texts.reduce(0) { $0 + $1.utf8.count + Self.stringOverhead } }
        switch self {
        case .elf(let facts):
            let loader = facts.loader.map { size($0.texts) } ?? 0
            guard let dynamic = facts.dynamic else { return loader }
            return loader + size(dynamic.needed) + size([dynamic.rpath, dynamic.runpath].compactMap(\.self))
                + size(dynamic.filtees.map(\.name)) + size(dynamic.versions ?? [])
                + dynamic.neededVersions.reduce(0) { $0 + size([$1.library]) + size($1.versions) }
        case .brokenELF, .text, .foreignFormat: return 0
        case .codeArchive(let facts): return size(facts.texts)
        case .script(let facts): return size([facts.interpreter, facts.argument ?? ""] + (facts.archive?.texts ?? []))
        case .library(let members): return size(members.map(\.name))
        }
    }
}

/// What is kept of an ELF file.
public struct ELFFacts: Sendable, Equatable {
    public var target: ELFTarget
    public var type: ELFType
    /// The program that the kernel starts in order to start this one: `PT_INTERP`.
    public var interpreter: String?
    /// What the file tells the dynamic linker. Nil for static programs, objects, and files whose dynamic section is
    /// malformed.
    public var dynamic: ELFDynamic?
    /// Why Linux does not run it as a program. Libraries and debugging files need not be programs.
    public var defect: ProgramDefect?
    /// The other system that it is for; nil for Linux.
    public var otherSystem: String?
    /// The smallest alignment of a loaded segment, in bytes.
    public var loadAlignment: UInt64?
    /// If the file may be an `env`: the C library that it was linked with, where its bytes tell it.
    var searchLibrary: ExecvpSearch.Library?
    /// If the file is a dynamic linker: where it looks for libraries.
    public var loader: LoaderFacts?

    public init(target: ELFTarget, type: ELFType, interpreter: String? = nil, dynamic: ELFDynamic? = nil) {
        self.target = target
        self.type = type
        self.interpreter = interpreter
        self.dynamic = dynamic
    }
}

/// The first line of a script, as Linux reads it.
public struct ScriptFacts: Sendable, Equatable {
    /// Why the kernel refuses the line: `ENOEXEC`.
    public enum Flaw: Sendable {
        /// Nothing but blanks follows `#!`.
        case noInterpreter
        /// The interpreter's path is longer than the part of the line that the kernel reads.
        case interpreterCut
    }

    /// The path after `#!`, with a carriage return if the line ends in one.
    public var interpreter: String
    /// The rest of the line, which the kernel passes on as one argument.
    public var argument: String?
    /// Nil if the kernel accepts the line.
    public var flaw: Flaw?
    /// The archive that follows the script, if programs load code from it.
    public var archive: CodeArchiveFacts?
    /// Whether the argument is longer than the part of the line that the kernel reads.
    public var isArgumentCut = false
}

/// The beginning of an executable file that is no program.
public enum TextFacts: Sendable {
    case empty
    /// A UTF-8 byte order mark before `#!`.
    case byteOrderMark
    /// UTF-16.
    case wideCharacters
    /// Blanks or empty lines before `#!`.
    case blankFirst
    /// `!/` in place of `#!`.
    case noHash
    /// What Git leaves in the place of a file that Git LFS keeps.
    case lfsPointer
    /// Compressed with gzip.
    case gzip
    /// A page of HTML: often an error that was downloaded.
    case html
}

/// One object of a library, or one library of an archive.
public struct LibraryMember: Sendable, Equatable {
    public var name: String
    public var target: ELFTarget
}
