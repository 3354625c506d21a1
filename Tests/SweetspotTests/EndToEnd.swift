import TestSupport
import Testing

/// Whole processes, real files and foreign judges. One after another: each takes both cores of a small machine.
@Suite("End to end", .tags(.codec), .serialized, .enabled(if: Program.isBuilt, "sweetspot and sweetspot-codec are not built"))
enum EndToEnd {}

/// Players and clients, which wait for a clock and not for a core, so that they run beside ``EndToEnd``.
@Suite("In real time", .serialized, .enabled(if: Program.isBuilt, "sweetspot and sweetspot-codec are not built"))
enum RealTime {}
