/// Libraries that no image has: a container runtime adds those of the host's driver to each container.
///
/// Source: <https://github.com/NVIDIA/libnvidia-container/blob/main/src/nvc_info.c>,
/// <https://learn.microsoft.com/en-us/windows/wsl/tutorials/gpu-compute>
enum InjectedLibrary {
    private static let nvidia = "NVIDIA's container runtime"
    private static let wsl = "WSL's container runtime"

    /// The runtime that adds a library; nil if the image must have it.
    static func runtime(of name: String) -> String? {
        // For `libcuda.so.1`, but not for `libcudart.so.12`, which images have.
        let base = name.firstRange(of: ".so").map { name[..<$0.lowerBound] } ?? name[...]
        switch base {
        case "libcuda", "libcudadebugger", "libnvcuvid", "libnvoptix", "libnvidia-ml": return nvidia
        case "libdxcore", "libd3d12", "libd3d12core": return wsl
        default: return base.hasPrefix("libnvidia-") || base.hasSuffix("_nvidia") ? nvidia : nil
        }
    }
}
