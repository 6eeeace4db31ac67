import Kernel

/// The text of a verdict as it goes to a screen or to paper.
///
/// Names, paths and words come out of what is being judged, and whoever made that may want the reader to see another
/// verdict: with characters that move the cursor, wipe the screen, turn a line round or begin a new one. So each line is
/// written with such characters shown by their numbers, here, where all lines pass, and the conclusion stands first and
/// last: what is on the screen after a long list is its end.
enum VerdictText {
    static func text(_ conclusion: String, _ lines: [String]) -> String {
        ([conclusion] + lines + ["", conclusion]).map { $0.shownBack + "\n" }.joined()
    }
}
