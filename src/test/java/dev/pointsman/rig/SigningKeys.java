package dev.pointsman.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;

/** The keys with which an API server signs the tokens of service accounts. */
final class SigningKeys {
  private SigningKeys() {}

  /** Writes {@code sa.key} and {@code sa.pub}. */
  static void write(Path folder) throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair keys = generator.generateKeyPair();
    writePem(folder.resolve("sa.key"), "PRIVATE KEY", keys.getPrivate().getEncoded());
    writePem(folder.resolve("sa.pub"), "PUBLIC KEY", keys.getPublic().getEncoded());
  }

  private static void writePem(Path file, String what, byte[] der) throws IOException {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n");
  }
}
