package dev.pointsman.kube;

import dev.pointsman.model.CaCertificate;
import dev.pointsman.model.CaCertificateRef;
import dev.pointsman.model.Parsed;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads {@code ca.crt} of a ConfigMap or Secret. Envoy refuses a whole cluster for a certificate that is none. */
public final class CaCertificateParser {
  private static final String KEY = "ca.crt";
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";

  /** Some thirty CAs, as PEM. */
  private static final int MOST_BYTES = 64 << 10;

  private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private CaCertificateParser() {}

  /** Whether the ConfigMap or Secret has such a key; nothing else of it is of interest. */
  public static boolean hasCertificate(KubeObject object) {
    return object.node().path("data").has(KEY)
        || object.node().path("stringData").has(KEY);
  }

  /**
   * Reads a ConfigMap or Secret with that key.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   */
  public static Parsed<CaCertificate> parse(JsonNode object) {
    KubeObject holder = new KubeObject(object);
    boolean written = object.path("stringData").has(KEY); // wins over data, as in the API server
    String field = (written ? "stringData" : "data") + "." + KEY;
    String text = object.path(written ? "stringData" : "data").path(KEY).asString("");
    if (holder.name().isEmpty()) {
      return holder.invalid("metadata.name", "is missing");
    }
    try {
      String pem = holder.kind().equals("Secret") && !written ? decoded(text) : text;
      String certificates = certificatesIn(pem);
      if (certificates.isEmpty()) {
        return holder.invalid(field, "holds no certificate in PEM");
      }
      if (certificates.length() > MOST_BYTES) {
        return new Parsed.Invalid<>(List.of(holder.tooLarge(
            field,
            "has certificates of " + certificates.length() + " bytes, but at most " + MOST_BYTES
                + " are allowed, because each picker's cluster has them")));
      }
      CaCertificateRef ref = new CaCertificateRef(holder.kind(), holder.name());
      return new Parsed.Valid<>(
          new CaCertificate(holder.namespace(), ref, certificates), List.of());
    } catch (IllegalArgumentException notBase64) {
      return holder.invalid(field, "is not base64");
    } catch (CertificateException e) {
      return holder.invalid(field, "holds something that is not a certificate in PEM");
    }
  }

  private static String decoded(String text) {
    byte[] bytes = Base64.getMimeDecoder().decode(text); // YAML may fold it into lines
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /**
   * The certificates written anew: Envoy's library stops where it cannot read on, and whatever else is in the text (a
   * private key, by mistake) is nobody's business.
   */
  private static String certificatesIn(String pem) throws CertificateException {
    if (!pem.contains(BEGIN)) {
      return "";
    }
    byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
    StringBuilder certificates = new StringBuilder();
    for (Certificate certificate : CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(bytes))) {
      certificates
          .append(BEGIN)
          .append('\n')
          .append(BASE64.encodeToString(certificate.getEncoded()))
          .append("\n-----END CERTIFICATE-----\n");
    }
    return certificates.toString();
  }
}
