import Hummingbird
import Kernel

extension Routes {
    /// The components that pages are made of, on one page. Only where a demonstration runs.
    func addComponents(_ services: WebServices) {
        open(.get, Address.components) { _, context in
            services.answer(ComponentsPage(token: context.visit.formToken).page, context)
        }
    }
}
