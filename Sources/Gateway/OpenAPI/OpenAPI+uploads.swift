extension OpenAPI {
    /// Resumable uploads, and the question which files the locker already has.
    enum Uploads {
        static let known = Operation(
            summary: "Which of these files the locker has.",
            body: request(
                ["sha256": array(hash, upTo: 1000)],
                required: ["sha256"]),
            answer: page("Known"))
        static let options = Operation(summary: "What of tus 1.0 there is.", status: 204, headers: ["Tus-Version": text])
        /// - Parameter longest: bytes of the largest file.
        static func create(upTo longest: Int) -> Operation {
            Operation(
                summary: "Begin a resumable upload (tus 1.0).",
                parameters: [
                    tusResumable,
                    Parameter(
                        name: "Upload-Length", place: "header", description: "the file's bytes",
                        schema: number(in: 0...longest), isRequired: true),
                    Parameter(
                        name: "Upload-Metadata", place: "header",
                        description: "filename (or name) and compact, each with its value in base64, parted by commas",
                        schema: limitedText(upTo: 16_384))
                ], status: 201,
                headers: ["Location": text, "Tus-Resumable": text, "Upload-Offset": count],
                problems: [409, 412, 413, 415, 422, 423, 460])
        }
        static let state = Operation(summary: "How an upload is getting on.", answer: reference("Upload"), problems: [404])
        static let append = Operation(
            summary: "Send more of it (tus 1.0).", parameters: [tusResumable, uploadOffset], body: binary,
            bodyType: "application/offset+octet-stream", status: 204,
            headers: ["Tus-Resumable": text, "Upload-Offset": count], problems: [404, 409, 412, 413, 415, 423, 460])
        static let overridden = Operation(
            summary: "PATCH or DELETE, as X-HTTP-Method-Override says, for clients that cannot send them.",
            parameters: [
                Parameter(
                    name: "X-HTTP-Method-Override", place: "header", description: "PATCH or DELETE",
                    schema: oneOf("PATCH", "DELETE"), isRequired: true),
                tusResumable
            ], status: 204, headers: ["Tus-Resumable": text], problems: [404, 405, 409, 412, 413, 415, 423, 460])
        static let terminate = Operation(
            summary: "Remove an upload (tus 1.0).", parameters: [tusResumable], status: 204,
            headers: ["Tus-Resumable": text], problems: [404, 412, 423])
        static let optionsOfOne = Operation(
            summary: "What of tus 1.0 there is.", status: 204, headers: ["Tus-Version": text], problems: [404])
    }

    private static let tusResumable = Parameter(
        name: "Tus-Resumable", place: "header", description: "the version of tus", schema: oneOf("1.0.0"), isRequired: true)
    private static let uploadOffset = Parameter(
        name: "Upload-Offset", place: "header", description: "where the bytes go", schema: count, isRequired: true)
}
