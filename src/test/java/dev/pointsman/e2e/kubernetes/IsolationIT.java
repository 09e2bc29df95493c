package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.kubernetes.RawHttpConnection.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks of the tenant {@code evil} on {@code good}, who shares its Gateway. The attacker's account may write in its own
 * namespace alone, and clients of {@code good} go on. The manifests are in {@code testdata/isolation/attacks}.
 */
@OnKubernetes
class IsolationIT {
  private static TwoTenants tenants;
  private static HostileTraffic traffic;

  @BeforeAll
  static void begin(Cluster cluster) throws Exception {
    assumeThat(System.getProperty("cluster", ""))
        .as("the proxy is a process of this machine")
        .isNotEqualTo("k3s");
    tenants = TwoTenants.begin(cluster);
    traffic = new HostileTraffic(tenants);
  }

  @AfterAll
  static void end() throws Exception {
    if (tenants != null) {
      tenants.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create httproutes -n good",
        "update inferencepools -n good",
        "get secrets -n good",
        "patch pods --subresource=status -n evil",
        "create inferencepolicies -n gateways"
      })
  void theAccountMayNot(String what) {
    assertThat(tenants.evil().may(what)).isFalse();
  }

  /** A picker and a pod that work together: answers that end too early, and more answers behind them. */
  @ParameterizedTest
  @ValueSource(
      strings = {"status-304", "status-204", "upgrade", "immediate-304", "late-immediate-304"})
  void forgedAnswers(String attack) throws Exception {
    tenants.attack(attack, "", () -> traffic.forge(List.of(attack), Duration.ofSeconds(2)));
  }

  /** More that a picker and a pod might try, most of which Envoy itself refuses. */
  @LongTest
  void otherChangesOfAPicker() throws Exception {
    List<String> attacks = List.of(
        "status-101",
        "answer-length",
        "answer-chunked",
        "request-length",
        "empty-name",
        "immediate-204",
        "immediate-205",
        "immediate-100",
        "late-immediate-204",
        "reroute",
        "longer-body",
        "more-answers");
    tenants.attack("other changes", "", () -> traffic.forge(attacks, Duration.ofSeconds(6)));
  }

  /** An authorizer that changes host and model behind the choice of the route. */
  @Test
  void anotherRouteByAnAuthorizer() throws Exception {
    tenants.attack(
        "second-choice",
        AttackManifests.manifests("second-choice"),
        true,
        () -> traffic.reach("authorized", "authorized", "authorized"));
  }

  /** A processor that Envoy Gateway itself puts in front of the picker. */
  @Test
  void anotherRouteByAnExtension() throws Exception {
    List<String> attacks = List.of("reroute", "status-304", "immediate-304");
    tenants.attack(
        "extension-policy",
        AttackManifests.manifests("extension-policy"),
        true,
        () -> traffic.forge("extended", attacks, Duration.ofSeconds(3)));
  }

  /**
   * A process in the pod of the proxy: as another user with all that the admin port tells, as the proxy's own user and as
   * root without it.
   */
  @ParameterizedTest
  @ValueSource(ints = {1000, 65532, 0})
  void throughTheProxysOwnSockets(int user) throws Exception {
    tenants.attack("knock as " + user, "", () -> {
      List<String> tries = tenants.proxy().knock(user);
      System.out.println(tries.size() + " tries, of them " + tries.subList(0, 2));
      return tries.stream().filter(line -> line.contains("REACHED")).limit(4).toList();
    });
  }

  @LongTest
  void manyAdapters() throws Exception {
    tenants.attack(
        "many-adapters",
        AttackManifests.manifests("many-adapters", "ADAPTERS", AttackManifests.adapters(30_000)),
        () -> {
          await("the adapters' routes").atMost(Duration.ofSeconds(20)).until(this::hasAdapters);
          return tenants.stillTakesChanges();
        });
  }

  /** Whether a translation with the adapters has reached the proxy: a change of good's makes one. */
  private boolean hasAdapters() {
    return tenants.stillTakesChanges().isEmpty()
        && tenants.proxy().routes("/evil/many-adapters").stream()
            .anyMatch(route -> route.contains("adapter-00000"));
  }

  @LongTest
  void manyModels() throws Exception {
    tenants.attack(
        "many-models",
        AttackManifests.manifests("many-models", "MODELS", AttackManifests.models()),
        List::of);
  }

  @LongTest
  void longListOfModels() throws Exception {
    tenants.attack(
        "long-list",
        AttackManifests.manifests("long-list", "MODELS", AttackManifests.models()),
        () -> {
          Reply list = tenants.ask(GoodRequests.get("list.example.com", "/v1/models"));
          return list.status() == 200 ? List.of() : List.of("no list of models: " + list);
        });
  }

  /** The filter for tokens clears the headers of claims on each request of the listener. */
  @Test
  void modelFromAClaim() throws Exception {
    tenants.attack("claimed-model", AttackManifests.manifests("claimed-model"), true, List::of);
  }

  @LongTest
  void modelBesideBasicAuth() throws Exception {
    tenants.attack("shared-hostname", AttackManifests.manifests("shared-hostname"), List::of);
  }

  @LongTest
  void modelBesideUploads() throws Exception {
    tenants.attack(
        "upload-path",
        AttackManifests.manifests("upload-path"),
        () -> tenants.goodAsksOnce("upload, 30 MB"));
  }

  /** A header's value with a line break, which the standard channel of Gateway API accepts. */
  @Test
  void lineBreakInAHeader(Cluster cluster) throws Exception {
    String manifests = AttackManifests.manifests("line-break");
    try (StandardChannel _ = StandardChannel.on(cluster)) {
      await("the API server to accept a line break")
          .atMost(Duration.ofSeconds(20))
          .until(() -> tenants.evil().isAccepted(manifests));
      tenants.attack("line-break", manifests, List::of);
    }
  }

  @LongTest
  void strangeNames() throws Exception {
    tenants.attack(
        "strange-names",
        AttackManifests.manifests("strange-names"),
        () -> traffic.reach("strange"));
  }

  /** Neither the list of models nor the answer for an unknown model tells names to those without credentials. */
  @LongTest
  void namesOfModelsWithoutCredentials() throws Exception {
    tenants.attack("names", "", new NamesOfModels(tenants));
  }

  /** A pod that has ended, whose address another tenant's pod has by now. */
  @Test
  void staleAddress(Cluster cluster) throws Exception {
    String address = cluster.podAddress("good", "app=models");
    tenants.attack(
        "stale-pod",
        AttackManifests.manifests("stale-pod"),
        new StaleAddress(cluster, traffic, address));
  }

  /** Pickers outside, and endpoints written by hand that are the API server, Pointsman and another tenant's pod. */
  @Test
  void strangePickers(Cluster cluster) throws Exception {
    String apiServer = cluster.apiServerAddress();
    String manifests = AttackManifests.manifests(
        "strange-pickers",
        Map.of(
            "APISERVER",
            apiServer,
            "POINTSMAN",
            cluster.podAddress(Cluster.SYSTEM, "app.kubernetes.io/name=pointsman"),
            "SECRET",
            cluster.podAddress("good", "app=models")));
    assertThatThrownBy(() -> tenants.evil().apply(manifests.replace(apiServer, "127.0.0.1")))
        .as("endpoints in the proxy's own pod")
        .hasMessageContaining("127.0.0.1");
    tenants.attack(
        "strange-pickers",
        manifests,
        () -> traffic.reach("outside", "to-api-server", "to-pointsman", "to-secret"));
  }

  /** Pools of one name in both groups, names that are the same when cut, references without a grant. */
  @ParameterizedTest
  @ValueSource(strings = {"same-name", "mirror-to-another"})
  void namesOfOthers(String attack, Cluster cluster) throws Exception {
    tenants.attack(
        attack,
        AttackManifests.manifests(attack, "LONG", "l".repeat(250)),
        new NamesOfOthers(tenants, traffic, cluster.podAddress("good", "app=models")));
  }

  @Test
  void fightOverAStatus(Cluster cluster) throws Exception {
    StatusFight fight = new StatusFight(cluster, tenants.evil(), "fought-over");
    tenants.attack(
        "status-fight",
        AttackManifests.manifests("status-fight"),
        () -> fight.run(Duration.ofSeconds(4)));
  }
}
