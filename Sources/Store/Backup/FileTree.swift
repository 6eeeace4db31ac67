import Foundation
import Glibc

/// Directories with all that is in them.
enum FileTree {
    /// Removes a directory and everything below it.
    static func remove(_ path: String) throws(SystemError) {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw SystemError(path: path, call: "remove", code: EIO)
        }
    }
}
