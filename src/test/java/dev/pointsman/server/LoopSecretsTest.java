package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.config.BadInput;
import dev.pointsman.config.TlsSettings;
import dev.pointsman.xds.LoopSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopSecretsTest {
  @TempDir
  private Path folder;

  /** Replicas mount the same Secret; how its PEM is broken into lines makes no difference. */
  @Test
  void oneKeyIsOneSecret() throws IOException, GeneralSecurityException {
    byte[] key = key();
    LoopSecret secret = LoopSecrets.of(certificates("a", key, 64));
    assertThat(LoopSecrets.of(certificates("b", key, 76))).isEqualTo(secret);
    assertThat(LoopSecrets.of(certificates("c", key(), 64))).isNotEqualTo(secret);
  }

  @Test
  void withoutAKeyEachProcessHasItsOwn() {
    assertThat(LoopSecrets.of(Optional.empty()))
        .isNotEqualTo(LoopSecrets.of(Optional.empty()))
        .isNotEqualTo(LoopSecret.PUBLIC);
  }

  @Test
  void missingKeyIsBadInput() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> LoopSecrets.of(tls(missing)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("tls.key");
  }

  private Optional<TlsSettings> certificates(String name, byte[] key, int lineLength)
      throws IOException {
    Path certificates = Files.createDirectory(folder.resolve(name));
    Files.writeString(
        certificates.resolve("tls.key"),
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder(lineLength, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(key)
            + "\n-----END PRIVATE KEY-----\n");
    return tls(certificates);
  }

  private static Optional<TlsSettings> tls(Path certificates) {
    return Optional.of(new TlsSettings(
        certificates,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty()));
  }

  private static byte[] key() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair().getPrivate().getEncoded();
  }
}
