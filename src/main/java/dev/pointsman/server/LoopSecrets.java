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

/** Where the secret of the loop listeners comes from. */
final class LoopSecrets {
  private static final int KEY_BYTES = 32;

  private LoopSecrets() {}

  /**
   * Derived from the private key of the server's certificate, so that replicas agree and a restart changes nothing.
   * Without one it is random. A renewed key counts from the next start on.
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
