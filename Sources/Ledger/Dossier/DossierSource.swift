/// Where a dossier is read from: a directory, a ZIP archive, memory in tests. Nothing that it gives is trusted.
public protocol DossierSource {
    /// Every file, relative to the bag's top, once for each time it is there.
    func paths() throws(DossierUnreadable) -> [BagPath]

    /// How long a file is, without reading it.
    func size(_ path: BagPath) throws(DossierUnreadable) -> Int

    /// The bytes of a small file.
    ///
    /// - Throws: if the file is not there, cannot be read, or is longer than `limit`.
    func read(_ path: BagPath, limit: Int) throws(DossierUnreadable) -> [UInt8]

    /// Gives the bytes of a file of any size in pieces.
    ///
    /// - Returns: what the container's own checksum has against them, in Chinese; nil if nothing.
    func stream(_ path: BagPath, _ body: (UnsafeRawBufferPointer) -> Void) throws(DossierUnreadable)
        -> String?

    /// What is wrong with the container itself although the files can be read, in Chinese; nil if nothing is.
    var containerFault: String? { get }
}

/// Why a dossier cannot be read at all: exit code 2, not a verdict.
public struct DossierUnreadable: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of obstacle.
    public enum Code: String, Sendable {
        /// Nothing is there, or the system refuses.
        case system
        /// The file is no ZIP archive, or is damaged so that its list of files cannot be read.
        case archive
        /// The archive uses something that this program does not read (compression, encryption, several volumes).
        case unsupported
        /// A name that no dossier has: absolute, with `..`, a link, a device.
        case name
        /// A file is longer than one of its name can be.
        case tooLarge
        /// There is neither `bagit.txt` nor `data/dossier.json`.
        case noBag
    }

    /// What kind of obstacle.
    public let code: Code
    /// What it is about: a path, a number, the system's own words.
    public let subject: String

    /// An obstacle.
    public init(_ code: Code, _ subject: String) {
        self.code = code
        self.subject = subject
    }

    /// Equal when the code is.
    public static func == (left: DossierUnreadable, right: DossierUnreadable) -> Bool {
        left.code == right.code
    }

    public var description: String { "cannot be read (\(code.rawValue)): \(subject)" }

    /// For the reader.
    public var chinese: String {
        switch code {
        case .system: "读不了：\(subject)。请核对路径和访问权限。"
        case .archive: "不是完整的 ZIP 文件：\(subject)。请重新复制一份再校验。"
        case .unsupported: "ZIP 文件用了本程序不读的方式：\(subject)。请先解压，再校验解压出来的文件夹。"
        case .name: "含有案卷不允许的文件名或链接：\(subject)。"
        case .tooLarge: "文件超出了案卷里这种文件的大小上限，没有读：\(subject)。"
        case .noBag: "这里没有案卷：\(subject) 中既没有 bagit.txt，也没有 data/dossier.json。"
        }
    }
}
