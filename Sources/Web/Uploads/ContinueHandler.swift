import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Answers `Expect: 100-continue` (RFC 9110 section 10.1.1) when a request handler says so, not before: a sender without
/// right or with too large a file is refused before it sends a byte. Hummingbird itself never answers it, and curl then
/// waits a second before each upload.
///
/// It also ends connections whose request was answered before its body came: of a body that nobody wants at most 4 MiB
/// are swallowed, so that the sender can read the answer, and then the connection is closed.
///
/// Put one into each HTTP/1 channel's `additionalChannelHandlers`.
public final class ContinueHandler: ChannelDuplexHandler, RemovableChannelHandler {
    /// Parts of requests, from the codec.
    public typealias InboundIn = HTTPRequestPart
    /// The same parts, passed on.
    public typealias InboundOut = HTTPRequestPart
    /// Parts of responses, from the application.
    public typealias OutboundIn = HTTPResponsePart
    /// The same parts and the interim ones, to the codec.
    public typealias OutboundOut = HTTPResponsePart

    private var isAwaited = false
    private var isReceiving = false
    private var isAnswered = false
    private var unwanted = 0

    private static let unwantedLimit = 4 << 20

    /// A handler for one connection.
    public init() {}

    /// Notes whether the sender waits, and counts a body that nobody wants.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            isAwaited = head.headerFields[values: .expect].contains { value in
                value.utf8.elementsEqual("100-continue".utf8) { left, right in left | 0x20 == right | 0x20 }
            }
            isReceiving = true
            isAnswered = false
            unwanted = 0
        case .body(let buffer):
            // A body that comes although nobody said so is no longer waited for.
            isAwaited = false
            if isAnswered {
                unwanted += buffer.readableBytes
                if unwanted > ContinueHandler.unwantedLimit {
                    context.close(promise: nil)
                    return
                }
            }
        case .end:
            isReceiving = false
        }
        context.fireChannelRead(data)
    }

    /// Ends the connection behind an answer that came before the body was asked for.
    public func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where isAwaited && head.status.kind != .informational:
            // The body was never asked for, so what follows on this connection may or may not be it.
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where isAwaited:
            isAnswered = true
            context.writeAndFlush(data, promise: promise)
            context.close(promise: nil)
        case .end:
            isAnswered = isReceiving
            context.write(data, promise: promise)
        default:
            context.write(data, promise: promise)
        }
    }

    /// Hears of the request handler's signal.
    public func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        guard event is ContinueSignal.Event else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        if isAwaited {
            isAwaited = false
            let head = HTTPResponse(status: .init(code: 100, reasonPhrase: "Continue"))
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        }
        promise?.succeed()
    }
}

/// Tells a sender that waits for it to send its body.
public struct ContinueSignal: Sendable {
    struct Event: Sendable {}

    private let channel: any Channel

    /// The signal of the connection that a request came on.
    public init(source: ApplicationRequestContextSource) {
        channel = source.channel
    }

    /// Sends the interim response if the sender waits for one; else does nothing.
    public func send() {
        channel.triggerUserOutboundEvent(Event(), promise: nil)
    }
}

/// A request context that can tell the sender to go on.
public protocol UploadContext: RequestContext {
    /// The signal of this request's connection.
    var continueSignal: ContinueSignal { get }
}
