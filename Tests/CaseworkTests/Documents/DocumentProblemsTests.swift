import Casework
import Kernel
import Testing

@Suite("Checking a form against its document kind")
struct DocumentProblemsTests {
    static let options = [
        FieldType.Option(word: "yes", label: "是"), FieldType.Option(word: "no", label: "否"),
    ]

    /// A kind with a field of every type.
    static let kind = DocumentKind(
        name: "sample", title: "示例", row: 1, stage: .investigation, category: .evidence,
        fields: [
            FieldDefinition(name: "line", label: "一行", type: .text, required: .always),
            FieldDefinition(name: "text", label: "段落", type: .longText),
            FieldDefinition(name: "day", label: "日期", type: .day),
            FieldDefinition(name: "instant", label: "时间", type: .instant),
            FieldDefinition(name: "number", label: "件数", type: .integer(1...9)),
            FieldDefinition(name: "money", label: "金额", type: .money),
            FieldDefinition(name: "choice", label: "是否", type: .choice(options)),
            FieldDefinition(name: "choices", label: "选项", type: .choices(options)),
            FieldDefinition(name: "list", label: "清单", type: .list),
            FieldDefinition(name: "persons", label: "人员", type: .persons),
            FieldDefinition(
                name: "table", label: "表格",
                type: .table([
                    FieldType.Column(name: "a", label: "甲", required: true),
                    FieldType.Column(name: "b", label: "乙", required: false),
                ])),
            FieldDefinition(
                name: "because", label: "理由", type: .longText,
                required: .when([FormCondition(field: "choice", test: .isOne(of: ["yes"]))])),
        ])

    static func problems(_ member: String, _ value: JSON) -> [FieldProblem] {
        kind.problems(in: .object([JSON.Member(member, value), JSON.Member("line", "一")].uniqued))
    }

    @Test("a sound value of every type passes")
    func sound() {
        let data: JSON = [
            "line": "一行", "text": "一\n二", "day": "2026-02-28", "instant": "2026-11-20T09:05:00+08:00", "number": 9,
            "money": 500_000, "choice": "no", "choices": ["yes", "no"], "list": ["甲", "乙"],
            "persons": [["name": "张三", "certificate": "冀A1", "person": "00000000000000000000000000000001"]],
            "table": [["a": "一", "b": "二"], ["a": "三"]],
        ]
        #expect(Self.kind.problems(in: data) == [])
    }

    static let mistakes: [(String, JSON, FieldProblem.Code, String)] = [
        ("line", 7, .type, "一行应是文字。"), ("line", "一\n二", .characters, "一行不能换行，也不能含有制表符；请写在一行里，用空格隔开。"),
        ("line", "a\u{202E}b", .characters, "一行含有看不见的字符（U+202E），多半是复制时带进来的；请清空这一项，重新输入。"),
        ("line", "a\u{200B}b", .characters, "一行含有看不见的字符（U+200B），多半是复制时带进来的；请清空这一项，重新输入。"),
        ("line", "\u{301}王", .characters, "一行里有一个附加符号（U+0301）前面没有字，会印到别的字上；请删去它，或者补上它前面的字。"),
        (
            "text", .string("王\n丙" + String(repeating: "\u{336}", count: 40)), .characters,
            "段落的一个字上叠了40个附加符号，最多4个，再多会印到上下两行；请删去多余的。"
        ),
        ("line", .string(String(repeating: "字", count: 201)), .bounds, "一行最多200字，现有201字。"),
        ("text", .string(String(repeating: "字", count: 20_001)), .bounds, "段落最多20000字，现有20001字。"),
        ("text", "a\u{7}b", .characters, "段落含有看不见的字符（U+0007），多半是复制时带进来的；请清空这一项，重新输入。"),
        ("text", ["一"], .type, "段落应是文字。"),
        ("day", "2026-02-29", .type, "日期应是日期，如 2026-11-20。"), ("day", 20_260_228, .type, "日期应是日期，如 2026-11-20。"),
        ("instant", "2026-11-20", .type, "时间应是日期和时间，如 2026-11-20 09:05。"),
        ("number", 10, .bounds, "件数应在1到9之间。"), ("number", "9", .type, "件数应是整数。"),
        ("money", -1, .bounds, "金额应在0到100000000000000之间（分）。"), ("choice", "maybe", .type, "是否应从所列选项中选择。"),
        ("choice", ["no"], .type, "是否应从所列选项中选择。"), ("choices", ["yes", "maybe"], .type, "选项应从所列选项中选择。"),
        ("choices", ["yes", "yes"], .bounds, "选项重复选择了同一项。"), ("choices", "yes", .type, "选项应从所列选项中选择。"),
        ("list", "甲", .type, "清单应是列表。"),
        ("list", .array(Array(repeating: "甲", count: 101)), .bounds, "清单最多100项，现有101项。"),
        ("stranger", "x", .unknown, "《示例》没有“stranger”这一栏。"),
    ]

    @Test("what is wrong is said in Chinese, with what would be right", arguments: mistakes)
    func wrong(member: String, value: JSON, code: FieldProblem.Code, message: String) {
        let problems = Self.problems(member, value)
        #expect(problems.map(\.field) == [member])
        #expect(problems.map(\.code) == [code])
        #expect(problems.map(\.message) == [message])
    }

    @Test("a place within a list or table is named")
    func places() {
        #expect(Self.problems("list", ["甲", "乙\n丙"]).map(\.field) == ["list[1]"])
        let persons: JSON = [["name": "张三", "certificate": "1"], ["name": " ", "certificate": "2", "rank": "3"]]
        #expect(Self.problems("persons", persons).map(\.field) == ["persons[1].rank", "persons[1].name"])
        #expect(Self.problems("persons", persons).last?.message == "请填写人员的姓名。")
        #expect(Self.problems("table", [["b": "x"], "row"]).map(\.field) == ["table[0].a", "table[1]"])
    }

    @Test("what must be filled is asked, also under a condition; blanks and full-width blanks do not fill")
    func required() {
        #expect(Self.kind.problems(in: [:]).map(\.message) == ["请填写一行。"])
        #expect(Self.kind.problems(in: ["line": " \u{3000}\n"]).map(\.code) == [.missing])
        #expect(Self.kind.problems(in: ["line": "一", "choice": "yes"]).map(\.message) == ["请填写理由。"])
        #expect(Self.kind.problems(in: ["line": "一", "choice": "no"]) == [])
        #expect(Self.kind.problems(in: ["line": "一", "choice": "yes", "because": "因为"]) == [])
    }

    @Test("an unfinished draft passes as long as what is there is sound")
    func draft() {
        #expect(Self.kind.problems(in: [:], complete: false) == [])
        #expect(Self.kind.problems(in: ["day": "x"], complete: false).map(\.code) == [.type])
        #expect(Self.kind.problems(in: "text", complete: false).map(\.code) == [.type])
    }

    @Test("a number is printed by its pattern")
    func numbering() {
        let numbering = Numbering(pattern: "{mark}罚决〔{year}〕{number}号")
        #expect(numbering.text(mark: "赵统", year: 2026, number: 7) == "赵统罚决〔2026〕7号")
        #expect(Numbering(pattern: "{other}{").text(mark: "", year: 1, number: 1) == "{other}{")
    }

    @Test("a repeated slot is found by each of its places, and by no other name")
    func slots() throws {
        let record = try #require(Loaded.library.kind("site-inspection-record"))
        #expect(record.slot("officer2")?.label == "检查人员")
        #expect(record.slot("officer0") == nil)
        #expect(record.slot("officerx") == nil)
        #expect(record.slot("party1") == nil)
    }

    @Test("a condition on several chosen words holds if one of them is among it")
    func conditionOnChoices() {
        let isOther = FormCondition(field: "choices", test: .isOne(of: ["other"]))
        let isNotOther = FormCondition(field: "choices", test: .isNone(of: ["other"]))
        for (data, expected): (JSON, Bool) in [
            (["choices": ["yes", "other"]], true), (["choices": ["yes"]], false), (["choices": []], false),
            (["choices": "other"], true), ([:], false),
        ] {
            #expect(isOther.holds(in: data) == expected)
            #expect(isNotOther.holds(in: data) == !expected)
        }
    }
}

extension [JSON.Member] {
    /// Members with the first of each key only.
    fileprivate var uniqued: [JSON.Member] {
        reduce(into: []) { result, member in
            if !result.contains(where: { $0.key == member.key }) { result.append(member) }
        }
    }
}
