import Testing

@testable import Casework

/// What is missing is said once, in words that tell what would mend it.
@Suite("What is missing")
struct MissingTests {
    @Test("of several things of which one would do, the usual one is named and the others beside it")
    func alternatives() {
        #expect(Missing.alternatives(["尚未制作《甲》"]) == "尚未制作《甲》")
        #expect(
            Missing.alternatives(["还没有经审核人审核", "尚未制作《甲》", "没有乙"])
                == "还没有经审核人审核（也没有《甲》，没有乙；有其中一项即可）")
    }

    @Test("what one text asks for and another accepts beside something else is said once, in the stricter words")
    func once() {
        let strict = Missing("尚未制作《甲》", supplier: .legalReviewer)
        let wide = Missing("尚未制作《甲》（没有乙；有其中一项即可）", supplier: .legalReviewer)
        let other = Missing("尚未制作《甲乙》", supplier: .handler)
        #expect(Missing.withoutWeaker([wide, strict, other]) == [strict, other])
        #expect(Missing.withoutWeaker([wide, other]) == [wide, other])
        let wider = Missing("尚未制作《甲》（没有丙；有其中一项即可）", supplier: .legalReviewer)
        #expect(Missing.withoutWeaker([wide, wider]) == [wide])
    }
}
