import Kernel
import Testing

@testable import Application

@Suite("The recovery sheet")
struct RecoverySheetTests {
    private let sheet: RecoverySheet

    init() throws {
        var key: [UInt8] = []
        for number in 0..<32 { key.append(UInt8(number * 37 % 251)) }
        let day = try #require(CivilDay(year: 2026, month: 11, day: 20))
        sheet = try #require(RecoverySheet(backupKey: key, verifierKey: "k", bureauName: "清禾县统计局", printedOn: day))
    }

    @Test("Typing the eight groups gives the key back, in any case and with spaces and hyphens")
    func roundTrip() throws {
        #expect(try RecoverySheet.key(fromGroups: sheet.groups) == sheet.backupKey)
        let sloppy = sheet.groups.map { "\($0.lowercased().prefix(4)) - \($0.dropFirst(4))" }
        #expect(try RecoverySheet.key(fromGroups: sloppy) == sheet.backupKey)
    }

    @Test(
        "A wrong letter is found in its group for 30 of 31 letters at every place, and never gives another key unseen twice"
    )
    func wrongLetter() throws {
        var unseen = 0
        var tried = 0
        for group in 0..<8 {
            for place in 0..<8 {
                for letter in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
                    var letters = Array(sheet.groups[group])
                    guard letters[place] != letter else { continue }
                    letters[place] = letter
                    var groups = sheet.groups
                    groups[group] = String(letters)
                    tried += 1
                    do {
                        _ = try RecoverySheet.key(fromGroups: groups)
                        unseen += 1
                    } catch {
                        #expect(error.number == group + 1)
                    }
                }
            }
        }
        // One check letter of 32 lets one slip in 32 pass; the backup itself then refuses the key.
        #expect(unseen * 16 < tried, "\(unseen) of \(tried)")
    }

    @Test("Two groups in the wrong order are refused")
    func swapped() {
        for first in 0..<7 {
            var groups = sheet.groups
            groups.swapAt(first, first + 1)
            let key = try? RecoverySheet.key(fromGroups: groups)
            #expect(key != sheet.backupKey)
        }
    }

    @Test("Too few groups are refused with the number of the first that is missing")
    func tooFew() {
        #expect(throws: RecoverySheet.WrongGroup(number: 4)) {
            try RecoverySheet.key(fromGroups: Array(sheet.groups.prefix(3)))
        }
    }

    @Test("Reading back one group accepts it in its place and nowhere else")
    func partAskedBack() {
        #expect(sheet.isGroup(sheet.groups[2].lowercased(), at: 2))
        #expect(!sheet.isGroup(sheet.groups[2], at: 3))
        #expect(!sheet.isGroup("", at: 2))
    }
}
