package dev.pointsman.rig;

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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority, and certificates without one, from the JDK's keytool; its files lie in a folder of its own. */
public final class Authority {
  private static final String PASSWORD = "not-secret";

  /** A certificate and its key, as PEM. */
  public record Issued(String certificate, String key) {
    /** Reads the files that {@link #writeTo} has written. */
    static Issued readFrom(Path folder) throws IOException {
      return new Issued(
          Files.readString(folder.resolve("tls.crt")), Files.readString(folder.resolve("tls.key")));
    }

    /** Writes {@code tls.crt} and {@code tls.key} into a folder, each whole. */
    public void writeTo(Path folder) throws IOException {
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

  private final Path folder;
  private final String name;
  private int issued;

  private Authority(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** A new authority with a key of its own. */
  public static Authority create(Path folder, String name) throws IOException {
    Authority authority = new Authority(Files.createDirectories(folder), name);
    authority.generate("ca", "CN=" + name, "3650", "bc:c");
    return authority;
  }

  /** A self-signed certificate for loopback, such as a stock picker makes for itself. */
  public static Issued selfSigned(Path folder) throws IOException {
    Authority nobody = new Authority(Files.createDirectories(folder), "self-signed");
    nobody.generate("self-signed", "CN=self-signed", "3650", "san=dns:localhost,ip:127.0.0.1");
    return new Issued(nobody.export("self-signed"), nobody.key("self-signed"));
  }

  /** The authority's own certificate as PEM. */
  public String certificate() throws IOException {
    return export("ca");
  }

  /** A certificate for a name or an address, such as {@code dns:localhost} or {@code ip:127.0.0.1}. */
  public Issued issue(String commonName, String subjectAlternativeName) throws IOException {
    return issue(commonName, subjectAlternativeName, "365");
  }

  /** The same, valid for so many days. */
  public Issued issue(String commonName, String subjectAlternativeName, String days)
      throws IOException {
    return issue(commonName, subjectAlternativeName, days, "+0d");
  }

  /** The same, which was valid for a day, until yesterday. */
  public Issued expired(String commonName, String subjectAlternativeName) throws IOException {
    return issue(commonName, subjectAlternativeName, "1", "-2d");
  }

  private Issued issue(String commonName, String subjectAlternativeName, String days, String since)
      throws IOException {
    String alias = "issued-" + ++issued;
    generate(alias, "CN=" + commonName, days, "san=" + subjectAlternativeName);
    Path request = folder.resolve(alias + ".csr");
    Path signed = folder.resolve(alias + ".crt");
    keytool("-certreq", "-alias", alias, "-file", request.toString());
    keytool(
        "-gencert",
        "-rfc",
        "-alias",
        "ca",
        "-ext",
        "san=" + subjectAlternativeName,
        "-validity",
        days,
        "-startdate",
        since,
        "-infile",
        request.toString(),
        "-outfile",
        signed.toString());
    return new Issued(Files.readString(signed), key(alias));
  }

  /** Replaces a file as a whole. */
  public static void replace(Path file, String content) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(unfinished, content);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void generate(String alias, String subject, String days, String extension)
      throws IOException {
    keytool(
        "-genkeypair",
        "-alias",
        alias,
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        subject,
        "-ext",
        extension,
        "-validity",
        days);
  }

  private String export(String alias) throws IOException {
    Path file = folder.resolve(alias + ".pem");
    keytool("-exportcert", "-rfc", "-alias", alias, "-file", file.toString());
    return Files.readString(file).replace("\r\n", "\n"); // keytool mixes them
  }

  private String key(String alias) throws IOException {
    try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      byte[] der = keys.getKey(alias, PASSWORD.toCharArray()).getEncoded();
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
          + "\n-----END PRIVATE KEY-----\n";
    } catch (GeneralSecurityException e) {
      throw new IOException("the keys of " + name, e);
    }
  }

  private void keytool(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of(
        "-storetype",
        "PKCS12",
        "-storepass",
        PASSWORD,
        "-keystore",
        folder.resolve("keys.p12").toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
