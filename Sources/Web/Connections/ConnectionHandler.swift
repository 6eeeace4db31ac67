import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Keeps one connection in the book, and closes it when its first request does not come in time.
///
/// How long a connection may be idle between requests is the server's own timer (`WebSettings.idleSeconds`).
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let book: ConnectionBook
    private let limits: ConnectionLimits
    private var number: ConnectionBook.Number?
    private var isKnown = false
    /// Requests whose answer is not sent yet; a sender may send the next one before.
    private var inHand = 0
    private var deadline: Scheduled<Void>?

    init(book: ConnectionBook, limits: ConnectionLimits) {
        self.book = book
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { enter(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        enter(context)
        context.fireChannelActive()
    }

    private func enter(_ context: ChannelHandlerContext) {
        guard !isKnown else { return }
        isKnown = true
        let channel = context.channel
        let address = RemoteAddress(channel.remoteAddress)
        guard let number = book.open(from: address, close: { channel.close(promise: nil) }) else {
            context.close(promise: nil)
            return
        }
        self.number = number
        deadline = context.eventLoop.scheduleTask(in: .seconds(limits.firstRequestSeconds)) {
            channel.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) {
            deadline?.cancel()
            deadline = nil
            inHand += 1
            guard let number, book.begin(number) else {
                // It made room for another before this request was read: its sender asks again on a new connection.
                context.close(promise: nil)
                return
            }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            inHand -= 1
            if inHand <= 0, let number { book.end(number) }
        }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    private func leave() {
        deadline?.cancel()
        deadline = nil
        if let number { book.close(number) }
        number = nil
    }
}
