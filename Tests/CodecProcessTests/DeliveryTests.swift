import Testing

@testable import CodecProcess

@Suite("Delivery of a chunk's bytes over two attempts")
struct DeliveryTests {
    @Test("Each byte is delivered once, wherever the first attempt stopped and however the second is cut", arguments: 0...6)
    func retry(stop: Int) {
        let chunk: [UInt8] = [1, 2, 3, 4, 5, 6]
        for step in 1...6 {
            var delivery = Delivery(byteCount: 6)
            var delivered: [UInt8] = []
            func take(_ result: Delivery.Step) {
                if case .deliver(let bytes) = result { delivered += bytes }
            }
            take(delivery.receive(Array(chunk[..<stop])))
            #expect(delivery.isComplete == (stop == 6))
            delivery.restart()
            #expect(!delivery.isComplete)
            for start in stride(from: 0, to: 6, by: step) { take(delivery.receive(Array(chunk[start..<min(6, start + step)]))) }
            #expect(delivered == chunk && delivery.isComplete)
        }
    }

    @Test("A chunk of sized frames is complete with all of them and, if its size is known, with all of its bytes")
    func frames() {
        for isExact in [true, false] {
            var delivery = Delivery(byteCount: 8, isExact: isExact, frames: 2)
            #expect(!delivery.isComplete && delivery.receive([0, 1, 9]) == .deliver([0, 1, 9]) && !delivery.isComplete)
            #expect(delivery.receive([0, 1, 8]) == .deliver([0, 1, 8]) && delivery.isComplete == !isExact)
            #expect(delivery.receive([0, 0]) == .deliver([0, 0]) && delivery.isComplete)
        }
        var short = Delivery(byteCount: 3, frames: 2)
        #expect(short.receive([0, 1, 9]) == .deliver([0, 1, 9]) && !short.isComplete)
    }

    @Test("A byte too many is never delivered")
    func tooMany() {
        var delivery = Delivery(byteCount: 3)
        #expect(delivery.receive([1, 2]) == .deliver([1, 2]))
        #expect(delivery.receive([3, 4]) == .tooMany)
    }

    @Test("Other bytes than the first attempt's are found, and none of that piece is delivered")
    func differs() {
        var delivery = Delivery(byteCount: 4)
        _ = delivery.receive([1, 2])
        delivery.restart()
        #expect(delivery.receive([1]) == .repeated)
        #expect(delivery.receive([3, 3, 4]) == .differs)
    }
}
