package dev.pointsman.kube.api;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** HTTP pages of pods, by the proxy of the API server: no port-forward and no Service is needed. */
public final class PodPages implements AutoCloseable {
  private final ApiServer server;

  /** Connects to the API server with the first page. */
  public PodPages(ApiAccess access) {
    server = new ApiServer(access, ApiServer.SILENCE);
  }

  /**
   * The body of a page, whatever its status is.
   *
   * @param path with the slash at its beginning
   * @param accept the type that is asked for
   * @throws IOException if the pod does not respond, or may not be asked
   */
  public String get(String namespace, String pod, int port, String path, String accept)
      throws IOException {
    return server.text(
        "/api/v1/namespaces/" + encoded(namespace) + "/pods/" + encoded(pod) + ":" + port + "/proxy"
            + path,
        accept);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.close();
  }
}
