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

/** Tracks the expiry of the certificates of a file, and logs one line before and one at the first expiry. */
final class Expiry {
  private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

  /**
   * The longest time of the warning before expiry. For a short lifetime it is the last quarter: cert-manager renews
   * after two thirds.
   */
  private static final Duration SOON = Duration.ofDays(14);

  private enum Logged {
    NOTHING,
    SOON,
    EXPIRED
  }

  private final Path file;
  private final Clock clock;
  private volatile Instant first = Instant.MAX;
  private Duration soon = SOON;
  private Logged logged = Logged.NOTHING;

  Expiry(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /** Sets the certificates of the file. */
  synchronized void of(Collection<X509Certificate> certificates) {
    certificates.stream()
        .min(Comparator.comparing(certificate -> certificate.getNotAfter()))
        .ifPresent(certificate -> {
          first = certificate.getNotAfter().toInstant();
          Duration life = Duration.between(certificate.getNotBefore().toInstant(), first);
          soon = life.dividedBy(4).compareTo(SOON) < 0 ? life.dividedBy(4) : SOON;
          logged = Logged.NOTHING;
        });
    warn();
  }

  /** The time of the first expiry. */
  Instant first() {
    return first;
  }

  /** Logs the next warning if it is due. */
  synchronized void warn() {
    Instant now = clock.instant();
    if (!now.isBefore(first)) {
      if (logged != Logged.EXPIRED) {
        logged = Logged.EXPIRED;
        LOG.error(
            "{}: a certificate has expired at {}; new connections fail until it is replaced",
            file,
            first);
      }
    } else if (logged == Logged.NOTHING && !now.isBefore(first.minus(soon))) {
      logged = Logged.SOON;
      LOG.warn("{}: a certificate expires at {}; replace it", file, first);
    }
  }
}
