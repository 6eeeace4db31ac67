import Foundation
import Glibc
import Kernel
import Store

/// What is there before a bureau is founded, so that a founding that fails leaves this and nothing else.
struct FoundingGround {
    private let place: ServerPlace
    private let bureau: BureauTag
    /// Directories that are not there yet, each before those in it.
    private let absent: [String]

    /// Looks at the place.
    init(_ place: ServerPlace, _ bureau: BureauTag) {
        self.place = place
        self.bureau = bureau
        absent = [place.data, place.keys, place.lock].flatMap { path in
            sequence(first: path) { $0 == "/" ? nil : URL(fileURLWithPath: $0).deletingLastPathComponent().path }
                .prefix { !FileManager.default.fileExists(atPath: $0) }.reversed()
        }
    }

    /// Removes what was made since. Call it only where no record was made: then nothing was ever signed or sealed.
    func clear() {
        for path in place.parts(of: bureau).leftOvers { try? FileManager.default.removeItem(atPath: path) }
        rmdir(place.data + "/bureaus")
        // The rules and the file of sign-in data that a server's first bureau brings.
        if absent.contains(place.data), !FileManager.default.fileExists(atPath: place.data + "/bureaus") {
            try? FileManager.default.removeItem(atPath: place.data)
        }
        // What somebody else put into one of them stays, and the directory with it.
        for path in absent.reversed() { rmdir(path) }
    }
}
