package dev.pointsman.rig;

import com.google.common.base.Splitter;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import okhttp3.tls.HeldCertificate;

/** A certificate authority, and certificates without one. They are made in this JVM: a start of keytool takes a second. */
public final class Authority {
  private static final int YEAR = 365;

  /** A certificate and its key, as PEM. */
  public record Issued(String certificate, String key) {
    /** Reads the files that {@link #writeTo} has written. */
    static Issued readFrom(Path folder) throws IOException {
      return new Issued(
          Files.readString(folder.resolve("tls.crt")), Files.readString(folder.resolve("tls.key")));
    }

    /** Writes {@code tls.crt} and {@code tls.key} into a folder, each whole. */
    public void writeTo(Path folder) throws IOException {
      Files.createDirectories(folder);
      replace(folder.resolve("tls.crt"), certificate);
      replace(folder.resolve("tls.key"), key);
    }

    /** The same as a Secret for HTTPS listeners. */
    public String secret() {
      return """
          apiVersion: v1
          kind: Secret
          metadata:
            name: rig-certificate
            namespace: default
          type: kubernetes.io/tls
          data:
            tls.crt: %s
            tls.key: %s
          """.formatted(base64(certificate), base64(key));
    }

    /** The same for a gRPC server. */
    public ServerCredentials credentials() throws IOException {
      return TlsServerCredentials.create(stream(certificate), stream(key));
    }

    /** A client's side that trusts the certificate and nothing else. */
    public SSLContext trusting() throws IOException, GeneralSecurityException {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "trusted",
          CertificateFactory.getInstance("X.509").generateCertificate(stream(certificate)));
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    }

    private static InputStream stream(String pem) {
      return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }

    private static String base64(String pem) {
      return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private final HeldCertificate held;

  private Authority(HeldCertificate held) {
    this.held = held;
  }

  /** A new authority with a key of its own. */
  public static Authority create(String name) {
    return new Authority(new HeldCertificate.Builder()
        .commonName(name)
        .certificateAuthority(0)
        .duration(YEAR, TimeUnit.DAYS)
        .build());
  }

  /** A self-signed certificate for loopback, such as a stock picker makes for itself. */
  public static Issued selfSigned() {
    return issued(builder("self-signed", "dns:localhost,ip:127.0.0.1", YEAR));
  }

  /** The authority's own certificate as PEM. */
  public String certificate() {
    return held.certificatePem();
  }

  /** A certificate for a name or an address, such as {@code dns:localhost} or {@code ip:127.0.0.1}. */
  public Issued issue(String commonName, String subjectAlternativeNames) {
    return issue(commonName, subjectAlternativeNames, YEAR);
  }

  /** The same, valid for so many days. */
  public Issued issue(String commonName, String subjectAlternativeNames, int days) {
    return issued(builder(commonName, subjectAlternativeNames, days).signedBy(held));
  }

  /** The same, which was valid for a day, until yesterday. */
  public Issued expired(String commonName, String subjectAlternativeNames) {
    long yesterday = System.currentTimeMillis() - TimeUnit.DAYS.toMillis(1);
    return issued(builder(commonName, subjectAlternativeNames, 1)
        .validityInterval(yesterday - TimeUnit.DAYS.toMillis(1), yesterday)
        .signedBy(held));
  }

  private static HeldCertificate.Builder builder(String commonName, String names, int days) {
    HeldCertificate.Builder builder =
        new HeldCertificate.Builder().commonName(commonName).duration(days, TimeUnit.DAYS);
    for (String name : Splitter.on(',').split(names)) {
      builder.addSubjectAlternativeName(name.substring(name.indexOf(':') + 1));
    }
    return builder;
  }

  private static Issued issued(HeldCertificate.Builder builder) {
    HeldCertificate made = builder.build();
    return new Issued(made.certificatePem(), made.privateKeyPkcs8Pem());
  }

  /** Replaces a file as a whole. */
  public static void replace(Path file, String content) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(unfinished, content);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
