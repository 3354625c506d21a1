import Testing

extension Tag {
    /// Needs Chromium.
    @Tag static var browser: Self
}
