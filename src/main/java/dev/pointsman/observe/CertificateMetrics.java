package dev.pointsman.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.function.Supplier;

/** Metrics of the certificates of the gRPC ports. */
public final class CertificateMetrics {
  /** The certificates, named like their options. */
  public enum Certificate {
    SERVER,
    GRPC_CLIENT_CA,
    EDS_CLIENT_CA
  }

  private final MeterRegistry registry;
  private final Counter good;
  private final Counter bad;

  CertificateMetrics(MeterRegistry registry) {
    this.registry = registry;
    good = reloads("ok");
    bad = reloads("error");
  }

  /** Registers the supplier of a certificate's expiry. */
  public void expires(Certificate certificate, Supplier<Instant> when) {
    Gauge.builder("pointsman.certificate.expires", () -> when.get().getEpochSecond())
        .description("Expiry of a certificate, in seconds since 1970.")
        .baseUnit("timestamp.seconds")
        .tag("certificate", LabelledMeters.snakeCase(certificate))
        .register(registry);
  }

  /** Counts a reload of changed files. */
  public void reloaded() {
    good.increment();
  }

  /** Counts a rejected change of files; the old certificate stays in use. */
  public void refused() {
    bad.increment();
  }

  private Counter reloads(String outcome) {
    return Counter.builder("pointsman.certificate.reloads")
        .description(
            "Changes of certificate files: reloaded, or rejected and the old ones kept in use.")
        .tag("outcome", outcome)
        .register(registry);
  }
}
