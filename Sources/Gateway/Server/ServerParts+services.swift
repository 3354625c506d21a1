import CoreMetrics
import Intake
import Logging
import Metrics
import ServiceLifecycle

extension ServerParts {
    /// The services that run beside the server, in the order in which they start.
    ///
    /// The warnings are logged here, where the configuration has been accepted: a configuration that is refused gets one
    /// line only.
    func makeServices() -> [any Service] {
        var services: [any Service] = [
            CodecService(parts: self), ChangeWatch(catalogue: catalogue),
            EventClock(streams: events, interval: configuration.eventInterval), tastes, offers
        ]
        services.append(
            Scrobbling(
                catalogue: catalogue, seal: appPasswordSeal, protocols: configuration.scrobbling.protocols, client: scrobbles,
                pace: configuration.scrobblePace, logger: logger))
        noteLandlock()
        if configuration.proxies.ranges.contains(where: \.isEverything) {
            logger.warning("proxy.trusted has all addresses there are: any client may say that it is another")
        }
        if privacy.isDone {
            privacy.report(to: logger)
        } else {
            services.append(FilePrivacyService(privacy: privacy, logger: logger))
        }
        if let age = configuration.historyAge {
            services.append(HistoryRetention(catalogue: catalogue, age: age, logger: logger))
        }
        if !intake.isReadOnly { services += intakeServices }
        if let folder = configuration.music {
            services.append(MusicImport(folder: folder, account: owner, intake: intake, board: imports, logger: logger))
        }
        return services
    }

    private var intakeServices: [any Service] {
        var services: [any Service] = [checks]
        if configuration.scrub.bytes > 0 {
            services.append(
                Scrub(
                    intake: intake, catalogue: catalogue, bytesPerSecond: configuration.scrub.bytes, logger: logger,
                    metrics: metrics))
        }
        services.append(Remeasurement(intake: intake, engine: engine, logger: logger, metrics: metrics))
        services.append(
            Upkeep(
                intake: intake, catalogue: catalogue, checks: checks, engine: engine, grace: configuration.deletionGrace,
                logger: logger))
        return services
    }

    /// Logs a warning if the kernel lacks Landlock, one of the two walls around codec processes.
    private func noteLandlock() {
        let version = configuration.landlock
        Meter(label: "sweetspot_landlock", dimensions: [], factory: metrics).set(version > 0 ? 1 : 0)
        guard version == 0 else { return }
        logger.warning(
            """
            this kernel has no Landlock, or it is switched off: system call filters and limits alone keep codec processes from files and \
            the network. Linux 5.13 has it, with landlock among the names in lsm=
            """)
    }
}
