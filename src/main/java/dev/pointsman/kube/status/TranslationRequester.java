package dev.pointsman.kube.status;

import dev.pointsman.kube.status.WriteApi.WriteFailure;
import dev.pointsman.kube.status.WriteApi.Written;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.StatusInputs;
import dev.pointsman.status.StatusPlan;
import dev.pointsman.status.TranslationRequest;
import dev.pointsman.status.TranslationRequest.Cause;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks Envoy Gateway for a new translation of all Gateways. It does not repeat a large call that a replica took down with
 * it, and goes on with the old configuration until something changes.
 *
 * <p>Something changes in two steps. StatusController get a condition more, which makes the objects others than those that were
 * translated; but changes of statuses do not wake Envoy Gateway. An InferencePolicy does that comes and goes, for a Gateway
 * that does not exist. The replica that writes statuses takes the condition away.
 */
final class TranslationRequester {
  private static final Logger LOG = LoggerFactory.getLogger(TranslationRequester.class);

  /** The InferencePolicy that comes and goes, and the Gateway that it names. */
  static final String NAME = "pointsman-request-translation";

  private final OptimisticWrites writes;
  private final String namespace;
  private final String instance;
  private final Duration pause;

  /**
   * What asks for nothing yet.
   *
   * @param namespace where the InferencePolicy comes and goes, one that Envoy Gateway watches
   * @param pause after which Envoy Gateway has surely seen what was written
   */
  TranslationRequester(OptimisticWrites writes, String namespace, String instance, Duration pause) {
    this.writes = writes;
    this.namespace = namespace;
    this.instance = instance;
    this.pause = pause;
  }

  /**
   * Asks, unless there is nothing to translate.
   *
   * @return whether it need not be asked again
   */
  boolean ask(StatusInputs inputs, Cause cause) throws InterruptedException {
    try {
      request(inputs, cause);
      return true;
    } catch (WriteFailure e) {
      writes.metrics().failed();
      LOG.warn(
          "Envoy Gateway is not asked to translate again{}: {}",
          e.isRefusal() ? " (--request-translation=false says that it need not be)" : "",
          e.getMessage());
      return e.isRefusal();
    }
  }

  private void request(StatusInputs inputs, Cause cause) throws InterruptedException {
    Instant now = writes.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    String message = cause.message().formatted(instance, now);
    List<ObjectStatus> statuses =
        TranslationRequest.of(inputs, StatusPlan.of(inputs), cause, message);
    if (statuses.isEmpty()) {
      return;
    }
    for (ObjectStatus status : statuses) {
      writes
          .api()
          .get(OptimisticWrites.path(status.object()))
          .ifPresent(object -> writes.write(status, object, () -> true));
      // where others were faster, what was translated has changed as well
    }
    Thread.sleep(pause); // it watches each kind by itself, and is to see these before it is woken
    wake();
    LOG.info(
        "asked Envoy Gateway to translate again, with statuses of {} objects", statuses.size());
  }

  /** By its coming and, should that have been too early, by its going. */
  private void wake() throws InterruptedException {
    String path =
        "/apis/" + InferencePolicy.API_VERSION + "/namespaces/" + namespace + "/inferencepolicies";
    Written _ = writes
        .api()
        .create(path, policy()); // it is there: another replica asks, or went while it did
    try {
      Thread.sleep(pause);
    } finally {
      Written _ = writes.api().delete(path + "/" + NAME);
    }
  }

  private JsonNode policy() {
    ObjectNode policy = JsonMapper.shared().createObjectNode();
    policy.put("apiVersion", InferencePolicy.API_VERSION).put("kind", InferencePolicy.KIND);
    policy.putObject("metadata").put("name", NAME).put("namespace", namespace);
    ObjectNode spec = policy.putObject("spec");
    spec.putArray("targetRefs").addObject().put("kind", "Gateway").put("name", NAME);
    spec.putObject("model");
    return policy;
  }
}
