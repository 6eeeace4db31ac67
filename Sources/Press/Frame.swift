/// A message between press and worker: four bytes of length, big endian, then that many bytes.
enum Frame {
    static let headerLength = 4

    static func header(for count: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(count).bigEndian, Array.init)
    }

    static func length(_ header: [UInt8]) -> Int {
        header.reduce(0) { $0 << 8 | Int($1) }
    }
}
