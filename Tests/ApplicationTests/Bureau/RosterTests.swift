import Application
import Casework
import Kernel
import Testing

@Suite("Rosters")
struct RosterTests {
    private static let head = "姓名,科室,证件名称,证件号码,有效期至,职责,登录名"

    private func roster(_ text: String, known: [PersonRow] = []) -> Roster {
        Roster(text, known: known, thread: { ThreadTag(high: 9, low: UInt64($0)) })
    }

    @Test("the template reads back as the persons it shows")
    func template() throws {
        let roster = roster(Roster.template)
        #expect(roster.problems.isEmpty)
        #expect(roster.persons.map(\.name) == ["示例甲", "示例乙"])
        #expect(roster.persons.map(\.roles) == [[.officer], [.legalReviewer, .unitHead]])
        #expect(roster.persons[0].certificateUntil == CivilDay("2029-12-31"))
        #expect(Set(roster.persons.map(\.thread)).count == 2)
    }

    @Test("quotes, tabs, empty lines, any line end and any order of columns are read alike")
    func shapes() {
        let plain = roster("\(Self.head)\n甲,检查科,证,A1,2030-01-05,执法人员,jia\n")
        let shapes = [
            "\(Self.head)\r\n甲,检查科,证,A1,2030/1/5,执法人员,jia\r\n", "\(Self.head)\r甲,检查科,证,A1,2030.01.05,执法人员,jia",
            "\(Self.head)\n\n\"甲\",\"检查科\",证,\"A1\",2030年1月5日,\"执法人员\",jia\n,,,,,,\n",
            "\(Self.head.split(separator: ",").joined(separator: "\t"))\n甲\t检查科\t证\tA1\t2030-01-05\tofficer\tjia",
            "登录名,职责,姓名,科室,证件名称,有效期至,证件号码\njia,执法人员,甲,检查科,证,2030-01-05,A1",
        ]
        #expect(plain.persons.count == 1)
        for shape in shapes {
            let read = roster(shape)
            #expect(read.persons == plain.persons, "\(shape): \(read.problems)")
        }
        let quoted = roster("\(Self.head)\n\"甲\"\"乙\",\"检查,科\",,,,管理\n")
        #expect(quoted.problems.map(\.text).contains { $0.contains("没有“管理”这项职责") })
    }

    @Test("each wrong place is told by line and column, and nobody is registered beside it")
    func problems() {
        let known = [PersonRow(thread: ThreadTag(high: 1, low: 1), name: "旧", certificateNumber: "A9", account: "old")]
        let rows: [(row: String, column: String, says: String)] = [
            (",科,,,,承办机构负责人,", "姓名", "请填写姓名"), ("甲,科,,,,,", "职责", "请填写职责"),
            ("甲,科,,,,皇帝,", "职责", "没有“皇帝”这项职责"), ("甲,科,,,,执法人员,", "证件号码", "应当有执法证件号码"),
            ("甲,科,证,1.30E+17,2030-01-01,执法人员,", "证件号码", "科学计数"), ("甲,科,证,A1,明年,执法人员,", "有效期至", "不是日期"),
            ("甲,科,证,A1,2030-02-30,执法人员,", "有效期至", "不是日期"), ("甲,科,证,A9,2030-01-01,执法人员,", "证件号码", "登记在别人名下"),
            ("甲,科,,,,承办机构负责人,old", "登录名", "已有人使用"), ("甲,科,,,,承办机构负责人,Jia", "登录名", "小写字母"),
            ("甲,科,,,,承办机构负责人,jia,多", "", "这一行有 8 格"),
            ("\(String(repeating: "长", count: 61)),科,,,,承办机构负责人,", "姓名", "最多 60 个字"),
        ]
        for (row, column, says) in rows {
            let roster = roster("\(Self.head)\n乙,科,证,B1,2030-01-01,执法人员,yi\n\(row)\n", known: known)
            #expect(roster.problems.count == 1, "\(row): \(roster.problems)")
            #expect(roster.problems.first?.line == 3, "\(row)")
            #expect(roster.problems.first?.column == column, "\(row): \(roster.problems)")
            #expect(roster.problems.first?.text.contains(says) == true, "\(row): \(roster.problems)")
            #expect(roster.persons.map(\.name).first == "乙")
        }
    }

    @Test("the same certificate or sign-in name twice in a file is told with the line that has it first")
    func duplicates() {
        let roster = roster(
            "\(Self.head)\n甲,科,证,A1,2030-01-01,执法人员,jia\n乙,科,证,A1,2030-01-01,执法人员,jia\n")
        #expect(
            roster.problems == [
                .init(line: 3, column: "证件号码", text: "这个号码与第 2 行重复。"),
                .init(line: 3, column: "登录名", text: "这个登录名与第 2 行重复。"),
            ])
    }

    @Test("a file that is no roster says what to do")
    func files() {
        let rows: [(String, String)] = [
            ("", "表头"), ("随便什么\n", "没有这一列"), ("\(Self.head)\n", "表头下面没有人员"), ("\(Self.head)\n\"甲\n", "引号没有结束"),
            ("\(Self.head)\n\"甲\"乙,,,,,,\n", "引号后面"), ("\(Self.head),姓名\n甲", "出现了两次"), ("科室,职责\n科,执法人员\n", "“姓名”这一列"),
            ("\(Self.head)\n" + String(repeating: "甲,科,,,,承办机构负责人,\n", count: 201), "一次最多导入 200 人"),
        ]
        for (text, says) in rows {
            let roster = roster(text)
            #expect(roster.persons.isEmpty, "\(text.prefix(40))")
            #expect(roster.problems.contains { $0.text.contains(says) }, "\(text.prefix(40)): \(roster.problems)")
        }
    }

    @Test("no cut of a file, and no byte of it changed to any of the separators, crashes or invents a person")
    func mutations() {
        let whole = Array(Roster.template.utf8)
        let known: Set<String> = ["示例甲", "示例乙"]
        for end in 0...whole.count {
            let roster = roster(String(decoding: whole[..<end], as: UTF8.self))
            #expect(roster.persons.allSatisfy { known.contains($0.name) })
        }
        for index in whole.indices {
            for byte in Array("\",\r\n\t".utf8) {
                var bytes = whole
                bytes[index] = byte
                #expect(roster(String(decoding: bytes, as: UTF8.self)).persons.count <= 2)
            }
        }
    }
}
