import Kernel

/// Where things stand in a vault's directory.
///
///     format                      "liuhen/vault/v1" LF; locked while the vault is open
///     objects/ab/<id>             sealed bytes, written once; ab = first two digits of the id
///     keys/ab/<id>                the object's key, wrapped, or the mark that it was destroyed
///     incoming/<id>/key           an object on its way in: its key,
///     incoming/<id>/data          its sealed bytes so far,
///     incoming/<id>/journal       and, for an upload, what of it is durable
///
/// Keys stand apart from objects so that a backup can keep objects for good and keys only in generations: a key that
/// was destroyed here is gone everywhere once the last generation that holds it is gone.
struct Layout: Sendable {
    let root: String

    static let format = "liuhen/vault/v1\n"

    var formatFile: String { root + "/format" }
    var incoming: String { root + "/incoming" }
    var objects: String { root + "/objects" }
    var keys: String { root + "/keys" }

    /// The 256 names `00` to `ff` of the folders in `objects` and `keys`; all are made when the vault is.
    static let folders: [String] = (0..<256).map { Hex.encode([UInt8($0)]) }

    func objectFolder(_ id: ObjectID) -> String { objects + "/" + Layout.folder(id) }
    func keyFolder(_ id: ObjectID) -> String { keys + "/" + Layout.folder(id) }
    func object(_ id: ObjectID) -> String { objectFolder(id) + "/\(id)" }
    func key(_ id: ObjectID) -> String { keyFolder(id) + "/\(id)" }
    func arrival(_ id: ObjectID) -> Arrival { Arrival(directory: incoming + "/\(id)") }

    private static func folder(_ id: ObjectID) -> String { Hex.encode(id.bytes.prefix(1)) }

    /// One object on its way in.
    struct Arrival: Sendable {
        let directory: String
        var key: String { directory + "/key" }
        var data: String { directory + "/data" }
        var journal: String { directory + "/journal" }
        /// A journal that is not valid yet; renamed when it is.
        var newJournal: String { directory + "/journal.new" }
    }
}
