package dev.pointsman.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.config.HostPort;
import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.EndpointsNow;
import dev.pointsman.explain.ExplainableGateway;
import dev.pointsman.explain.Explainer;
import dev.pointsman.explain.Explanation;
import dev.pointsman.explain.Explanation.RouteChoice;
import dev.pointsman.explain.GatewayXds;
import dev.pointsman.explain.RequestEnd;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.explain.RequestEnd.Forwarded;
import dev.pointsman.explain.RequestEnd.Redirected;
import dev.pointsman.explain.RequestEnd.Staged;
import dev.pointsman.explain.UnclearRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.golden.ExplainedEnvoy.LoggedAnswer;
import dev.pointsman.rig.Http1Exchange;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TcpServer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drawn requests get the route, the cluster and the status from a real Envoy that their explanations name. */
@Tag("envoy")
class ExplanationsEnvoyTest {
  private static final int PER_CASE = 80;

  /** A run takes one of so many cases: another one with another {@code -Dexplain.seed}. */
  private static final int EACH = 12;

  /** A case whose models come from forms, queries and paths, too. */
  private static final String ALWAYS = "policy-model-sources";

  @TempDir
  private Path folder;

  private final List<String> differences = new ArrayList<>();
  private int compared;
  private int statuses;
  private int served;
  private int looped;
  private int unclear;

  @Test
  void everyRequestGoesAsExplained() throws Exception {
    HostPort backend = new HostPort("127.0.0.1", freePort());
    List<GoldenCase> cases = GoldenCase.all().toList();
    int seed = Integer.getInteger("explain.seed", 1);
    try (TcpServer pods = TcpServer.http1(backend, ExplanationsEnvoyTest::respond)) {
      for (int i = 0; i < cases.size(); i++) {
        if (i % EACH == seed % EACH || cases.get(i).name().equals(ALWAYS)) {
          String version = RealEnvoy.VERSIONS.get(i / EACH % RealEnvoy.VERSIONS.size());
          compare(cases.get(i), version, backend.port(), seed + i);
        }
      }
    }
    assertThat(differences).isEmpty();
    assertThat(compared).as("requests").isGreaterThan(500);
    assertThat(statuses).as("compared statuses").isGreaterThan(300);
    assertThat(served).as("requests that a backend received").isGreaterThan(30);
    assertThat(looped).as("large bodies").isPositive();
    assertThat(unclear)
        .as("requests without a listener: one case at most")
        .isLessThanOrEqualTo(PER_CASE);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private static boolean respond(Http1Exchange exchange, InputStream in, OutputStream out)
      throws IOException {
    exchange.body().transferTo(OutputStream.nullOutputStream());
    exchange.respond(200, "text/plain", Map.of(), new byte[0]);
    return true;
  }

  private void compare(GoldenCase golden, String version, int backend, long seed) throws Exception {
    PostTranslateModifyResponse answer = golden.answer().response();
    ExplainableGateway gateway = ExplainableGateway.of(
        Set.of(),
        answer.getListenersList(),
        answer.getRoutesList(),
        answer.getClustersList(),
        List.of());
    Explainer explainer = new Explainer(gateway.xds(), endpoints(gateway), List.of());
    DrawnQuestions questions = new DrawnQuestions(gateway.xds(), seed);
    Path log = folder.resolve(golden.name() + ".log");
    try (ExplainedEnvoy envoy = new ExplainedEnvoy(version, golden, log, backend)) {
      List<Explanation> explanations = new ArrayList<>();
      if (envoy.listeners.isEmpty()) {
        return; // only with TLS, or none
      }
      for (int i = 0; i < PER_CASE; i++) {
        AskedRequest request = questions.next(envoy.listeners.get(i % envoy.listeners.size()));
        Explanation explanation;
        try {
          explanation = explainer.explain(request);
        } catch (UnclearRequest refused) {
          unclear++; // no listener has the host
          continue;
        }
        envoy.send(explanations.size(), request);
        explanations.add(explanation);
      }
      Map<Integer, LoggedAnswer> logged = envoy.logged();
      for (int i = 0; i < explanations.size(); i++) {
        LoggedAnswer got = requireNonNull(logged.get(i), "no answer");
        List<String> found = differences(gateway.xds(), explanations.get(i), got);
        found.forEach(one -> differences.add(golden + " on " + version + ", " + one));
        if (!found.isEmpty()) {
          differences.add(explanations.get(i) + "\n  got " + got);
        }
      }
    }
  }

  /** Backends have an endpoint, pickers have none. */
  private static EndpointsNow endpoints(ExplainableGateway gateway) {
    Set<String> pickers = new HashSet<>();
    for (Cluster cluster : gateway.xds().clusters().values()) {
      if (ExplainedEnvoy.isPicker(cluster.getName())) {
        pickers.add(cluster.getEdsClusterConfig().getServiceName());
      }
    }
    return name -> Optional.of(pickers.contains(name) ? List.of() : List.of("127.0.0.1:8000"));
  }

  private List<String> differences(GatewayXds xds, Explanation explanation, LoggedAnswer got) {
    List<String> found = new ArrayList<>();
    compared++;
    String route = front(explanation).flatMap(RouteChoice::route).orElse("-");
    if (!route.equals(got.route())) {
      found.add("the route is " + got.route() + ", explained " + route);
    }
    if (explanation.end() instanceof Forwarded forwarded) {
      Set<String> clusters = new HashSet<>();
      forwarded.shares().forEach(share -> clusters.add(share.cluster()));
      boolean hasMissing = forwarded.shares().stream()
          .anyMatch(share -> !xds.clusters().containsKey(share.cluster()));
      looped += isLoop(got.cluster()) ? 1 : 0;
      if (!clusters.contains(got.cluster())
          && !(hasMissing && got.cluster().equals("-"))
          && !(isLoop(got.cluster())
              && explanation.choices().stream()
                  .anyMatch(choice -> choice.stage().contains("loop")))) {
        found.add("the cluster is " + got.cluster() + ", explained " + clusters);
      }
    }
    if (explanation.gates().isEmpty()) {
      status(explanation.end(), explanation.request(), got).ifPresent(found::add);
    }
    return found;
  }

  private static boolean isLoop(String cluster) {
    return cluster.startsWith("pointsman/large/") || cluster.startsWith("pointsman/fallback/");
  }

  private static Optional<RouteChoice> front(Explanation explanation) {
    return explanation.choices().stream()
        .filter(choice -> !choice.stage().contains("loop"))
        .reduce((_, last) -> last);
  }

  private static void addStatuses(RequestEnd end, Set<Integer> statuses) {
    switch (end) {
      case Answered answered -> statuses.add(answered.status());
      case Redirected redirected -> statuses.add(redirected.status());
      case Forwarded forwarded ->
        forwarded
            .shares()
            .forEach(share -> statuses.add(share.error().map(Answered::status).orElse(200)));
      case Staged(List<RequestEnd> stages, String _) -> addStatuses(last(stages), statuses);
    }
  }

  /** The first stage that serves, or else the last one. */
  private static RequestEnd last(List<RequestEnd> stages) {
    return stages.stream()
        .filter(stage -> stage instanceof Forwarded forwarded
            && forwarded.shares().stream().allMatch(share -> share.error().isEmpty()))
        .findFirst()
        .orElse(stages.getLast());
  }

  private Optional<String> status(RequestEnd end, AskedRequest request, LoggedAnswer got) {
    statuses++;
    Set<Integer> explained = new HashSet<>();
    String code = "";
    if (end instanceof Answered answered) {
      code = answered.code();
    }
    addStatuses(end, explained);
    boolean isGrpc = "application/grpc".equals(request.headers().get("content-type"));
    served += got.details().equals("via_upstream") ? 1 : 0;
    if (isGrpc && got.status() == 200) {
      return Optional.empty(); // the status is in grpc-status
    }
    if (!explained.contains(got.status())) {
      return Optional.of("the status is " + got.status() + ", explained " + explained);
    }
    boolean lacksCode = !code.isEmpty()
        && !request.method().equals("HEAD")
        && !got.text().isEmpty()
        && !got.text().contains("\"code\":\"" + code + "\"");
    return lacksCode
        ? Optional.of("the body has no " + code + ": " + got.text())
        : Optional.empty();
  }
}
