package dev.pointsman.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.function.Supplier;

/** The certificates of the gRPC ports. */
public final class CertificateMetrics {
  /** The certificates that we use, named as the options that they come from. */
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

  /** Where to read when a certificate expires. */
  public void expires(Certificate certificate, Supplier<Instant> when) {
    Gauge.builder("pointsman.certificate.expires", () -> when.get().getEpochSecond())
        .description("When a certificate expires, in seconds since 1970.")
        .baseUnit("timestamp.seconds")
        .tag("certificate", Labelled.snakeCase(certificate))
        .register(registry);
  }

  /** Changed files were taken over. */
  public void reloaded() {
    good.increment();
  }

  /** Changed files could not be used; the certificate before them still is. */
  public void refused() {
    bad.increment();
  }

  private Counter reloads(String outcome) {
    return Counter.builder("pointsman.certificate.reloads")
        .description("Changes of certificate files: taken over, or refused and the old ones kept.")
        .tag("outcome", outcome)
        .register(registry);
  }
}
