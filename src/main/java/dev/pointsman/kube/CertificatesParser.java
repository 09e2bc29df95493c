package dev.pointsman.kube;

import dev.pointsman.config.BadInput;
import dev.pointsman.config.Pem;
import dev.pointsman.model.CertificateRef;
import dev.pointsman.model.Certificates;
import dev.pointsman.model.ClientCertificate;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.Fields;
import dev.pointsman.model.Findings;
import dev.pointsman.model.Parsed;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Parses {@code ca.crt} of a ConfigMap or Secret, and {@code tls.crt} with {@code tls.key} of a Secret. Envoy rejects a whole
 * cluster for an invalid certificate or for a key of another one.
 */
public final class CertificatesParser {
  private static final String AUTHORITIES = "ca.crt";
  private static final String CHAIN = "tls.crt";
  private static final String KEY = "tls.key";
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";

  /** The bound of the certificates in PEM, in bytes: some thirty CAs. */
  private static final int MOST_BYTES = 64 << 10;

  private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final KubeObject holder;
  private final Findings findings;
  private final Fields fields;

  private CertificatesParser(KubeObject holder) {
    this.holder = holder;
    findings = holder.findings();
    fields = holder.fields(findings);
  }

  /** Whether the ConfigMap or Secret has one of the keys that are read. */
  public static boolean hasAny(KubeObject object) {
    return has(object, AUTHORITIES) || object.kind().equals("Secret") && has(object, CHAIN);
  }

  private static boolean has(KubeObject object, String key) {
    return object.node().path("data").has(key)
        || object.node().path("stringData").has(key);
  }

  /**
   * Parses a ConfigMap or Secret with certificates. A client certificate that cannot be used is left out with a remark:
   * the object may be named for its CA only.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   * @param withKey whether a client certificate with its key is read
   */
  public static Parsed<Certificates> parse(JsonNode object, boolean withKey) {
    KubeObject holder = new KubeObject(object);
    return new CertificatesParser(holder).read(withKey);
  }

  private Parsed<Certificates> read(boolean withKey) {
    boolean isSecret = holder.kind().equals("Secret");
    Optional<ClientCertificate> client =
        withKey && isSecret && has(holder, CHAIN) ? client() : Optional.empty();
    Optional<String> authorities = !isSecret || has(holder, AUTHORITIES) || !has(holder, CHAIN)
        ? Optional.of(authorities())
        : Optional.empty();
    return findings.parsed(() -> new Certificates(
        holder.namespace(), new CertificateRef(holder.kind(), holder.name()), authorities, client));
  }

  private Fields data(String key) {
    boolean written = fields.part("stringData").has(key); // wins over data, as in the API server
    return fields.part(written ? "stringData" : "data");
  }

  /** @throws IllegalArgumentException if it is not base64 */
  private String text(String key) {
    String text = data(key).text(key);
    return holder.kind().equals("Secret") && !fields.part("stringData").has(key)
        ? decoded(text)
        : text;
  }

  private String authorities() {
    Fields data = data(AUTHORITIES);
    String certificates = "";
    try {
      certificates = certificatesIn(text(AUTHORITIES));
      if (certificates.isEmpty()) {
        data.problem(AUTHORITIES, "holds no certificate in PEM");
      } else if (certificates.length() > MOST_BYTES) {
        findings.problem(
            Reason.TooLarge,
            data.path(AUTHORITIES),
            "has certificates of " + certificates.length() + " bytes, but at most " + MOST_BYTES
                + " are allowed, because each picker's cluster has them");
      }
    } catch (IllegalArgumentException notBase64) {
      data.problem(AUTHORITIES, "is not base64");
    } catch (CertificateException e) {
      data.problem(AUTHORITIES, "holds something that is not a certificate in PEM");
    }
    return certificates;
  }

  private Optional<ClientCertificate> client() {
    Fields data = data(CHAIN);
    try {
      String chain = certificatesIn(text(CHAIN));
      byte[] pem = text(KEY).getBytes(StandardCharsets.ISO_8859_1);
      if (chain.isEmpty() || chain.length() + pem.length > MOST_BYTES) {
        data.remark(CHAIN, "holds no certificate in PEM, or too many");
        return Optional.empty();
      }
      PrivateKey key = Pem.privateKey(Path.of(KEY), pem);
      Certificate first = CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(chain.getBytes(StandardCharsets.US_ASCII)));
      if (!Pem.match((java.security.cert.X509Certificate) first, key)) {
        data.remark(KEY, "is not the key of the first certificate in tls.crt");
        return Optional.empty();
      }
      return Optional.of(new ClientCertificate(chain, pem("PRIVATE KEY", key.getEncoded())));
    } catch (IllegalArgumentException notBase64) {
      data.remark(CHAIN, "or tls.key is not base64");
    } catch (CertificateException e) {
      data.remark(CHAIN, "holds something that is not a certificate in PEM");
    } catch (BadInput noKey) {
      data.remark(KEY, "cannot be used: use an RSA or EC key in PEM, not encrypted");
    }
    return Optional.empty();
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
      certificates.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    return certificates.toString();
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN " + label + "-----\n" + BASE64.encodeToString(der) + "\n-----END " + label
        + "-----\n";
  }
}
