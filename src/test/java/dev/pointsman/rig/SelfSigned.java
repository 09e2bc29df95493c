package dev.pointsman.rig;

import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate, such as a stock picker makes for itself; from the JDK's keytool. */
public final class SelfSigned {
  private static final char[] PASSWORD = "not-secret".toCharArray();
  private static final String ALIAS = "rig";

  private SelfSigned() {}

  /** TLS with the certificate in a key store. */
  public static ServerCredentials credentials(Path keyStore) throws IOException {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(load(keyStore), PASSWORD);
      return TlsServerCredentials.newBuilder().keyManager(keys.getKeyManagers()).build();
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot read " + keyStore, e);
    }
  }

  /** A client's side that trusts the certificate and nothing else. */
  public static SSLContext trusting(Path keyStore) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(ALIAS, load(keyStore).getCertificate(ALIAS));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  /** The certificate as a Secret for HTTPS listeners. */
  public static String secret(Path keyStore) throws IOException {
    try {
      KeyStore store = load(keyStore);
      Certificate certificate = store.getCertificate(ALIAS);
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
          """.formatted(
              base64Pem("CERTIFICATE", certificate.getEncoded()),
              base64Pem("PRIVATE KEY", store.getKey(ALIAS, PASSWORD).getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot read " + keyStore, e);
    }
  }

  private static String base64Pem(String what, byte[] der) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    String pem = "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private static KeyStore load(Path keyStore) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(keyStore)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD);
      return store;
    }
  }

  /** Makes the key store. */
  public static void make(Path keyStore) throws IOException, InterruptedException {
    String[] command = {
      Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
      "-genkeypair",
      "-alias",
      ALIAS,
      "-keyalg",
      "EC",
      "-groupname",
      "secp256r1",
      "-dname",
      "CN=self-signed",
      "-ext",
      "san=dns:localhost,ip:127.0.0.1",
      "-validity",
      "3650",
      "-storetype",
      "PKCS12",
      "-storepass",
      new String(PASSWORD),
      "-keystore",
      keyStore.toString()
    };
    Process keytool = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(Redirect.DISCARD) // it tells what it does even when all is well
        .start();
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool failed: " + String.join(" ", command));
    }
  }
}
