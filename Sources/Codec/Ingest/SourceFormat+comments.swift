import Audio

extension SourceFormat {
    /// The same without the comments in a Vorbis set-up header, which may hold pictures and which no decoder needs: links of a
    /// chain that differ only in comments have one format.
    var withoutComments: SourceFormat {
        guard codec == .vorbis, let packets = xiphPackets else { return self }
        // No vendor, no comments, the framing bit (Vorbis I §5.2.1).
        let comments: [UInt8] = [3] + Array("vorbis".utf8) + [UInt8](repeating: 0, count: 8) + [1]
        var format = self
        format.extradata =
            [2, UInt8(packets.identification.count), UInt8(comments.count)] + packets.identification + comments + packets.setUp
        return format
    }

    /// The first and the third of the three packets that libavcodec's `extradata` laces together as Matroska does: their number
    /// less one, the sizes of all but the last as bytes of 255 and a rest, the packets.
    private var xiphPackets: (identification: ArraySlice<UInt8>, setUp: ArraySlice<UInt8>)? {
        guard extradata.first == 2 else { return nil }
        var place = 1
        var sizes: [Int] = []
        while sizes.count < 2 {
            var size = 0
            while place < extradata.count, extradata[place] == 255 {
                size += 255
                place += 1
            }
            guard place < extradata.count else { return nil }
            sizes.append(size + Int(extradata[place]))
            place += 1
        }
        guard sizes[0] < 255, sizes[0] + sizes[1] < extradata.count - place else { return nil }
        return (extradata[place..<(place + sizes[0])], extradata[(place + sizes[0] + sizes[1])...])
    }
}
