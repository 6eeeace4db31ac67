import TestKit

/// Names of parties that nobody bears: drawn from parts, each different from all others.
struct FictionalNames {
    private static let places = [
        "清禾县", "云岭市", "星湾镇", "柳溪镇", "石桥乡", "白鹭镇", "望川镇", "青禾镇", "松陵乡", "东篱镇", "南浦镇", "北原乡",
    ]
    private static let first = Array("星向铁远春秋嘉恒瑞盛鸿泰裕丰祥和永安宏达顺兴隆昌华金玉宝清朗明晨旭晖岚川海江河湖松柏竹梅兰荷云霞虹")
    private static let second = Array("河阳画航晓实禾久丰源泽康庆润茂美信诚义德馨悦然宇辰轩博文远志成功业基石桥林园田野原川流光影声色香")
    private static let trades = [
        "纸品", "罐头", "五金", "面粉", "食品", "副食", "建材", "服装", "家具", "农机", "种业", "物流", "印务", "电器", "化工", "制药",
        "纺织", "塑料", "陶瓷", "工艺品", "粮油", "果蔬", "水产", "茶叶", "酒业", "餐饮", "商贸", "广告", "装饰", "门窗",
    ]
    private static let forms = ["有限公司", "厂", "经营部", "合作社", "有限责任公司", "商行", "加工厂", "股份有限公司", "中心", "店"]
    private static let families = Array("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳")
    private static let given = Array("一二三禾舟满满知秋砚书遥予安怀瑜行默白星月云山川野风雨雪晴岚朗清和宁远思齐若水如松子衿青青南乔木兰溪石亭")

    private var random: SeededRandom
    private var taken: Set<String> = []

    init(seed: UInt64) {
        random = SeededRandom(seed)
    }

    /// A firm, or in one case of eight a person.
    mutating func next() -> (name: String, kind: String) {
        while true {
            let isPerson = Int.random(in: 0..<8, using: &random) == 0
            let name = isPerson ? person() : firm()
            if taken.insert(name).inserted { return (name, isPerson ? "individual" : "organisation") }
        }
    }

    private mutating func firm() -> String {
        "\(pick(Self.places))\(pick(Self.first))\(pick(Self.second))\(pick(Self.trades))\(pick(Self.forms))"
    }

    /// Two to four characters.
    mutating func person() -> String {
        let length = [1, 2, 2, 2, 2, 3][Int.random(in: 0..<6, using: &random)]
        return "\(pick(Self.families))" + String((0..<length).map { _ in pick(Self.given) })
    }

    private mutating func pick<T>(_ list: [T]) -> T { list[Int.random(in: 0..<list.count, using: &random)] }
}
