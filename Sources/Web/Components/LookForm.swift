import Kernel

/// A button that opens evidence or an issued document to be looked at. It is a form and not a link, because each look
/// is recorded: a browser that fetches links ahead must not make one.
struct LookForm: Sendable, Hashable {
    var label: String
    var note = ""
    var action: String
    var token: String
    var object: ObjectID
    /// The document, where the object is one of its renditions.
    var document: DocumentID?
    /// The recording's thread, where the object is one.
    var recording: ThreadTag?

    static let objectField = "object"
    static let documentField = "document"
    static let recordingField = "recording"

    var html: HTML {
        """
        <form class="look" method="post" action="\(action)"><input type="hidden" name="\(ForgeryGuard.field)" value="\(token)"><input type="hidden" name="\(Self.objectField)" value="\(object)">\(document.map { "<input type=\"hidden\" name=\"\(Self.documentField)\" value=\"\($0)\">" as HTML })\(recording.map { "<input type=\"hidden\" name=\"\(Self.recordingField)\" value=\"\($0)\">" as HTML })<button class="file">\(label)\(note.isEmpty ? "" : "<i>\(note)</i>" as HTML)</button></form>
        """
    }
}
