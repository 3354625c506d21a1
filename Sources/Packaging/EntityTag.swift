public import Audio
import Crypto

/// The validators of a Stream and of an Original, and the conditions of a request on them (RFC 9110 §8.8.3, §13.1).
///
/// Tags are handled without their quotes; ``quoted(_:)`` puts them on for the wire. All of ours are strong.
public enum EntityTag {
    /// The tag of a Stream: 32 hexadecimal digits, the first 128 bits of a SHA-256 over all that decides its bytes.
    public static func stream(original: OriginalHash, rendition: Rendition, fingerprint: RenderFingerprint) -> String {
        streams(original: original, renditions: [rendition], fingerprint: fingerprint)[0]
    }

    /// The tags of an Original's Streams, one for each of `renditions`.
    public static func streams(
        original: OriginalHash, renditions: [Rendition], fingerprint: RenderFingerprint
    ) -> [String] {
        var head = ByteWriter(reservingCapacity: 64)
        head.writeField(original.bytes)
        head.writeVariable(TrackMap.version)
        var tail = ByteWriter(reservingCapacity: 256)
        tail.write(fingerprint.value)
        tail.writeField(fingerprint.libraries)
        return renditions.map { rendition in
            var identity = head
            identity.writeField(rendition.name)
            identity.writeVariable(rendition.effort)
            identity.writeVariable(StreamLayout.version)
            if rendition.ladder.segmentCodec != nil { identity.writeVariable(SegmentLayout.version) }
            var hash = SHA256()
            hash.update(data: identity.bytes)
            hash.update(data: tail.bytes)
            return digits(hash.finalize())
        }
    }

    private static func digits(_ digest: SHA256Digest) -> String {
        unsafe digest.withUnsafeBytes { unsafe UnsafeRawBufferPointer(rebasing: $0.prefix(16)).hexadecimal }
    }

    /// The tag of a part of a rendition that is served as a file: the Stream's tag, followed by the part's name.
    public static func part(_ name: String, ofStream tag: String) -> String { "\(tag)-\(name)" }

    /// The tag of a Stream that leaves out so many samples at the beginning of its track.
    public static func stream(_ tag: String, from samples: Int) -> String {
        samples == 0 ? tag : part("from-\(samples)", ofStream: tag)
    }

    /// The tag of a text's gzip form, whose bytes are others.
    public static func gzip(_ tag: String) -> String { "\(tag)-gzip" }

    /// The tag of content without a version: 32 hexadecimal digits of the SHA-256 of its bytes.
    public static func bytes(_ bytes: some Collection<UInt8>) -> String { self.bytes(Array(bytes)) }

    /// The same without a copy of the bytes.
    public static func bytes(_ bytes: [UInt8]) -> String { digits(SHA256.hash(data: bytes)) }

    /// The tag of an Original: its SHA-256, 64 hexadecimal digits.
    public static func original(_ hash: OriginalHash) -> String { hash.hex }

    /// The tag as `ETag` carries it.
    public static func quoted(_ tag: String) -> String { "\"\(tag)\"" }

    /// Whether an `If-None-Match` field names the tag, weakly compared, or is `*`: then the answer is 304.
    ///
    /// A field that breaks the grammar counts up to the break.
    public static func ifNoneMatch(_ header: String, matches tag: String) -> Bool {
        lists(header, tag, acceptingWeak: true)
    }

    /// Whether an `If-Match` field names the tag, strongly compared, or is `*`: if not, the answer is 412 (RFC 9110 §13.1.1).
    ///
    /// A field that breaks the grammar counts up to the break.
    public static func ifMatch(_ header: String, matches tag: String) -> Bool {
        lists(header, tag, acceptingWeak: false)
    }

    private static func lists(_ header: String, _ tag: String, acceptingWeak: Bool) -> Bool {
        var rest = FieldSyntax.trimmed(Array(header.utf8)[...])
        if rest.elementsEqual("*".utf8) { return true }
        while !rest.isEmpty {
            if rest.first == UInt8(ascii: ",") {
                rest = FieldSyntax.trimmed(rest.dropFirst())
                continue
            }
            let isWeak = rest.starts(with: "W/".utf8)
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.first == quote, let end = rest.dropFirst().firstIndex(of: quote) else { return false }
            if acceptingWeak || !isWeak, rest[(rest.startIndex + 1)..<end].elementsEqual(tag.utf8) { return true }
            rest = FieldSyntax.trimmed(rest[(end + 1)...])
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return false }
        }
        return false
    }

    /// Whether an `If-Range` field is the tag, strongly compared, so that the range may be served (RFC 9110 §13.1.5).
    ///
    /// A date never matches: a Stream has no modification time.
    public static func ifRange(_ header: String, matches tag: String) -> Bool {
        FieldSyntax.trimmed(Array(header.utf8)[...]).elementsEqual(quoted(tag).utf8)
    }

    private static let quote = UInt8(ascii: "\"")
}
