package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.config.Pem;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.Logged;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiryTest {
  @Test
  void expiryIsLoggedOnceBeforeAndOnceAtItsTime() throws Exception {
    byte[] pem = Authority.create("ca")
        .issue("short", "dns:localhost", 4)
        .certificate()
        .getBytes(StandardCharsets.US_ASCII);
    List<X509Certificate> certificates = Pem.certificates(Path.of("tls.crt"), pem);
    Instant end = certificates.getFirst().getNotAfter().toInstant();
    Instant[] now = {end.minus(Duration.ofDays(2))};
    InstantSource source = () -> now[0];
    Clock clock = source.withZone(ZoneOffset.UTC);
    try (Logged log = new Logged()) {
      Expiry expiry = new Expiry(Path.of("tls.crt"), clock);
      expiry.of(certificates);
      assertThat(expiry.first()).isEqualTo(end);
      assertThat(log.lines()).isEmpty(); // more than a quarter of four days is left
      now[0] = end.minus(Duration.ofHours(23));
      expiry.warn();
      expiry.warn();
      assertThat(log.lines())
          .containsExactly("WARN tls.crt: a certificate expires at " + end + "; replace it");
      now[0] = end;
      expiry.warn();
      expiry.warn();
      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().getLast()).startsWith("ERROR tls.crt: a certificate has expired at ");
    }
  }
}
