package dev.pointsman.kube;

import dev.pointsman.model.CaCertificate;
import dev.pointsman.model.CaCertificateRef;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.Fields;
import dev.pointsman.model.Findings;
import dev.pointsman.model.Parsed;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/** Parses {@code ca.crt} of a ConfigMap or Secret. Envoy rejects a whole cluster for an invalid certificate. */
public final class CaCertificateParser {
  private static final String KEY = "ca.crt";
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";

  /** The bound of the certificates in PEM, in bytes: some thirty CAs. */
  private static final int MOST_BYTES = 64 << 10;

  private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private CaCertificateParser() {}

  /** Whether the ConfigMap or Secret has the key {@code ca.crt}, the only one that is read. */
  public static boolean hasCertificate(KubeObject object) {
    return object.node().path("data").has(KEY)
        || object.node().path("stringData").has(KEY);
  }

  /**
   * Parses a ConfigMap or Secret with the key.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   */
  public static Parsed<CaCertificate> parse(JsonNode object) {
    KubeObject holder = new KubeObject(object);
    Findings findings = holder.findings();
    Fields fields = holder.fields(findings);
    boolean written = fields.part("stringData").has(KEY); // wins over data, as in the API server
    Fields data = fields.part(written ? "stringData" : "data");
    String certificates = "";
    try {
      String text = data.text(KEY);
      certificates =
          certificatesIn(holder.kind().equals("Secret") && !written ? decoded(text) : text);
      if (certificates.isEmpty()) {
        data.problem(KEY, "holds no certificate in PEM");
      } else if (certificates.length() > MOST_BYTES) {
        findings.problem(
            Reason.TooLarge,
            data.path(KEY),
            "has certificates of " + certificates.length() + " bytes, but at most " + MOST_BYTES
                + " are allowed, because each picker's cluster has them");
      }
    } catch (IllegalArgumentException notBase64) {
      data.problem(KEY, "is not base64");
    } catch (CertificateException e) {
      data.problem(KEY, "holds something that is not a certificate in PEM");
    }
    String pem = certificates;
    return findings.parsed(() -> new CaCertificate(
        holder.namespace(), new CaCertificateRef(holder.kind(), holder.name()), pem));
  }

  private static String decoded(String text) {
    byte[] bytes = Base64.getMimeDecoder().decode(text); // YAML may fold it into lines
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /**
   * Encodes the certificates again: Envoy's library stops at the first unreadable part, and other content of the text
   * (such as a private key, by mistake) must not be sent to proxies.
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
