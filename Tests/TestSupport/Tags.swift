public import Testing

extension Tag {
    /// Runs libav, LAME or Opus, in the test's process or through sweetspot-codec.
    @Tag public static var codec: Self
    /// Tests the code of the module Packaging.
    @Tag public static var packaging: Self
    /// Starts a server and speaks HTTP to it.
    @Tag public static var http: Self
    /// Is judged by a program or a library that is not ours.
    @Tag public static var oracle: Self
    /// Needs Chromium.
    @Tag public static var browser: Self
    /// Takes more than about ten seconds, or has a longer form by SWEETSPOT_LONG.
    @Tag public static var slow: Self
}
