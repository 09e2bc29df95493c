package dev.pointsman.e2e.kubernetes;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.pointsman.config.Pem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Stands in the place of the API server for one process, with its certificate, and refuses all. */
final class RefusingApiServer implements AutoCloseable {
  private final NetworkNamespace client;
  private final String address;
  private final HttpsServer server;
  private final AtomicInteger refused = new AtomicInteger();

  private RefusingApiServer(NetworkNamespace client, String address, HttpsServer server) {
    this.client = client;
    this.address = address;
    this.server = server;
  }

  /**
   * Begins to refuse.
   *
   * @param address of the API server as the process calls it
   * @param status of all answers
   */
  static RefusingApiServer begin(
      Cluster cluster, ClusterProcess process, String address, int status) {
    NetworkNamespace client = new NetworkNamespace(process.pid());
    client.take(address);
    HttpsServer server =
        client.inside(() -> HttpsServer.create(new InetSocketAddress(address, 443), 50));
    server.setHttpsConfigurator(
        new HttpsConfigurator(context(cluster.kubeconfig().resolveSibling("pki"))));
    RefusingApiServer refusing = new RefusingApiServer(client, address, server);
    byte[] body = """
        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "%s", "code": %d,
         "message": "refused by a test"}
        """.formatted(reason(status), status).getBytes(StandardCharsets.UTF_8);
    server.createContext("/", exchange -> {
      refusing.refused.incrementAndGet();
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().add("content-type", "application/json");
      if (status == 429) {
        exchange.getResponseHeaders().add("retry-after", "1");
      }
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    return refusing;
  }

  private static String reason(int status) {
    return switch (status) {
      case 410 -> "Expired";
      case 429 -> "TooManyRequests";
      default -> "InternalError";
    };
  }

  private static SSLContext context(Path pki) {
    char[] none = {};
    try {
      Path key = pki.resolve("apiserver.key");
      PrivateKey secret = Pem.privateKey(key, Files.readAllBytes(key));
      Certificate certificate = CertificateFactory.getInstance("X.509")
          .generateCertificate(
              new ByteArrayInputStream(Files.readAllBytes(pki.resolve("apiserver.crt"))));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, none);
      store.setKeyEntry("apiserver", secret, none, new Certificate[] {certificate});
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, none);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The number of refused requests. */
  int refused() {
    return refused.get();
  }

  @Override
  public void close() {
    client.release(address);
    server.stop(0);
  }
}
