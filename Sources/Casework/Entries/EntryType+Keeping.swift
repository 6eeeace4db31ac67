import Kernel

extension EntryType {
    /// Types of 账本的保管 and of 待确认的设置: what was decided about the log itself, and what waits for a second person.
    static let keepingShapes: [EntryType: Shape] = [
        .lockAdopted: Shape(
            "用检查点继续账本", home: .bureau, plain: ["size": .number, "root": .id, "confirmedBy": .thread],
            fields: ["reason": .officer]),
        .settingsProposed: Shape(
            "拟定设置变更", home: .bureau, plain: [:],
            fields: ["settings": .officer, "before": .officer, "reason": .officer]),
        .calendarProposed: Shape(
            "拟定采用放假安排", home: .bureau, plain: ["year": .number, "digest": .id, "replaces": .id],
            fields: ["reason": .officer]),
        .personProposed: Shape(
            "拟更改人员登记", home: .bureau, plain: ["person": .thread],
            fields: ["change": .officer, "before": .officer, "reason": .officer]),
        .personConfirmed: Shape("确认更改人员登记", home: .bureau, plain: ["person": .thread], fields: [:]),
        .personDeclined: Shape(
            "不采用拟定的人员登记更改", home: .bureau, plain: ["person": .thread], fields: ["reason": .officer]),
        .mediumRetired: Shape("备份盘不再使用", home: .bureau, plain: ["medium": .id], fields: ["reason": .officer]),
        .settingsDeclined: Shape("不采用拟定的设置或者放假安排", home: .bureau, plain: [:], fields: ["reason": .officer]),
    ]
}
