import Audio

/// An attached picture (ID3v2.2 §4.15, ID3v2.4 §4.14).
struct ID3v2Picture {
    /// 3 is the front cover.
    let type: Int
    let bytes: ArraySlice<UInt8>

    init?(_ content: [UInt8], version: Int) {
        var reader = BlockReader(content)
        guard let encoding = reader.number(1, .big) else { return nil }
        // 2.2 has three letters for the format, later versions a MIME type of any length.
        if version == 2 {
            guard reader.take(3) != nil else { return nil }
        } else {
            _ = reader.takeTerminated()
        }
        guard let type = reader.number(1, .big) else { return nil }
        self.type = type
        let afterType = reader
        _ = reader.takeTerminated(unit: encoding == 1 || encoding == 2 ? 2 : 1)
        if Picture.Format.sniffed(in: reader.rest) == nil {
            // The description has another encoding or end than declared: the picture is found by its first bytes.
            reader = afterType
            var isFound = false
            for _ in 0..<512 where !isFound {
                isFound = Picture.Format.sniffed(in: reader.rest) != nil
                if !isFound { _ = reader.take(1) }
            }
        }
        bytes = reader.rest
    }
}
