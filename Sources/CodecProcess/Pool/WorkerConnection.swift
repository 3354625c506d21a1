import NIOCore

/// The parent's end of one worker's pipe: cuts what the worker writes into replies and reports its end.
final class WorkerConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let processor = NIOSingleStepByteToMessageProcessor(MessageDecoder(limits: WorkerReply.limits))
    private let worker: Worker
    private let shell: PoolShell

    init(worker: Worker, shell: PoolShell) {
        self.worker = worker
        self.shell = shell
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            try processor.process(buffer: unwrapInboundIn(data)) { message in
                shell.received(try WorkerReply(message), job: message.job, from: worker)
            }
        } catch {
            shell.end(worker, .protocolViolation)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        shell.end(worker, .closed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
