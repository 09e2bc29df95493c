import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * What the AOT cache is trained with in place of a cluster: lists are empty, watches silent. Ends with its standard
 * input. Arguments: a PKCS12 file and its password. Prints its port.
 */
public class ApiServer {
  public static void main(String[] arguments) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (FileInputStream file = new FileInputStream(arguments[0])) {
      store.load(file, arguments[1].toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, arguments[1].toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", ApiServer::answer);
    server.start();
    System.out.println(server.getAddress().getPort());
    System.in.transferTo(System.err);
    System.exit(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    boolean watch = exchange.getRequestURI().getQuery().contains("watch=true");
    byte[] list = "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": []}"
        .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, watch ? 0 : list.length);
    if (watch) {
      exchange.getResponseBody().flush();
    } else {
      exchange.getResponseBody().write(list);
      exchange.close();
    }
  }
}
