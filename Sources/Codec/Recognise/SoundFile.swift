import Audio

/// A recognised file, and the part of it that a demuxer sees: all of its sound, or that of one part.
struct SoundFile {
    /// The source of the trims at both ends of the sound.
    enum Trims {
        case demuxer
        case movie(MP4Movie)
        /// The gapless tag of an MP3.
        case iTunes(GaplessTag)
        case granules(OggChain.Timing)
        case musepack(MusepackHeader)
        case lame(LAMETag)
    }

    let file: InputFile
    let container: Container
    /// The common properties of a free-format MP3's frames; nil for every other file.
    let freeFormat: FreeFormat?
    let view: FileView
    /// Exact trims that the demuxer does not know, or gets wrong.
    private(set) var trims = Trims.demuxer
    /// Warnings for a person about the file's structure.
    private(set) var warnings: [String] = []
    /// The parts behind the first: links of an Ogg chain, frames of another format.
    private(set) var following: [SoundFile] = []
    /// Whether more parts follow than are read.
    private(set) var goesOn = false

    init(_ file: InputFile, takingExtra: Bool) throws(Refusal) {
        let found = try FormatSniffer.recognise(file, takingExtra: takingExtra)
        self.file = file
        container = found.container
        freeFormat = found.freeFormat
        switch container {
        case .mp3:
            let frames = Self.frames(of: file, from: found.start, freeFormat)
            (view, trims, following) = (frames.view, frames.trims, frames.following)
            (warnings, goesOn) = (frames.warnings, frames.goesOn)
        case .flac:
            guard let header = FLACHeader(file, at: found.start) else {
                throw Refusal(.undecodable, "The FLAC header is damaged", offset: found.start)
            }
            view = FileView(file, head: header.head, [header.frames..<ID3Span.end(of: file, from: header.frames)])
        case .ogg:
            let chain = OggChain(file, from: found.start)
            view = FileView(file, chain.links[0].parts)
            if let timing = chain.links[0].timing { trims = .granules(timing) }
            following = chain.links.dropFirst().map { link in
                SoundFile(
                    part: FileView(file, link.parts), link.timing.map { .granules($0) } ?? .demuxer, of: file, container)
            }
            goesOn = chain.goesOn
        case .mp4:
            view = FileView(file, [found.start..<file.size])
            let movie = MP4Movie(file, from: found.start)
            trims = .movie(movie)
            // A box that is free is skipped unread.
            view.overlay(Array("free".utf8), at: movie.userDataNames.sorted().map { $0 - found.start })
        case .adts:
            view = FileView(file, ContainerParts.adts(file, from: found.start, to: ID3Span.end(of: file, from: found.start)))
        case .wavpack, .ape, .tta, .musepack7, .musepack8:
            if [.musepack7, .musepack8].contains(container) { trims = .musepack(MusepackHeader(file, from: found.start)) }
            view = FileView(file, [found.start..<ID3Span.end(of: file, from: found.start)])
        case .wav: view = FileView(file, ContainerParts.wav(file, from: found.start))
        case .aiff: view = FileView(file, ContainerParts.aiff(file, from: found.start))
        case .asf:
            view = FileView(file, [found.start..<file.size])
            // Objects and chunks of unknown names are skipped unread.
            let names = ContainerParts.asfDescriptions(file, from: found.start)
            view.overlay([UInt8](repeating: 0, count: 16), at: names.map { $0 - found.start })
        case .caf:
            view = FileView(file, [found.start..<file.size])
            let names = ContainerParts.cafInformation(file, from: found.start)
            view.overlay(Array("free".utf8), at: names.map { $0 - found.start })
        case .matroska:
            view = FileView(file, [found.start..<file.size])
            let names = MatroskaTags(file, from: found.start).hidden
            view.overlay(MatroskaTags.nothing, at: names.sorted().map { $0 - found.start })
        }
    }

    /// The frames of an MP3 file from `start` on, and what lies between them.
    private static func frames(
        of file: InputFile, from start: Int, _ freeFormat: FreeFormat?
    ) -> (view: FileView, trims: Trims, following: [SoundFile], warnings: [String], goesOn: Bool) {
        var (trims, following, warnings) = (Trims.demuxer, [SoundFile](), [String]())
        let end = ID3Span.end(of: file, from: start)
        var walk = FrameWalk(file, from: start, to: end, freeFormat)
        let view = FileView(file, walk.runs)
        let tag = LAMETag(file.bytes(at: start, count: 256))
        if let tag, freeFormat != nil { trims = .lame(tag) }
        if tag?.isSigned != true, let tag = ID3v2Tag.gaplessTag(in: file) { trims = .iTunes(tag) }
        var (appended, junk) = (walk.appendedTracks, walk.junk)
        // The reader of a free format handles no other.
        while let change = walk.change, freeFormat == nil, following.count + 1 < TrackPart.limit {
            walk = FrameWalk(file, from: change, to: end)
            following.append(SoundFile(part: FileView(file, walk.runs), .demuxer, of: file, .mp3))
            appended += walk.appendedTracks
            junk += walk.junk
        }
        if appended > 0 {
            warnings.append(
                "\(appended + following.count + 1) MP3 files follow each other here; they are played as one track")
        }
        if junk > 0 { warnings.append("\(junk) bytes between the frames are not sound") }
        if walk.isCut { warnings.append(cut) }
        return (view, trims, following, warnings, walk.change != nil)
    }

    private init(part view: FileView, _ trims: Trims, of file: InputFile, _ container: Container) {
        (self.file, self.view, self.trims, self.container) = (file, view, trims, container)
        freeFormat = nil
    }

    static let cut = "The file ends early: its last bytes are missing"
    static let moreParts = "The sound behind a further change of format or recording inside the file is left out"

    /// The warning about a track made of `count` parts.
    static func partsWarning(_ count: Int, _ container: Container) -> String {
        container == .ogg
            ? "The file holds \(count) recordings one after another; they are played as one track"
            : "The sample rate or the channels change inside the file; its \(count) parts are played as one track"
    }
}

extension SoundFile.Trims {
    /// Samples to drop at the start before the first packet; nil if the demuxer has to tell.
    var leadIn: Int? {
        switch self {
        case .demuxer, .granules, .movie: nil
        case .iTunes(let tag): tag.priming + LAMETag.decoderDelay
        case .musepack: MusepackHeader.synthesisDelay
        case .lame(let tag): tag.leadIn
        }
    }

    /// Samples per channel that the packets should decode to; 0 if that is not known, or if the demuxer has to tell.
    var declaredSamples: Int {
        if case .lame(let tag) = self { tag.frameSamples } else { 0 }
    }

    /// The exact trims of a track with these packets; nil if the trims found so far are right.
    func exact(_ packets: PacketTable) -> (leadIn: Int, samples: Int)? {
        switch self {
        case .demuxer, .movie: nil
        case .iTunes(let tag): tag.soundOfMP3(packets.sampleCount).map { ($0.lowerBound, $0.count) }
        case .granules(let timing): timing.trims(packets)
        case .musepack(let header): header.trims(packets.sampleCount)
        case .lame(let tag): tag.trims(packets.sampleCount)
        }
    }
}
