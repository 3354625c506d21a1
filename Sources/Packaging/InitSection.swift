import Audio

/// The initialisation section of a rendition's segments, `init.mp4`: `ftyp` and a `moov` without samples (ISO 23000-19 §7.3.1).
public enum InitSection {
    static let trackID: UInt32 = 1

    /// - Parameter gain: applied by the decoder of an Opus rendition; others do not have it.
    public static func bytes(
        _ layout: SegmentLayout, trimming: Trimming = .byBoxes, gain: OutputGain = .none
    ) -> [UInt8] {
        let grid = layout.grid
        var bytes: [UInt8] = []
        bytes.appendBox("ftyp") { ftyp in
            ftyp.append(contentsOf: "iso6".utf8)
            ftyp.append(bigEndian: 0 as UInt32)
            ftyp.append(contentsOf: "iso6mp41dashcmfc".utf8)
        }
        let edit = trimming == .byBoxes ? grid.encoderDelay..<grid.encoderDelay + grid.outputSamples : nil
        appendMovie(grid, hearing: edit, samples: grid.outputSamples, gain, to: &bytes) { _ in }
        return bytes
    }

    /// Appends the `moov`.
    ///
    /// - Parameters:
    ///   - edit: the part of the media time that is heard; nil if the boxes do not say.
    ///   - samples: per channel that are heard.
    ///   - fill: appends what the movie has beside its tracks.
    static func appendMovie(
        _ grid: FrameGrid, hearing edit: Range<Int>?, samples: Int, _ gain: OutputGain, to bytes: inout [UInt8],
        _ fill: (inout [UInt8]) -> Void
    ) {
        let rate = UInt32(clamping: grid.output.sampleRate)
        bytes.appendBox("moov") { moov in
            moov.appendBox("mvhd", version: 0) { mvhd in
                mvhd.append(zeros: 8)
                mvhd.append(bigEndian: rate)
                mvhd.append(bigEndian: 0 as UInt32)
                mvhd.append(bigEndian: 0x0001_0000 as UInt32)
                mvhd.append(bigEndian: 0x0100 as UInt16)
                mvhd.append(zeros: 10)
                mvhd.append(unityMatrix: ())
                mvhd.append(zeros: 24)
                mvhd.append(bigEndian: trackID + 1)
            }
            moov.appendBox("trak") { appendTrack(grid, edit, gain, to: &$0) }
            moov.appendBox("mvex") { mvex in
                mvex.appendBox("mehd", version: 1) { $0.append(bigEndian: UInt64(clamping: samples)) }
                mvex.appendBox("trex", version: 0) { trex in
                    trex.append(bigEndian: trackID)
                    trex.append(bigEndian: 1 as UInt32)
                    trex.append(bigEndian: UInt32(grid.samplesPerFrame))
                    trex.append(bigEndian: 0 as UInt32)
                    // Depends on no other sample (ISO 14496-12 §8.8.3.1).
                    trex.append(bigEndian: 0x0200_0000 as UInt32)
                }
            }
            fill(&moov)
        }
    }

    private static func appendTrack(_ grid: FrameGrid, _ edit: Range<Int>?, _ gain: OutputGain, to trak: inout [UInt8]) {
        // Enabled, in the movie, in the preview.
        trak.appendBox("tkhd", version: 0, flags: 7) { tkhd in
            tkhd.append(zeros: 8)
            tkhd.append(bigEndian: trackID)
            tkhd.append(zeros: 20)
            tkhd.append(bigEndian: 0x0100 as UInt16)
            tkhd.append(zeros: 2)
            tkhd.append(unityMatrix: ())
            tkhd.append(zeros: 8)
        }
        // The audible part: the track's length of sound, after the priming.
        if let edit {
            trak.appendBox("edts") { edts in
                edts.appendBox("elst", version: 1) { elst in
                    elst.append(bigEndian: 1 as UInt32)
                    elst.append(bigEndian: UInt64(clamping: edit.count))
                    elst.append(bigEndian: UInt64(clamping: edit.lowerBound))
                    elst.append(bigEndian: 0x0001_0000 as UInt32)
                }
            }
        }
        trak.appendBox("mdia") { mdia in
            mdia.appendBox("mdhd", version: 0) { mdhd in
                mdhd.append(zeros: 8)
                mdhd.append(bigEndian: UInt32(clamping: grid.output.sampleRate))
                mdhd.append(bigEndian: 0 as UInt32)
                // "und": three letters of five bits.
                mdhd.append(bigEndian: 0x55C4 as UInt16)
                mdhd.append(zeros: 2)
            }
            mdia.appendBox("hdlr", version: 0) { hdlr in
                hdlr.append(zeros: 4)
                hdlr.append(contentsOf: "soun".utf8)
                hdlr.append(zeros: 12)
                hdlr.append(contentsOf: "sweetspot\0".utf8)
            }
            mdia.appendBox("minf") { minf in
                minf.appendBox("smhd", version: 0) { $0.append(zeros: 4) }
                minf.appendBox("dinf") { dinf in
                    dinf.appendBox("dref", version: 0) { dref in
                        dref.append(bigEndian: 1 as UInt32)
                        // The samples are in this very file.
                        dref.appendBox("url ", version: 0, flags: 1) { _ in }
                    }
                }
                minf.appendBox("stbl") { appendSampleTable(grid, preSkip: edit == nil ? 0 : grid.encoderDelay, gain, to: &$0) }
            }
        }
    }

    private static func appendSampleTable(
        _ grid: FrameGrid, preSkip: Int, _ gain: OutputGain, to stbl: inout [UInt8]
    ) {
        stbl.appendBox("stsd", version: 0) { stsd in
            stsd.append(bigEndian: 1 as UInt32)
            SampleEntry.append(grid, preSkip: preSkip, gain, to: &stsd)
        }
        stbl.appendBox("stts", version: 0) { $0.append(zeros: 4) }
        stbl.appendBox("stsc", version: 0) { $0.append(zeros: 4) }
        stbl.appendBox("stsz", version: 0) { $0.append(zeros: 8) }
        stbl.appendBox("stco", version: 0) { $0.append(zeros: 4) }
        guard let distance = grid.rendition.ladder.rollDistance else { return }
        stbl.appendBox("sgpd", version: 1) { sgpd in
            sgpd.append(contentsOf: "roll".utf8)
            sgpd.append(bigEndian: 2 as UInt32)
            sgpd.append(bigEndian: 1 as UInt32)
            sgpd.append(bigEndian: distance)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(unityMatrix: Void) {
        for value: UInt32 in [0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000] { append(bigEndian: value) }
    }
}
