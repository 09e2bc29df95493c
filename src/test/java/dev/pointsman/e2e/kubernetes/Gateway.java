package dev.pointsman.e2e.kubernetes;

import dev.pointsman.e2e.Client;
import dev.pointsman.e2e.Client.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/**
 * A Gateway as its clients see it.
 *
 * @param address the host and port of one of its HTTP listeners
 */
public record Gateway(Cluster cluster, String address) {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  /** Waits until it is programmed; its first listener is the one that counts. */
  public static Gateway await(Cluster cluster, String namespace, String name) {
    String path =
        "/apis/gateway.networking.k8s.io/v1/namespaces/" + namespace + "/gateways/" + name;
    Awaitility.await("Gateway " + namespace + "/" + name + " to be programmed")
        .atMost(LIMIT)
        .until(() -> cluster.get(path), Gateway::isProgrammed);
    JsonNode gateway = cluster.get(path);
    return new Gateway(
        cluster,
        gateway.at("/status/addresses/0/value").asString("") + ":"
            + gateway.at("/spec/listeners/0/port").asInt());
  }

  /** Makes a Gateway in the namespace "gateways" for routes of all namespaces, and waits until it is programmed. */
  public static Gateway make(Cluster cluster, String name, int port) {
    cluster.namespaces("gateways");
    cluster.apply(
        "gateways",
        Cluster.manifests("gateway.yaml"),
        Map.of("GATEWAY", name, "PORT", Integer.toString(port)));
    return await(cluster, "gateways", name);
  }

  /** The Gateway that most classes of tests share, each with models of its own. */
  public static Gateway shared(Cluster cluster) {
    return make(cluster, "shared", 8081);
  }

  /** The same Gateway by another listener's port. */
  public Gateway atPort(int port) {
    return new Gateway(cluster, address.replaceAll(":\\d+$", ":" + port));
  }

  private static boolean isProgrammed(JsonNode gateway) {
    return gateway
        .path("status")
        .path("conditions")
        .valueStream()
        .anyMatch(condition -> condition.path("type").asString("").equals("Programmed")
            && condition.path("status").asString("").equals("True"));
  }

  /** An address of this Gateway. */
  public URI url(String path) {
    return URI.create("http://" + address + path);
  }

  /** Asks a model something. */
  public Answer chat(String model) {
    return send(Client.json(url(Client.CHAT)).POST(BodyPublishers.ofString(Client.body(model))));
  }

  /** Sends a request. */
  public Answer send(HttpRequest.Builder request) {
    try {
      return new Answer(cluster.http().send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Asks until a pod whose name begins so answers. */
  public void awaitServed(String model, String podPrefix) {
    Awaitility.await("a pod " + podPrefix + "... to answer for the model " + model)
        .atMost(LIMIT)
        .until(
            () -> chat(model),
            answer -> answer.status() == 200 && answer.servedBy().startsWith(podPrefix));
  }

  /** Asks until the status is this one. */
  public void awaitStatus(String model, int status) {
    Awaitility.await("the answer " + status + " for the model " + model)
        .atMost(LIMIT)
        .until(() -> chat(model), answer -> answer.status() == status);
  }
}
