import Casework
import Testing

@Suite("Settings of a bureau in words")
struct SettingTextTests {
    @Test(
        "a sum that is kept in fen is told in yuan, any other number as it is",
        arguments: [
            ("应当告知听证的罚款（分）", 5_000_000, "应当告知听证的罚款", "50000元", "0.01元到50000元"),
            ("应当告知听证的罚款（分）", 150, "应当告知听证的罚款", "1.50元", "0.01元到50000元"),
            ("应当告知听证的罚款（分）", 5, "应当告知听证的罚款", "0.05元", "0.01元到50000元"),
            ("及时公开的提醒（工作日）", 5, "及时公开的提醒（工作日）", "5", "1到5000000"),
        ])
    func text(title: String, value: Int, question: String, text: String, bounds: String) {
        let setting = SettingDeclaration(
            name: "a", title: title, standard: value, range: 1...5_000_000, source: "")
        #expect(setting.question == question && setting.text(of: value) == text && setting.bounds == bounds)
    }
}
