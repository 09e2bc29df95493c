package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.kubernetes.RawHttpConnection.Reply;
import dev.pointsman.e2e.kubernetes.RawHttpConnection.Request;
import dev.pointsman.e2e.kubernetes.SteadyClients.Ask;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A Gateway that the tenants {@code good} and {@code evil} share. Clients of good ask all the time; each attack of evil is
 * made with the rights of evil's account, and good's clients, statuses and endpoints must not notice it.
 */
final class TwoTenants implements AutoCloseable {
  static final Path FOLDER = Path.of("testdata/isolation");
  private static final Duration PEACE = Duration.ofSeconds(6);
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration TAKEN = Duration.ofSeconds(20);
  private static final Duration FREED = Duration.ofSeconds(60);
  private static final Duration WATCHED = Duration.ofSeconds(8);
  private static final String RARE = "30 MB";

  private final Cluster cluster;
  private final Gateway gateway;
  private final Tenant evil;
  private final ProxyPod proxy;
  private final List<Ask> asks = GoodRequests.asks();
  private final SteadyClients clients;
  private final long peace;
  private final long peaceEnded;
  private int pulse;

  /** An action of evil while its objects exist. */
  @FunctionalInterface
  interface Action {
    /** Runs it and returns its successes, a line each. */
    List<String> run() throws Exception;
  }

  private TwoTenants(Cluster cluster, Gateway gateway, Tenant evil) throws InterruptedException {
    this.cluster = cluster;
    this.gateway = gateway;
    this.evil = evil;
    this.proxy = ProxyPod.of(cluster, "gateways", "isolation");
    awaitAnswers();
    this.clients = SteadyClients.start(cluster, gateway.address(), asks);
    this.peace = System.nanoTime();
    Thread.sleep(PEACE);
    this.peaceEnded = System.nanoTime();
    assertThat(clients.complaintsSince(peace)).as("before any attack").isEmpty();
  }

  /** Makes tenants and Gateway, and waits until good's requests are answered as they must be. */
  static TwoTenants begin(Cluster cluster) throws InterruptedException {
    Gateway _ = Gateway.shared(cluster); // makes the GatewayClass, whichever classes ran before
    cluster.namespaces("gateways", "good", "evil");
    cluster.apply("evil", FOLDER.resolve("account.yaml"));
    Tenant evil = Tenant.of(cluster, "evil");
    cluster.apply("gateways", FOLDER.resolve("gateway"));
    cluster.apply("good", FOLDER.resolve("good"));
    evil.apply(Commands.read(FOLDER.resolve("evil/tenant.yaml")));
    for (String deployment : List.of("models", "chat-picker", "code-picker")) {
      cluster.awaitRollout("good", "deployment/" + deployment);
    }
    cluster.awaitRollout("evil", "deployment/evil");
    return new TwoTenants(cluster, Gateway.await(cluster, "gateways", "isolation"), evil);
  }

  private void awaitAnswers() {
    await("good answers before any attack").atMost(START).untilAsserted(() -> {
      assertThat(asks).flatExtracting(this::complaint).isEmpty();
      assertThat(pulse(Duration.ofSeconds(5))).isTrue();
    });
  }

  private List<String> complaint(Ask ask) {
    try {
      String complaint =
          ask.expectation().complaint(ask(ask.request().with(SteadyClients.TAG, "first")), "first");
      return complaint.isEmpty() ? List.of() : List.of(ask.name() + ": " + complaint);
    } catch (IOException e) {
      return List.of(ask.name() + ": " + e);
    }
  }

  /** One more request of good, by its name; says what was wrong with the answer. */
  List<String> goodAsksOnce(String name) {
    return asks.stream()
        .filter(ask -> ask.name().equals(name))
        .flatMap(ask -> complaint(ask).stream())
        .toList();
  }

  Tenant evil() {
    return evil;
  }

  ProxyPod proxy() {
    return proxy;
  }

  /** Opens a connection to the listener that both share. */
  RawHttpConnection connect() throws IOException {
    return RawHttpConnection.open(cluster, gateway.address());
  }

  /** Asks once, on a connection of its own. */
  Reply ask(Request request) throws IOException {
    try (RawHttpConnection connection = connect()) {
      return connection.ask(request);
    }
  }

  /** The same on another listener's port. */
  Reply ask(int port, Request request) throws IOException {
    String address = gateway.address().replaceAll(":\\d+$", ":" + port);
    try (RawHttpConnection connection = RawHttpConnection.open(cluster, address)) {
      return connection.ask(request);
    }
  }

  /** An attack in which Envoy Gateway itself changes no listener. */
  void attack(String name, String manifests, Action action) throws Exception {
    attack(name, manifests, false, action);
  }

  /**
   * Applies evil's objects, lets evil act, removes the objects, and requires that good has noticed nothing of all that and
   * that all is as it was before.
   *
   * @param areListenersOthers whether Envoy Gateway by itself changes listeners for such objects
   */
  void attack(String name, String manifests, boolean areListenersOthers, Action action)
      throws Exception {
    TenantState before = TenantState.of(cluster, proxy, "good");
    long start = System.nanoTime();
    List<String> problems = new ArrayList<>();
    if (!manifests.isEmpty()) {
      evil.apply(manifests);
    }
    if (!pulse(TAKEN)) {
      problems.add("good's changes are not taken while the attack is there");
    }
    for (String achieved : action.run()) {
      problems.add("evil: " + achieved);
    }
    awaitAllServed();
    problems.addAll(prefixed(
        "during the attack, ",
        TenantState.of(cluster, proxy, "good").differences(before, areListenersOthers)));
    if (!manifests.isEmpty()) {
      evil.delete(manifests);
    }
    if (!pulse(FREED)) {
      problems.add("good's changes are not taken after the attack");
    }
    problems.addAll(prefixed(
        "after the attack, ",
        TenantState.of(cluster, proxy, "good").differences(before, areListenersOthers)));
    long end = System.nanoTime();
    List<String> complaints = clients.complaintsSince(start);
    System.out.printf(
        "attack %s: %.1f s, %d requests of good, %d of them answered wrongly, %d other problems%n",
        name,
        (end - start) / 1e9,
        clients.answeredSince(start),
        complaints.size(),
        problems.size());
    if (!complaints.isEmpty()) {
      problems.add("good: " + complaints.size() + " wrong answers, of them: "
          + complaints.subList(0, Math.min(4, complaints.size())));
    }
    assertThat(problems).as("attack " + name).isEmpty();
  }

  /** The complaint that changes of good's do not arrive, if they do not. */
  List<String> stillTakesChanges() {
    return pulse(TAKEN) ? List.of() : List.of("changes of good's are not taken any more");
  }

  private static List<String> prefixed(String prefix, List<String> lines) {
    return lines.stream().map(line -> prefix + line).toList();
  }

  /** Whether a change of good's arrives: all that was applied before it has been translated by then. */
  private boolean pulse(Duration limit) {
    String number = String.valueOf(++pulse);
    cluster.apply("good", FOLDER.resolve("pulse.yaml"), Map.of("NUMBER", number));
    return happens(
        limit,
        () -> ask(GoodRequests.get("pulse.example.com", "/v1/models"))
            .header("x-pulse")
            .equals(number));
  }

  private static boolean happens(Duration limit, Callable<Boolean> condition) {
    try {
      await()
          .pollInterval(Duration.ofMillis(50))
          .atMost(limit)
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(condition);
      return true;
    } catch (ConditionTimeoutException late) {
      return false;
    }
  }

  /** Until each kind of request, but for the rarest, has been answered once more, or too long. */
  private void awaitAllServed() {
    Set<String> wanted = asks.stream()
        .map(Ask::name)
        .filter(name -> !name.contains(RARE))
        .collect(Collectors.toSet());
    long start = System.nanoTime();
    boolean _ = happens(WATCHED, () -> clients.servedSince(start).containsAll(wanted));
  }

  /** Ends good's clients and prints how long their requests took. */
  @Override
  public void close() throws InterruptedException {
    clients.close();
    Map<String, String> before = clients.latencies(peace, peaceEnded);
    System.out.println(
        "answers of good, before all attacks and while they went on: count: median, p95, longest in ms");
    clients
        .latencies(peaceEnded, Long.MAX_VALUE)
        .forEach((name, during) -> System.out.printf(
            "  %-20s %s   %s%n", name, before.getOrDefault(name, "none"), during));
    cluster.delete("gateways", FOLDER.resolve("gateway/gateway.yaml"));
    cluster.deleteNamespaces("good", "evil");
  }
}
