import Casework
import Kernel
import Ledger
import Testing

@Suite("Classes of openings")
struct OpeningRuleTests {
    @Test("every field of every entry type has a rule in its newest version, and no rule is for a field that is none")
    func complete() {
        for type in EntryType.allCases {
            let fields = Set(
                type.members.filter { $0.value == .field || type == .documentFixed && $0.key == "data" }.keys)
            #expect(OpeningRule.fields(of: type.rawValue) == fields, "\(type.rawValue)")
            for field in fields {
                let rule = OpeningRule.rule(type: type.rawValue, version: type.version, field: field)
                #expect(rule != nil, "\(type.rawValue) \(type.version) \(field)")
                if case .unstated = rule {
                    Issue.record("\(type.rawValue) \(field) is not stated in the newest version")
                }
                #expect(OpeningRule.rule(type: type.rawValue, version: type.version + 1, field: field) == nil)
                #expect(OpeningRule.rule(type: type.rawValue, version: 0, field: field) == nil)
                for version in 1..<type.version {
                    guard case .unstated? = OpeningRule.rule(type: type.rawValue, version: version, field: field)
                    else { continue }
                    guard case .stated? = rule else {
                        Issue.record("\(type.rawValue) \(field): what was unstated is stated now")
                        continue
                    }
                }
            }
        }
        #expect(OpeningRule.types.isSubset(of: EntryType.allCases.map(\.rawValue)))
    }

    @Test("where Casework says the class of a field itself, the rule is the same")
    func shapes() {
        var checked = 0
        for type in EntryType.allCases {
            for (field, openingClass) in type.fieldClasses {
                #expect(
                    OpeningRule.rule(type: type.rawValue, version: 1, field: field) == .always(openingClass),
                    "\(type.rawValue) \(field)")
                checked += 1
            }
        }
        #expect(checked > 100)
    }

    @Test("a rule allows exactly its classes, and a stated one only the class that the skeleton states")
    func allows() {
        for openingClass in OpeningClass.allCases {
            #expect(
                OpeningRule.always(.officer).allows(openingClass, field: "name", plain: nil)
                    == (openingClass == .officer))
            for stated in OpeningClass.allCases {
                let plain: JSON = ["classes": ["name": .string(stated.rawValue)]]
                let rule = OpeningRule.stated([.party, .officer])
                #expect(
                    rule.allows(openingClass, field: "name", plain: plain)
                        == (openingClass == stated && [.party, .officer].contains(stated)))
                #expect(!rule.allows(openingClass, field: "other", plain: plain))
            }
            let veilable = OpeningRule.otherwise(.party, [.reporter, .secret])
            #expect(veilable.allows(openingClass, field: "name", plain: ["a": 1]) == (openingClass == .party))
            for stated in OpeningClass.allCases {
                let plain: JSON = ["classes": ["name": .string(stated.rawValue)]]
                #expect(
                    veilable.allows(openingClass, field: "name", plain: plain)
                        == (openingClass == stated && [.reporter, .secret].contains(stated)))
            }
            #expect(!OpeningRule.stated(OpeningClass.allCases).allows(openingClass, field: "name", plain: ["a": 1]))
            #expect(!OpeningRule.stated(OpeningClass.allCases).allows(openingClass, field: "name", plain: nil))
        }
    }
}
