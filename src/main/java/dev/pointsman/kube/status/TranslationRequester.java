package dev.pointsman.kube.status;

import dev.pointsman.kube.status.WriteApi.WriteFailure;
import dev.pointsman.kube.status.WriteApi.WriteResult;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.TranslationDemand.Cause;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.StatusInputs;
import dev.pointsman.status.StatusPlan;
import dev.pointsman.status.TranslationRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests a new translation of all Gateways from Envoy Gateway. Envoy Gateway does not repeat a large call that failed
 * with a replica; it keeps the old configuration until an object changes.
 *
 * <p>The request has two steps. First, statuses get an additional condition, so the objects differ from the translated
 * ones; but status changes do not trigger a translation. Second, an InferencePolicy for a Gateway that does not exist
 * is created and deleted, which does. The leader removes the condition later.
 */
final class TranslationRequester {
  private static final Logger LOG = LoggerFactory.getLogger(TranslationRequester.class);

  /** The name of the temporary InferencePolicy and of its target Gateway. */
  static final String NAME = TranslationRequest.TRIGGER;

  private final OptimisticWrites writes;
  private final String namespace;
  private final String instance;
  private final Duration pause;
  private final PassFailures pass = new PassFailures();

  /** The objects that the last request went without, and that this one is for; empty: all. */
  private Set<ObjectStatus.Key> left = Set.of();

  /**
   * Creates it without a request.
   *
   * @param namespace the namespace of the temporary InferencePolicy; Envoy Gateway must watch it
   * @param pause the time after which Envoy Gateway has seen the writes
   */
  TranslationRequester(OptimisticWrites writes, String namespace, String instance, Duration pause) {
    this.writes = writes;
    this.namespace = namespace;
    this.instance = instance;
    this.pause = pause;
  }

  /** Makes the next request one for all objects, whatever the last one went without. */
  void forAll() {
    left = Set.of();
  }

  /**
   * Requests a translation, unless there is nothing to translate. After a request that is not complete, this one is for
   * the rest of it.
   *
   * @return whether the request is complete
   */
  boolean ask(StatusInputs inputs, Cause cause) throws InterruptedException {
    try {
      left = request(inputs, cause);
      return left.isEmpty();
    } catch (WriteFailure e) {
      writes.metrics().failed();
      LOG.warn(
          "no new translation is requested from Envoy Gateway{}: {}",
          e.isRefusal() ? " (--request-translation=false turns the request off)" : "",
          e.getMessage());
      return e.isRefusal();
    }
  }

  /** Requests a translation; returns the objects whose statuses could not be written, and may be later. */
  private Set<ObjectStatus.Key> request(StatusInputs inputs, Cause cause)
      throws InterruptedException {
    Instant now = writes.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    String message = cause.message().formatted(instance, now);
    List<ObjectStatus> statuses =
        TranslationRequest.of(inputs, StatusPlan.of(inputs), cause, message).stream()
            .filter(status -> left.isEmpty() || left.contains(status.object()))
            .toList();
    if (statuses.isEmpty()) {
      return Set.of();
    }
    Map<ObjectStatus, WriteFailure> failed = write(statuses);
    Thread.sleep(
        pause); // it watches each kind separately and has to see the statuses before the trigger
    if (!failed.isEmpty() && failed.size() < statuses.size()) {
      failed = write(failed.keySet());
      Thread.sleep(pause);
    }
    if (failed.size() == statuses.size()) {
      throw worst(failed.values());
    }
    failed.forEach((status, why) -> {
      writes.metrics().failed();
      LOG.warn(
          "the request for a new translation goes without {}: {}",
          status.object(),
          why.getMessage());
    });
    trigger();
    LOG.info(
        "requested a new translation from Envoy Gateway with the statuses of {} objects",
        statuses.size() - failed.size());
    return failed.entrySet().stream()
        .filter(one -> !one.getValue().isRefusal())
        .map(one -> one.getKey().object())
        .collect(Collectors.toSet());
  }

  /**
   * Writes the statuses, failing namespaces last; returns those that cannot be written. The others are enough for most
   * Gateways.
   */
  private Map<ObjectStatus, WriteFailure> write(Collection<ObjectStatus> statuses) {
    Map<ObjectStatus, WriteFailure> failed = new LinkedHashMap<>();
    List<ObjectStatus> ordered = statuses.stream()
        .sorted(Comparator.comparingInt(status -> pass.place(status.object().namespace())))
        .toList();
    pass.begin();
    for (ObjectStatus status : ordered) {
      String namespace = status.object().namespace();
      if (pass.delays(namespace)) {
        failed.put(status, worst(failed.values()));
        continue;
      }
      try {
        writes
            .api()
            .get(OptimisticWrites.path(status.object()))
            .ifPresent(object -> writes.write(status, object, () -> true));
        // after a conflict the translated object has changed as well
        pass.responded(namespace);
      } catch (WriteFailure e) {
        failed.put(status, e);
        pass.failed(namespace, e);
      }
    }
    return failed;
  }

  /** The failure of an API server that is away, or else a refusal, which is not retried. */
  private static WriteFailure worst(Collection<WriteFailure> failures) {
    return failures.stream()
        .filter(one -> !one.isRefusal())
        .findFirst()
        .orElseGet(() -> failures.iterator().next());
  }

  /** Triggers a translation by creating the policy and, in case that was too early, by deleting it. */
  private void trigger() throws InterruptedException {
    String path =
        "/apis/" + InferencePolicy.API_VERSION + "/namespaces/" + namespace + "/inferencepolicies";
    WriteResult _ = writes
        .api()
        .create(
            path,
            policy()); // it exists: another replica requests a translation, or stopped during its
    // request
    try {
      Thread.sleep(pause);
    } finally {
      WriteResult _ = writes.api().delete(path + "/" + NAME);
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
