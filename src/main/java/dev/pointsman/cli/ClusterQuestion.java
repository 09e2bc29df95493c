package dev.pointsman.cli;

import dev.pointsman.analyze.Installation;
import dev.pointsman.analyze.Installation.ReplicaPod;
import dev.pointsman.analyze.ProxyPod;
import dev.pointsman.config.BadInput;
import dev.pointsman.config.StartFailure;
import dev.pointsman.explain.ExplainableGateway.Question;
import dev.pointsman.explain.Explanation;
import dev.pointsman.explain.GatewayAnswer;
import dev.pointsman.explain.UnclearRequest;
import dev.pointsman.kube.Manifest;
import dev.pointsman.kube.api.ApiAccess;
import dev.pointsman.kube.api.ClusterManifests;
import dev.pointsman.kube.api.PodForward;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A question to all replicas of a cluster, and to the proxies of the Gateway. Envoy Gateway calls one of the replicas, whose
 * translations are the newest.
 */
final class ClusterQuestion {
  private ClusterQuestion() {}

  static Explanation ask(Optional<Path> kubeconfig, Question question, PrintWriter err)
      throws InterruptedException {
    try {
      ApiAccess access = ApiAccess.find(kubeconfig);
      List<Manifest> pods = ClusterManifests.pods(access).manifests();
      List<GatewayAnswer> answers = answers(
          Installation.replicas(pods), replica -> forwarded(access, replica, question), err);
      if (answers.isEmpty()) {
        throw new BadInput(
            "there is no translation of any Gateway: Envoy Gateway has called no replica yet;"
                + " try pointsman check --kubernetes");
      }
      Explanation explanation = question.choice(GatewayAnswer.newest(answers));
      return ProxyQuestions.ask(access, ProxyPod.of(pods, explanation.gateways()), explanation);
    } catch (UnclearRequest | IllegalArgumentException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new BadInput("the API server does not respond: " + e.getMessage());
    }
  }

  /** A question to one replica, which ends with {@link BadInput} or {@link StartFailure} without an answer. */
  interface ReplicaAnswers {
    List<GatewayAnswer> of(ReplicaPod replica) throws IOException, InterruptedException;
  }

  private static List<GatewayAnswer> forwarded(
      ApiAccess access, ReplicaPod replica, Question question)
      throws IOException, InterruptedException {
    try (PodForward forward =
        PodForward.open(access, replica.namespace(), replica.name(), replica.port())) {
      return ServerQuestion.answers(URI.create("http://127.0.0.1:" + forward.port()), question);
    }
  }

  /** The answers of all replicas; one that does not answer is named with the reason, because its translation may be the newest. */
  static List<GatewayAnswer> answers(
      List<ReplicaPod> replicas, ReplicaAnswers ofReplica, PrintWriter err)
      throws IOException, InterruptedException {
    RuntimeException none = new StartFailure(
        "no pod of Pointsman runs in the cluster, or pods may not be listed: try pointsman check --kubernetes");
    List<GatewayAnswer> answers = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    for (ReplicaPod replica : replicas) {
      try {
        answers.addAll(ofReplica.of(replica));
      } catch (StartFailure | BadInput unanswered) { // a 400, too, may be of another version
        none = unanswered;
        silent.add("replica " + replica.namespace() + "/" + replica.name() + " does not answer ("
            + unanswered.getMessage() + "): its translation may be newer than this one");
      }
    }
    if (silent.size() == replicas.size()) {
      throw none;
    }
    silent.forEach(err::println);
    err.flush();
    return answers;
  }
}
