import Kernel

extension EntryType {
    /// Types of 账本的保管: what was decided about the log itself.
    static let keepingShapes: [EntryType: Shape] = [
        .lockAdopted: Shape(
            "用检查点继续账本", home: .bureau, plain: ["size": .number, "root": .id, "confirmedBy": .thread],
            fields: ["reason": .officer])
    ]
}
