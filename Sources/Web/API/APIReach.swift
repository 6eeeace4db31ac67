import Application
import Casework

/// What the API's operations record: the product's own answer to which rows of the law programs can carry out.
public enum APIReach {
    /// Records of every operation, with the words on offer; a member that is not named takes any.
    public static var all: [(records: [EntryType], words: [String: Set<String>])] {
        APIOperation.all.filter { !$0.records.isEmpty }.map { ($0.records, $0.words) }
    }
}
