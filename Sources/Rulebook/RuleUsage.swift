/// Which settings and offices the rules of a file ask for: what is declared and asked for nowhere does nothing.
///
/// One reader of one file uses it.
final class RuleUsage {
    /// Settings that a number or a term names.
    private(set) var settings: Set<String> = []
    /// Offices that somebody holds, signs for or is compared with.
    private(set) var offices: Set<String> = []

    func noteSetting(_ name: String) { settings.insert(name) }
    func noteOffice(_ name: String) { offices.insert(name) }
}
