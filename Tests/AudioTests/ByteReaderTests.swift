import Audio
import TestSupport
import Testing

@Suite("Bytes are read as they were written, and never believed")
struct ByteReaderTests {
    @Test("Integers and fields that were written are read back")
    func roundTrip() throws {
        var writer = ByteWriter()
        let numbers = [0, 1, 127, 128, 16_383, 16_384, 1 << 40, .max - 1, .max]
        let signed = [0, -1, 1, -64, 64, -(1 << 40), .max / 2, -(.max / 2)]
        for number in numbers { writer.writeVariable(number) }
        for number in signed { writer.writeSigned(number) }
        writer.write(0xAB as UInt8)
        writer.write(0x1234 as UInt16)
        writer.write(UInt64.max - 1)
        writer.writeField([])
        writer.writeField("Ærø")
        var reader = ByteReader(writer.bytes)
        for number in numbers { #expect(try reader.readVariable() == number) }
        for number in signed { #expect(try reader.readSigned() == number) }
        #expect(try reader.read(UInt8.self) == 0xAB)
        #expect(try reader.read(UInt16.self) == 0x1234)
        #expect(try reader.read(UInt64.self) == .max - 1)
        #expect(try reader.readField() == [])
        #expect(try reader.readText() == "Ærø")
        #expect(reader.remaining == 0)
    }

    @Test("Integers too long, too large or cut are malformed")
    func malformed() {
        let nines = Array(repeating: 0xFF as UInt8, count: 9)
        for bytes in [[], [0x80], nines, nines + [0x01], nines + nines] as [[UInt8]] {
            var reader = ByteReader(bytes)
            #expect(throws: ByteReader.Malformed.self) { try reader.readVariable() }
        }
        var limited = ByteReader([11])
        #expect(throws: ByteReader.Malformed.self) { try limited.readVariable(limit: 10) }
        var lie = ByteReader([200, 1, 0, 0])
        #expect(throws: ByteReader.Malformed.self) { try lie.readField() }
        var short = ByteReader([1, 2, 3])
        #expect(throws: ByteReader.Malformed.self) { try short.read(UInt32.self) }
    }

    @Test("Random reads of random bytes stay inside them", arguments: 0..<20 as Range<UInt64>)
    func noise(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                Bool.random(using: &generator) ? 0xFF : UInt8.random(in: 0...255, using: &generator)
            }
            var reader = ByteReader(
                bytes, from: Int.random(in: -5...70, using: &generator), to: Int.random(in: -5...70, using: &generator))
            for _ in 0..<20 {
                let before = reader.offset
                switch Int.random(in: 0..<6, using: &generator) {
                case 0: _ = try? reader.read(UInt8.self)
                case 1: _ = try? reader.read(UInt64.self)
                case 2: _ = try? reader.readVariable()
                case 3: _ = try? reader.readSigned()
                case 4: _ = try? reader.readField()
                default: _ = try? reader.readText(limit: 9)
                }
                #expect(reader.offset >= before && reader.remaining >= 0 && reader.offset <= bytes.count)
            }
        }
    }
}
