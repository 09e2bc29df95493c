package dev.pointsman.config;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads certificates and keys in PEM (RFC 7468). Other content of a file is ignored, as in openssl. All problems are
 * {@link BadInput}s that name the file.
 */
public final class Pem {
  private static final Pattern BLOCK = Pattern.compile(
      "-----BEGIN (?<label>[A-Z0-9 ]+)-----(?<base64>[^-]*)-----END \\k<label>-----");

  private record Block(String label, byte[] der) {}

  private Pem() {}

  /** The certificates of a file, at least one, in their order. */
  public static List<X509Certificate> certificates(Path file, byte[] content) {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory x509 = CertificateFactory.getInstance("X.509");
      for (Block block : blocks(file, content)) {
        if (block.label().equals("CERTIFICATE")) {
          certificates.add(
              (X509Certificate) x509.generateCertificate(new ByteArrayInputStream(block.der())));
        }
      }
    } catch (CertificateException e) {
      throw new BadInput(file + ": a certificate in it cannot be read (" + e.getMessage() + ")");
    }
    if (certificates.isEmpty()) {
      throw new BadInput(
          file + ": holds no certificate in PEM format (-----BEGIN CERTIFICATE-----)");
    }
    return List.copyOf(certificates);
  }

  /** The certificates of a file in PEM, without other content of the file, such as a key. */
  public static String certificatesOnly(Path file, byte[] content) {
    StringBuilder pem = new StringBuilder();
    for (X509Certificate certificate : certificates(file, content)) {
      try {
        String lines =
            Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
        pem.append("-----BEGIN CERTIFICATE-----\n")
            .append(lines)
            .append("\n-----END CERTIFICATE-----\n");
      } catch (CertificateException e) {
        throw new IllegalStateException("a certificate that was just read", e);
      }
    }
    return pem.toString();
  }

  /** The private key of a file: RSA or EC, as PKCS #8, PKCS #1 or SEC 1, without a passphrase. */
  public static PrivateKey privateKey(Path file, byte[] content) {
    for (Block block : blocks(file, content)) {
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return key(file, block.der());
        }
        case "RSA PRIVATE KEY" -> {
          return key(file, Pkcs8.ofPkcs1(block.der()));
        }
        case "EC PRIVATE KEY" -> {
          return key(
              file,
              Pkcs8.ofSec1(block.der())
                  .orElseThrow(() ->
                      new BadInput(file + ": the EC key does not name its curve; let it do so with"
                          + " \"openssl ec -param_enc named_curve\"")));
        }
        case "ENCRYPTED PRIVATE KEY" -> throw encrypted(file);
        default -> {} // curve parameters, certificates
      }
    }
    if (new String(content, StandardCharsets.ISO_8859_1).contains("Proc-Type: 4,ENCRYPTED")) {
      throw encrypted(file);
    }
    throw new BadInput(file + ": holds no private key in PEM format (-----BEGIN PRIVATE KEY-----)");
  }

  private static BadInput encrypted(Path file) {
    return new BadInput(file + ": the key is encrypted; use a key without a passphrase");
  }

  /** Whether a certificate and a key belong together. */
  public static boolean match(X509Certificate certificate, PrivateKey key) {
    if (!certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
      return false;
    }
    byte[] anything = "Pointsman".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signature = Signature.getInstance(
          key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
      signature.initSign(key);
      signature.update(anything);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(anything);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // a different curve or length
    }
  }

  private static PrivateKey key(Path file, byte[] pkcs8) {
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        PrivateKey key =
            KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        if (algorithm.equals("EdDSA")) {
          throw new BadInput(file + ": the private key is an Edwards curve's (EdDSA), which Envoy"
              + " does not accept; use RSA or ECDSA");
        }
        return key;
      } catch (GeneralSecurityException _) {
        // try the next algorithm
      }
    }
    throw new BadInput(file + ": the private key is neither RSA nor EC, or is damaged");
  }

  private static List<Block> blocks(Path file, byte[] content) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(new String(content, StandardCharsets.ISO_8859_1));
    while (matcher.find()) {
      try {
        blocks.add(new Block(
            matcher.group("label"),
            Base64.getDecoder().decode(matcher.group("base64").replaceAll("\\s", ""))));
      } catch (IllegalArgumentException e) {
        throw new BadInput(
            file + ": damaged base64 after -----BEGIN " + matcher.group("label") + "-----");
      }
    }
    return blocks;
  }
}
