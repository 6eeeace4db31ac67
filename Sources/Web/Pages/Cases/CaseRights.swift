import Application
import Casework
import Hummingbird
import Kernel

extension BureauServices {
    /// A case for somebody who may see it. One that may not be seen looks like one that does not exist.
    func visibleCase(_ context: SignedInContext) async throws -> CaseView {
        guard let thread = context.parameters.get("case").flatMap({ ThreadTag($0) }) else { throw WebRefusal.notFound }
        let view = try await casebook.load(thread)
        guard view.work.viewRight(of: context.identity.person) != nil else { throw WebRefusal.notFound }
        return view
    }
}
