import Application
import Glibc

/// Where the parts of the press are on this machine.
public struct PressInstallation: Sendable {
    /// The Python that has typst and zxing-cpp: the one of the project's virtual environment.
    public var python: String
    /// `press_worker.py`.
    public var worker: String
    /// The folder of the document kinds; the worker reads nothing outside it.
    public var templates: String
    /// The folder with exactly the fonts the worker names.
    public var fonts: String

    /// Puts a kept template (`TemplateName.kept`) and the files that it may read into a directory of its own for as long as
    /// the body runs; false, without running it, if it is not kept whole.
    public var withKept: (@Sendable (TemplateName, (String) -> Void) -> Bool)?

    /// An installation by its four paths.
    public init(python: String, worker: String, templates: String, fonts: String) {
        self.python = python
        self.worker = worker
        self.templates = templates
        self.fonts = fonts
    }

    /// The installation that `scripts/setup.sh run` makes under the root of the project.
    public init(root: String) {
        self.init(
            python: root + "/.venv/bin/python", worker: root + "/worker/press_worker.py",
            templates: root + "/Documents", fonts: root + "/.tools/fonts")
    }

    /// The parts that are not there, by path; empty when the worker can be started.
    public var missing: [String] {
        let parts = [(python, X_OK), (worker, R_OK), (templates, R_OK | X_OK), (fonts, R_OK | X_OK)]
        return parts.filter { access($0.0, $0.1) != 0 }.map(\.0)
    }
}
