import Glibc
import Kernel

/// A call of the system that failed.
struct SystemError: Error, Hashable, CustomStringConvertible {
    /// The file concerned.
    let path: String
    /// The call.
    let call: String
    /// `errno`.
    let code: Int32

    /// The error that `call` has just left in `errno`.
    init(path: String, call: String, code: Int32 = errno) {
        self.path = path
        self.call = call
        self.code = code
    }

    /// The same for whoever runs the server.
    var chinese: String { "\(path)：\(SystemWords.chinese(code))" }

    var description: String { "\(call) \(path): \(String(cString: strerror(code)))" }
}
