public import Testing

extension Tag {
    /// Needs Chromium.
    @Tag public static var browser: Self
}
