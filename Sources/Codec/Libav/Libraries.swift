import CFFmpeg
import CLAME
import COpus

/// Keeps the codec libraries from writing to stderr. Call it once, before anything else of this module.
public func quietLibraries() {
    av_log_set_level(AV_LOG_QUIET)
}

private func dotted(_ version: UInt32) -> String { "\(version >> 16).\(version >> 8 & 0xFF).\(version & 0xFF)" }

/// Names and versions of the libraries that decide how many samples a packet has: a map's `TrackMap.libraries`.
public func libavVersions() -> String {
    "libavformat \(dotted(avformat_version())) libavcodec \(dotted(avcodec_version()))"
}

/// Names and versions of the libraries that decide a chunk's bytes.
func libraryVersions() -> String {
    let opus = String(cString: opus_get_version_string())
    return "\(libavVersions()) libswresample \(dotted(swresample_version())) "
        + "LAME \(String(cString: get_lame_version())) \(opus)"
}
