import Audio
import CFFmpeg

/// A decoded picture.
struct PixelFrame: ~Copyable {
    private let frame: UnsafeMutablePointer<AVFrame>

    var width: Int { Int(frame.pointee.width) }
    var height: Int { Int(frame.pointee.height) }

    private var format: AVPixelFormat { AVPixelFormat(frame.pointee.format) }

    private init() {
        frame = allocated(av_frame_alloc())
    }

    /// A frame to write to.
    private init(width: Int, height: Int, _ format: AVPixelFormat) throws(Refusal) {
        self.init()
        frame.pointee.width = Int32(clamping: width)
        frame.pointee.height = Int32(clamping: height)
        frame.pointee.format = format.rawValue
        guard av_frame_get_buffer(frame, 0) >= 0 else { throw Refusal(.tooLarge, "the picture does not fit into memory") }
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
    }
}

// MARK: - Decoding

extension PixelFrame {
    /// The first picture in `bytes`.
    init(decoding bytes: [UInt8], _ format: Picture.Format) throws(Refusal) {
        self.init()
        let name =
            switch format {
            case .jpeg: "mjpeg"
            case .png, .gif, .webp: format.rawValue
            }
        guard let codec = avcodec_find_decoder_by_name(name) else { throw Self.undecodable }
        var context: UnsafeMutablePointer<AVCodecContext>? = allocated(avcodec_alloc_context3(codec))
        // Runs before the frame is written to, so that no other reference to it is left.
        defer { avcodec_free_context(&context) }
        context?.pointee.thread_count = 1
        // libavcodec compares it with the allocated size, whose sides are rounded up.
        context?.pointee.max_pixels = Int64(2 * Picture.Limit.pixels)
        var packet = PacketBuffer()
        guard avcodec_open2(context, codec, nil) >= 0,
            avcodec_send_packet(context, packet.load(bytes.span.bytes)) >= 0,
            avcodec_receive_frame(context, frame) >= 0,
            width > 0, height > 0, width <= Picture.Limit.pixels / height
        else { throw Self.undecodable }
    }

    private static var undecodable: Refusal { Refusal(.undecodable, "the picture cannot be decoded") }

    /// The turn that shows the picture upright.
    var orientation: Orientation {
        guard let matrix = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX), matrix.pointee.size >= 36 else {
            return Orientation()
        }
        return matrix.pointee.data.withMemoryRebound(to: Int32.self, capacity: 9) { Orientation($0) }
    }
}

// MARK: - Drawing

extension PixelFrame {
    /// Whether a picture of that format can be transparent.
    private static func hasAlpha(_ format: AVPixelFormat) -> Bool {
        av_pix_fmt_desc_get(format).map { $0.pointee.flags & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0 } ?? false
    }

    /// Puts a picture that may be transparent on white.
    mutating func coverWithWhite() throws(Refusal) {
        guard Self.hasAlpha(format) else { return }
        if format != AV_PIX_FMT_RGBA || av_frame_is_writable(frame) == 0 {
            self = try scaled(to: (width, height), AV_PIX_FMT_RGBA)
        }
        let pixels = allocated(frame.pointee.data.0)
        for row in 0..<height {
            let line = UnsafeMutableBufferPointer(start: pixels + row * Int(frame.pointee.linesize.0), count: width * 4)
            for pixel in stride(from: 0, to: line.count, by: 4) {
                let alpha = Int(line[pixel + 3])
                guard alpha < 255 else { continue }
                for component in pixel..<(pixel + 3) {
                    line[component] = UInt8((Int(line[component]) * alpha + 255 * (255 - alpha) + 127) / 255)
                }
            }
        }
        frame.pointee.format = AV_PIX_FMT_RGB0.rawValue
    }

    /// The picture scaled so that its longer side has `size` pixels, in full chroma.
    func scaled(toFit size: Int) throws(Refusal) -> PixelFrame {
        let longer = max(width, height)
        func fitted(_ side: Int) -> Int { max(1, (side * size + longer / 2) / longer) }
        return try scaled(to: (fitted(width), fitted(height)), AV_PIX_FMT_YUVJ444P)
    }

    private func scaled(to size: (width: Int, height: Int), _ format: AVPixelFormat) throws(Refusal) -> PixelFrame {
        let target = try PixelFrame(width: size.width, height: size.height, format)
        let flags = SWS_LANCZOS | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT
        let scaler = sws_getContext(
            frame.pointee.width, frame.pointee.height, self.format, target.frame.pointee.width, target.frame.pointee.height,
            format, flags, nil, nil, nil)
        defer { sws_freeContext(scaler) }
        guard scaler != nil, sws_scale_frame(scaler, target.frame, frame) >= 0 else {
            throw Refusal(.undecodable, "the picture cannot be scaled")
        }
        return target
    }

    /// The picture turned; its planes all have the same size.
    consuming func turned(_ turn: Orientation) throws(Refusal) -> PixelFrame {
        guard turn.isTransposed || turn.isMirrored || turn.isFlipped else { return self }
        let target = try PixelFrame(
            width: turn.isTransposed ? height : width, height: turn.isTransposed ? width : height, format)
        for plane in 0..<3 {
            let (source, sourceStride) = self.plane(plane)
            let (pixels, stride) = target.plane(plane)
            for row in 0..<target.height {
                for column in 0..<target.width {
                    let x = turn.isMirrored ? target.width - 1 - column : column
                    let y = turn.isFlipped ? target.height - 1 - row : row
                    pixels[row * stride + column] =
                        turn.isTransposed ? source[x * sourceStride + y] : source[y * sourceStride + x]
                }
            }
        }
        return target
    }

    private func plane(_ plane: Int) -> (pixels: UnsafeMutablePointer<UInt8>, stride: Int) {
        withUnsafeBytes(of: &frame.pointee.linesize) { strides in
            let stride = Int(strides.assumingMemoryBound(to: Int32.self)[plane])
            return (allocated(allocated(frame.pointee.extended_data)[plane]), stride)
        }
    }
}

// MARK: - Encoding

extension PixelFrame {
    /// libavcodec's quantiser scale: 2 is the best. At 3, covers of 300 pixels have some 20 kB and less error than libjpeg leaves at 90.
    private static let quantiser: Int32 = 3

    /// The picture, in full chroma, as a JPEG.
    func encoded() throws(Refusal) -> [UInt8] {
        let failed = Refusal(.undecodable, "the picture cannot be encoded")
        guard let codec = avcodec_find_encoder_by_name("mjpeg") else { throw failed }
        let context = allocated(avcodec_alloc_context3(codec))
        var closing: UnsafeMutablePointer<AVCodecContext>? = context
        defer { avcodec_free_context(&closing) }
        context.pointee.thread_count = 1
        context.pointee.width = frame.pointee.width
        context.pointee.height = frame.pointee.height
        context.pointee.pix_fmt = format
        context.pointee.time_base = AVRational(num: 1, den: 1)
        context.pointee.flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT
        context.pointee.global_quality = FF_QP2LAMBDA * Self.quantiser
        frame.pointee.quality = FF_QP2LAMBDA * Self.quantiser
        frame.pointee.pict_type = AV_PICTURE_TYPE_I
        frame.pointee.pts = 0
        var packet: UnsafeMutablePointer<AVPacket>? = allocated(av_packet_alloc())
        defer { av_packet_free(&packet) }
        guard avcodec_open2(context, codec, nil) >= 0, avcodec_send_frame(context, frame) >= 0,
            avcodec_receive_packet(context, packet) >= 0, let made = packet?.pointee
        else { throw failed }
        return Array(UnsafeBufferPointer(start: made.data, count: Int(made.size)))
    }
}
