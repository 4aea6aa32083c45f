import Sandbox
import SystemPackage
import Testing

extension Machine {
    /// An OCI archive of one layer.
    ///
    /// - Parameters:
    ///   - architecture: what index and configuration say.
    ///   - execution: the configuration's `config`, as JSON.
    ///   - files: shell lines that fill the current directory, the image's root; `$core` is the core image's root, and
    ///     `take PROGRAM` copies a program of this host's with its libraries.
    func imageArchive(_ architecture: String = "arm64", execution: String, files: String) throws -> FilePath {
        let archive = scratch.appending("image.tar")
        let built = run(
            """
            set -e
            core='\(try coreTree())'
            take() {
                for file in "$1" $(ldd "$1" | grep -o '/[^ ]*'); do
                    mkdir -p ".${file%/*}" && cp -L "$file" ".$file"
                done
            }
            work='\(scratch)/layout'
            rm -rf "$work" && mkdir -p "$work/root" "$work/blobs/sha256" && cd "$work/root"
            \(files)
            cd "$work" && tar -cf layer -C root . && rm -rf root
            blob() { # FILE TYPE: moves it into its place, prints a descriptor
                digest=$(sha256sum <"$1" | cut -c-64)
                printf '{"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%d%s}' \\
                    "$2" "$digest" "$(stat -c %s "$1")" "$3"
                mv "$1" "blobs/sha256/$digest"
            }
            diff=$(sha256sum <layer | cut -c-64)
            layer=$(blob layer layer.v1.tar)
            printf '{"architecture":"\(architecture)","os":"linux","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \\
                '\(execution)' "$diff" >config
            config=$(blob config config.v1+json)
            printf '{"schemaVersion":2,"config":%s,"layers":[%s]}' "$config" "$layer" >manifest
            platform=',"platform":{"os":"linux","architecture":"\(architecture)"}'
            printf '{"schemaVersion":2,"manifests":[%s]}' "$(blob manifest manifest.v1+json "$platform")" >index.json
            echo '{"imageLayoutVersion":"1.0.0"}' >oci-layout
            tar -cf '\(archive)' . && rm -rf "$work" && chmod a+r '\(archive)'
            """)
        try #require(built.status == 0, "\(built)")
        return archive
    }

    /// The core image, whose entrypoint runs one probe.
    func coreArchive(probe: String = "exec.static", user: String = "") throws -> FilePath {
        try imageArchive(
            execution: """
                {"User":"\(user)","Entrypoint":["/bin/assay-probe"],"Cmd":["--nonce","0123abcd","\(probe)"]}
                """,
            files: #"cp -a "$core/." ."#)
    }
}
