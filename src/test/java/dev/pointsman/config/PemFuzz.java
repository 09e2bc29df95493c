package dev.pointsman.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** Anything in a file of certificates or keys is read or refused, and a refusal repeats nothing of a key. */
public final class PemFuzz {
  private static final Path FILE = Path.of("file.pem");

  private PemFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    try {
      List<X509Certificate> certificates = Pem.certificates(FILE, bytes);
      String only = Pem.certificatesOnly(FILE, bytes);
      if (!Pem.certificates(FILE, only.getBytes(StandardCharsets.US_ASCII)).equals(certificates)) {
        throw new AssertionError("the certificates are others after printing");
      }
      if (only.contains("PRIVATE KEY")) { // Base64 has no space
        throw new AssertionError("a key beside the certificates is kept");
      }
    } catch (BadInput refused) {
      check(refused);
    }
    try {
      PrivateKey key = Pem.privateKey(FILE, bytes);
      if (!List.of("RSA", "EC").contains(key.getAlgorithm())) {
        throw new AssertionError(key.getAlgorithm());
      }
    } catch (BadInput refused) {
      check(refused);
    }
  }

  private static void check(BadInput refused) {
    if (refused.problems().stream().anyMatch(problem -> !problem.startsWith("file.pem: "))) {
      throw new AssertionError("a refusal without its file: " + refused.problems());
    }
  }
}
