import Kernel

extension EntryType {
    /// Types of 访问令牌: what a program may do in a person's name, and when that ended.
    static let tokenShapes: [EntryType: Shape] = [
        .tokenMade: Shape(
            "生成访问令牌", home: .person,
            plain: ["token": .id, "scopes": .words(TokenScope.allCases.map(\.rawValue)), "until": .number],
            fields: ["label": .officer]),
        .tokenRevoked: Shape("停用访问令牌", home: .person, plain: ["token": .id], fields: [:]),
    ]
}
