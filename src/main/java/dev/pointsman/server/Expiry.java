package dev.pointsman.server;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When the certificates of a file expire, and a line in the log, once, before and when the first of them does. */
final class Expiry {
  private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

  /** At most so long before; of a short life the last quarter: cert-manager renews after two thirds. */
  private static final Duration SOON = Duration.ofDays(14);

  private enum Said {
    NOTHING,
    SOON,
    EXPIRED
  }

  private final Path file;
  private final Clock clock;
  private volatile Instant first = Instant.MAX;
  private Duration soon = SOON;
  private Said said = Said.NOTHING;

  Expiry(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /** The file now holds these. */
  synchronized void of(Collection<X509Certificate> certificates) {
    certificates.stream()
        .min(Comparator.comparing(certificate -> certificate.getNotAfter()))
        .ifPresent(certificate -> {
          first = certificate.getNotAfter().toInstant();
          Duration life = Duration.between(certificate.getNotBefore().toInstant(), first);
          soon = life.dividedBy(4).compareTo(SOON) < 0 ? life.dividedBy(4) : SOON;
          said = Said.NOTHING;
        });
    warn();
  }

  /** When the first certificate of the file expires. */
  Instant first() {
    return first;
  }

  /** Says what there is to say and was not said yet. */
  synchronized void warn() {
    Instant now = clock.instant();
    if (!now.isBefore(first)) {
      if (said != Said.EXPIRED) {
        said = Said.EXPIRED;
        LOG.error(
            "{}: a certificate has expired at {}; new connections fail until it is replaced",
            file,
            first);
      }
    } else if (said == Said.NOTHING && !now.isBefore(first.minus(soon))) {
      said = Said.SOON;
      LOG.warn("{}: a certificate expires at {}; replace it", file, first);
    }
  }
}
