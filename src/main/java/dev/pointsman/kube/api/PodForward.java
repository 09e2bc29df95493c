package dev.pointsman.kube.api;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;

/** A port of a pod on this host's loopback, as {@code kubectl port-forward} makes it. */
public final class PodForward implements AutoCloseable {
  private final KubernetesClient client;
  private final LocalPortForward forward;

  private PodForward(KubernetesClient client, LocalPortForward forward) {
    this.client = client;
    this.forward = forward;
  }

  /**
   * Forwards a port. The pod is asked with the first connection.
   *
   * @throws IOException if no local port can be had
   */
  public static PodForward open(ApiAccess access, String namespace, String pod, int port)
      throws IOException {
    KubernetesClient client =
        new KubernetesClientBuilder().withConfig(access.config()).build();
    try {
      return new PodForward(
          client, client.pods().inNamespace(namespace).withName(pod).portForward(port));
    } catch (KubernetesClientException e) {
      client.close();
      throw new IOException(e.getMessage(), e);
    }
  }

  /** The number of the local port. */
  public int port() {
    return forward.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    try (client) {
      forward.close();
    }
  }
}
