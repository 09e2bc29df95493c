package dev.pointsman.server;

import dev.pointsman.config.BadInput;
import dev.pointsman.config.Pem;
import dev.pointsman.config.TlsSettings;
import dev.pointsman.xds.LoopSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** Creates the secret of the loop listeners. */
final class LoopSecrets {
  private static final int KEY_BYTES = 32;

  private LoopSecrets() {}

  /**
   * Derives the secret from the private key of the server's certificate, so it is the same in all replicas and after a
   * restart. Without a key it is random. A renewed key takes effect at the next start.
   *
   * @throws BadInput when the key cannot be read
   */
  static LoopSecret of(Optional<TlsSettings> tls) {
    return LoopSecret.derivedFrom(
        tls.map(TlsSettings::key).map(LoopSecrets::encoded).orElseGet(LoopSecrets::random));
  }

  private static byte[] encoded(Path key) {
    try {
      return Pem.privateKey(key, Files.readAllBytes(key)).getEncoded();
    } catch (IOException e) {
      throw new BadInput(key + ": cannot be read (" + e.getMessage() + ")");
    }
  }

  private static byte[] random() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return key;
  }
}
