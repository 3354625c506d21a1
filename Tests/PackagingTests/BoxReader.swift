/// Reads ISO base media boxes as a file's reader would, with nothing of the writer's.
struct BoxReader {
    let bytes: ArraySlice<UInt8>

    init(_ bytes: some Collection<UInt8>) { self.bytes = Array(bytes)[...] }

    /// The boxes one after another; nil where the bytes are none.
    var boxes: [(type: String, content: BoxReader)]? {
        var found: [(String, BoxReader)] = []
        var rest = bytes
        while !rest.isEmpty {
            guard rest.count >= 8 else { return nil }
            let size = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard size >= 8, size <= rest.count else { return nil }
            found.append(
                (String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self), BoxReader(rest.prefix(size).dropFirst(8))))
            rest = rest.dropFirst(size)
        }
        return found
    }

    /// The content of the first box at a path such as `moov/trak/mdia`; nil where there is none.
    func box(_ path: String) -> BoxReader? {
        path.split(separator: "/").reduce(self as BoxReader?) { reader, type in
            reader?.boxes?.first { $0.type == type }?.content
        }
    }

    /// A big-endian number of `count` bytes at `offset`.
    func number(at offset: Int, bytes count: Int = 4) -> Int {
        bytes.dropFirst(offset).prefix(count).reduce(0) { $0 << 8 | Int($1) }
    }
}
