/// Libraries that are in no image because a container runtime puts those of the host's driver into each container.
///
/// Source: <https://github.com/NVIDIA/libnvidia-container/blob/main/src/nvc_info.c>,
/// <https://learn.microsoft.com/en-us/windows/wsl/tutorials/gpu-compute>
enum InjectedLibrary {
    private static let nvidia = "NVIDIA's container runtime"
    private static let wsl = "WSL's container runtime"

    /// Who brings a library along; nil for one that an image has to have.
    static func runtime(of name: String) -> String? {
        // `libcuda.so.1`, not `libcudart.so.12`, which images hold.
        let base = name.firstRange(of: ".so").map { name[..<$0.lowerBound] } ?? name[...]
        switch base {
        case "libcuda", "libcudadebugger", "libnvcuvid", "libnvoptix", "libnvidia-ml": return nvidia
        case "libdxcore", "libd3d12", "libd3d12core": return wsl
        default: return base.hasPrefix("libnvidia-") || base.hasSuffix("_nvidia") ? nvidia : nil
        }
    }
}
