import Audio
import Codec
import CodecProcess

/// The worker, one-shot ingest and one-shot pictures: the only program that meets untrusted files. Not meant to be called by
/// hand.
@main
struct SweetspotCodec {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        switch words.first {
        case "render" where words.count == 1: render()
        case "ingest":
            if let limits = IngestLimits(arguments: words.dropFirst()) { ingest(limits) }
        case "picture" where words.count == 2:
            if let size = Int(digits: words[1]), Picture.Limit.sizes.contains(size) { picture(size) }
        default: break
        }
        leave(64, "sweetspot-codec: not for people: sweetspot starts it")
    }

    private static func render() -> Never {
        quietLibraries()
        do throws(RenderError) {
            // Renders with every family, so that no library has to open a file once inside the sandbox.
            let fingerprint = try renderFingerprint()
            var renderer = Renderer()
            enterSandbox(.worker)
            serveJobs(fingerprint: fingerprint) { job, packets, emit in
                do throws(RenderError) {
                    try renderer.render(job, packets: packets, emit: emit)
                } catch {
                    throw WorkerError.failed(error.reason)
                }
            }
        } catch {
            leave(70, "sweetspot-codec: the built-in signal could not be rendered: \(error.reason)")
        }
    }

    private static func ingest(_ limits: IngestLimits) -> Never {
        quietLibraries()
        enterSandbox(.ingest)
        serveIngest(libraries: libavVersions()) { Ingest.run(fileDescriptor: 0, limits: limits, emit: $0) }
    }

    private static func picture(_ size: Int) -> Never {
        quietLibraries()
        enterSandbox(.ingest)
        servePicture { () throws(Refusal) in try Thumbnail.make(fileDescriptor: 0, size: size) }
    }
}
