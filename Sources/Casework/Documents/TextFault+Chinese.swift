import Kernel

extension TextFault {
    /// What is wrong and what to do, after the name of the field; without a full stop at the end.
    public var chinese: String { "\(cause)；\(remedy)" }

    /// What is wrong, after the name of what it is wrong with.
    public var cause: String {
        switch self {
        case .hidden(let scalar): "含有看不见的字符（\(scalar.codePoint)），多半是复制时带进来的"
        case .loneMark(let scalar): "里有一个附加符号（\(scalar.codePoint)）前面没有字，会印到别的字上"
        case .piledMarks(let count):
            "的一个字上叠了\(count)个附加符号，最多\(TextFault.mostMarks)个，再多会印到上下两行"
        case .notALine: "不能换行，也不能含有制表符"
        }
    }

    private var remedy: String {
        switch self {
        case .hidden: "请清空这一项，重新输入"
        case .loneMark: "请删去它，或者补上它前面的字"
        case .piledMarks: "请删去多余的"
        case .notALine: "请写在一行里，用空格隔开"
        }
    }
}
