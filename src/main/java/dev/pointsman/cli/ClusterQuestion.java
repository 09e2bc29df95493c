package dev.pointsman.cli;

import dev.pointsman.analyze.Installation;
import dev.pointsman.analyze.Installation.ReplicaPod;
import dev.pointsman.analyze.ProxyPod;
import dev.pointsman.config.BadInput;
import dev.pointsman.config.StartFailure;
import dev.pointsman.explain.ExplainableGateway.Question;
import dev.pointsman.explain.Explanation;
import dev.pointsman.kube.Manifest;
import dev.pointsman.kube.api.ApiAccess;
import dev.pointsman.kube.api.ClusterManifests;
import dev.pointsman.kube.api.PodForward;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A question to the replicas of a cluster, and to the proxies of the Gateway. Envoy Gateway calls one of the replicas, which
 * knows the answer.
 */
final class ClusterQuestion {
  private static final String UNKNOWN = "there is no translation";

  private ClusterQuestion() {}

  private static boolean knowsGateways(RuntimeException answer) {
    return String.valueOf(answer.getMessage()).contains("known are");
  }

  static Explanation ask(Optional<Path> kubeconfig, Question question) throws InterruptedException {
    try {
      ApiAccess access = ApiAccess.find(kubeconfig);
      List<Manifest> pods = ClusterManifests.pods(access).manifests();
      RuntimeException last = new StartFailure(
          "no pod of Pointsman runs in the cluster, or pods may not be listed: try pointsman check --kubernetes");
      for (ReplicaPod replica : Installation.replicas(pods)) {
        try (PodForward forward =
            PodForward.open(access, replica.namespace(), replica.name(), replica.port())) {
          Explanation explanation =
              ServerQuestion.ask(URI.create("http://127.0.0.1:" + forward.port()), question);
          return ProxyQuestions.ask(access, ProxyPod.of(pods, explanation.gateways()), explanation);
        } catch (BadInput unclear) {
          if (!String.valueOf(unclear.getMessage()).startsWith(UNKNOWN)) {
            throw unclear;
          }
          // Envoy Gateway calls another replica; the one that knows Gateways has the better answer.
          last = knowsGateways(last) ? last : unclear;
        } catch (StartFailure unanswered) {
          last = knowsGateways(last) ? last : unanswered;
        }
      }
      throw last;
    } catch (IllegalArgumentException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new BadInput("the API server does not respond: " + e.getMessage());
    }
  }
}
