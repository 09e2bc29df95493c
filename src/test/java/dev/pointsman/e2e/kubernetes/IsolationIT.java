package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pointsman.e2e.kubernetes.KeepAlive.Reply;
import dev.pointsman.e2e.kubernetes.KeepAlive.Request;
import dev.pointsman.rig.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Tenants of one Gateway: nobody reaches another's requests, answers, secrets or configuration. Each test is an attack with
 * the rights of an account that may write in the namespace {@code evil} alone, while clients of {@code good} go on.
 */
@OnKubernetes
class IsolationIT {
  private static final int GUARDED = 8087;
  private static final int USER = 1000;
  private static final int PROXYS_OWN_USER = 65532;
  private static final Duration FIGHT = Duration.ofSeconds(4);
  private static final String OTHERS_STATUS = """
      {"status": {"parents": [{"controllerName": "example.com/other", "parentRef": {"name": "isolation", "namespace": "gateways"},
       "conditions": [{"type": "Accepted", "status": "False", "reason": "Other", "message": "%d",
                       "lastTransitionTime": "2026-01-01T00:00:00Z"}]}]}}""";
  private static final String VALUE_PATTERN =
      "/spec/versions/%d/schema/openAPIV3Schema/properties/spec/properties/rules/items/properties/matches/items/properties/headers/items/properties/value/pattern";

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

  /** All else that they might change: Envoy itself refused these, or they did no harm, before there were rules for pickers. */
  @Test
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
  void anotherRouteBehindAuthentication() throws Exception {
    tenants.attack("second-choice", TwoTenants.manifests("second-choice", Map.of()), true, () -> {
      List<String> got = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        got.addAll(traffic.reach("authorized"));
      }
      return got;
    });
  }

  /** The same by a processor that Envoy Gateway itself puts in front of the picker. */
  @Test
  void anotherRouteByAnExtension() throws Exception {
    tenants.attack(
        "extension-policy",
        TwoTenants.manifests("extension-policy", Map.of()),
        true,
        () -> traffic.forge(
            "extended", List.of("reroute", "status-304", "immediate-304"), Duration.ofSeconds(3)));
  }

  /** A process in the pod of the proxy, as another user with all that the admin port tells, and as the same user without. */
  @ParameterizedTest
  @ValueSource(ints = {USER, PROXYS_OWN_USER, 0})
  void throughTheProxysOwnSockets(int user) throws Exception {
    tenants.attack("knock as " + user, "", () -> {
      List<String> tries = tenants.proxy().knock(user);
      System.out.println(tries.size() + " tries: " + tries.stream().limit(6).toList());
      assertThat(tries).as("tries").isNotEmpty();
      return tries.stream().filter(line -> line.contains("REACHED")).limit(4).toList();
    });
  }

  @Test
  void manyAdapters() throws Exception {
    String adapters = IntStream.range(0, 30_000)
        .mapToObj("\\\"adapter-%05d\\\""::formatted)
        .collect(Collectors.joining(",", "[", "]"));
    tenants.attack(
        "many-adapters",
        TwoTenants.manifests("many-adapters", Map.of("ADAPTERS", adapters)),
        () -> {
          Thread.sleep(1500); // what Pointsman has read by then counts in the next translation
          return tenants.stillTakesChanges();
        });
  }

  @Test
  void manyModels() throws Exception {
    tenants.attack(
        "many-models",
        TwoTenants.manifests("many-models", Map.of("MODELS", models("m"))),
        () -> traffic.reach("m-1-1"));
  }

  @Test
  void longListOfModels() throws Exception {
    tenants.attack(
        "long-list", TwoTenants.manifests("long-list", Map.of("MODELS", models("list"))), () -> {
          Reply list = tenants.ask(GoodRequests.get("list.example.com", "/v1/models"));
          System.out.println(
              "the long list: " + list.status() + ", " + list.body().length + " bytes");
          return List.of();
        });
  }

  /** As many as the schema allows: 256 models with 64 aliases each. */
  private static String models(String prefix) {
    return IntStream.range(0, 256)
        .mapToObj(i -> "{name: " + prefix + "-" + i + ", aliases: ["
            + IntStream.range(0, 64)
                .mapToObj(j -> prefix + "-" + i + "-" + j)
                .collect(Collectors.joining(", "))
            + "]}")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** The filter for tokens clears the headers of claims on each request of the listener. */
  @Test
  void modelFromAClaim() throws Exception {
    tenants.attack(
        "claimed-model", TwoTenants.manifests("claimed-model", Map.of()), true, List::of);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared-hostname", "upload-path"})
  void besideRoutesOfAnother(String attack) throws Exception {
    tenants.attack(attack, TwoTenants.manifests(attack, Map.of()), () -> {
      Thread.sleep(7000); // a large upload in between
      return List.of();
    });
  }

  /** A header's value with a line break, which the standard channel of Gateway API accepts. */
  @Test
  void lineBreakInAHeader(Cluster cluster) throws Exception {
    List<Integer> versions = IntStream.range(0, 2).boxed().toList();
    String pattern = cluster
        .get(
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/httproutes.gateway.networking.k8s.io")
        .at(VALUE_PATTERN.formatted(0))
        .asString("");
    if (!pattern.isEmpty()) { // the experimental channel
      patchRoutes(
          cluster,
          versions.stream()
              .map(i -> "{\"op\":\"remove\",\"path\":\"" + VALUE_PATTERN.formatted(i) + "\"}"));
    }
    try {
      String manifests = TwoTenants.manifests("line-break", Map.of());
      Await.until(
          "the API server to accept a line break",
          Duration.ofSeconds(20),
          () -> isAccepted(manifests));
      tenants.attack("line-break", manifests, List::of);
    } finally {
      if (!pattern.isEmpty()) {
        String quoted = JsonMapper.shared().writeValueAsString(pattern);
        patchRoutes(
            cluster,
            versions.stream()
                .map(i -> "{\"op\":\"add\",\"path\":\"" + VALUE_PATTERN.formatted(i)
                    + "\",\"value\":" + quoted + "}"));
      }
    }
  }

  private static boolean isAccepted(String manifests) {
    try {
      tenants
          .evil()
          .kubectl(
              manifests, "apply", "--server-side", "--dry-run=server", "-n", "evil", "-f", "-");
      return true;
    } catch (AssertionError refused) {
      return false;
    }
  }

  private static void patchRoutes(Cluster cluster, Stream<String> operations) {
    cluster.kubectl(
        "patch",
        "crd",
        "httproutes.gateway.networking.k8s.io",
        "--type=json",
        "-p",
        operations.collect(Collectors.joining(",", "[", "]")));
  }

  @Test
  void strangeNames() throws Exception {
    tenants.attack(
        "strange-names",
        TwoTenants.manifests("strange-names", Map.of()),
        () -> traffic.reach("strange"));
  }

  /** Neither the list of models nor the answer for an unknown model names tenants' models to those without credentials. */
  @Test
  void namesOfModelsWithoutCredentials() throws Exception {
    tenants.attack("names", "", () -> {
      List<String> got = new ArrayList<>();
      for (String host : List.of("guarded.example.com", "other.example.com")) {
        for (Request request : List.of(
            GoodRequests.get(host, "/v1/models"),
            GoodRequests.chat(host, "no-such-model", 300, false))) {
          Reply reply = askGuarded(request);
          if (names(reply)) {
            got.add(
                request.method() + " " + host + request.path() + " without credentials: " + reply);
          }
        }
      }
      Reply served = askGuarded(GoodRequests.authorized(
          GoodRequests.chat("guarded.example.com", "guarded-chat", 300, false),
          "Bearer " + GoodRequests.token()));
      assertThat(served.header("x-served-by")).as(served.toString()).isEqualTo("good-chat");
      return got;
    });
  }

  private static boolean names(Reply reply) {
    return Stream.of("guarded-chat", "\"evil\"", "evil,", " evil").anyMatch(reply.text()::contains);
  }

  private static Reply askGuarded(Request request) throws IOException {
    try (KeepAlive connection = KeepAlive.open(cluster(), tenants.address(GUARDED))) {
      return connection.ask(request);
    }
  }

  private static Cluster cluster() {
    return tenants.cluster();
  }

  /** A pod that has ended, whose address another tenant's pod has by now. */
  @Test
  void staleAddress(Cluster cluster) throws Exception {
    String address = podAddress("good", "app=models");
    tenants.attack("stale-pod", TwoTenants.manifests("stale-pod", Map.of()), () -> {
      List<String> got = new ArrayList<>();
      for (String phase : List.of("Failed", "Succeeded")) {
        cluster.kubectl(
            "patch",
            "pod",
            "stale",
            "-n",
            "evil",
            "--subresource=status",
            "--type=merge",
            "-p",
            """
            {"status": {"phase": "%s", "podIP": "%s", "podIPs": [{"ip": "%2$s"}],
             "conditions": [{"type": "Ready", "status": "True"}]}}""".formatted(phase, address));
        Thread.sleep(1000);
        got.addAll(traffic.reach("stale"));
      }
      return got;
    });
  }

  private static String podAddress(String namespace, String selector) {
    return cluster()
        .get("/api/v1/namespaces/" + namespace + "/pods/"
            + cluster().pods(namespace, selector).getFirst())
        .at("/status/podIP")
        .asString("");
  }

  /** Pickers outside, and endpoints written by hand that are the API server, Pointsman and another tenant's pod. */
  @Test
  void strangePickers(Cluster cluster) throws Exception {
    String pointsman = podAddress(Cluster.SYSTEM, "app.kubernetes.io/name=pointsman");
    String apiServer = cluster
        .get("/api/v1/namespaces/default/endpoints/kubernetes")
        .at("/subsets/0/addresses/0/ip")
        .asString("");
    String manifests = TwoTenants.manifests(
        "strange-pickers",
        Map.of(
            "APISERVER",
            apiServer,
            "POINTSMAN",
            pointsman,
            "SECRET",
            podAddress("good", "app=models")));
    assertThatThrownBy(() -> tenants.evil().apply(manifests.replace(apiServer, "127.0.0.1")))
        .as("endpoints in the proxy's own pod")
        .hasMessageContaining("127.0.0.1");
    tenants.attack("strange-pickers", manifests, () -> {
      List<String> got = new ArrayList<>();
      for (String model : List.of("outside", "to-api-server", "to-pointsman", "to-secret")) {
        got.addAll(traffic.reach(model));
      }
      return got;
    });
  }

  /** Pools of one name in both groups, names that are the same when cut, references without a grant. */
  @ParameterizedTest
  @ValueSource(strings = {"same-name", "mirror-to-another"})
  void namesOfOthers(String attack) throws Exception {
    String manifests = TwoTenants.manifests(attack, Map.of("LONG", "l".repeat(250)));
    String goods = podAddress("good", "app=models") + ":";
    tenants.attack(attack, manifests, () -> {
      List<String> got = new ArrayList<>();
      for (String model :
          List.of("same-name", "long-a", "long-b", "mirroring", "borrowing", "lent")) {
        got.addAll(traffic.reach(model));
      }
      assertThat(tenants.proxy().routes("/evil/")).as("routes of evil").isNotEmpty();
      tenants.proxy().routes("/evil/").stream()
          .filter(route -> route.contains("/good/"))
          .forEach(route -> got.add("a route to another's: " + route));
      tenants.proxy().endpoints("/evil/").stream()
          .filter(endpoint -> endpoint.contains(goods))
          .forEach(endpoint -> got.add("an endpoint of another's: " + endpoint));
      return got;
    });
  }

  /** Another controller writes the status of a pool again and again, without the entry of ours. */
  @Test
  void fightOverAStatus(Cluster cluster) throws Exception {
    Conditions conditions = Conditions.of(cluster, Conditions.POOL, "evil", "fought-over");
    tenants.attack("status-fight", TwoTenants.manifests("status-fight", Map.of()), () -> {
      conditions.awaitTrue("isolation", "Accepted");
      double before = Replica.statusWrites(cluster);
      long end = System.nanoTime() + FIGHT.toNanos();
      int theirs = 0;
      for (; System.nanoTime() < end; theirs++) {
        tenants
            .evil()
            .kubectl(
                "",
                "patch",
                "inferencepool",
                "fought-over",
                "-n",
                "evil",
                "--subresource=status",
                "--type=merge",
                "-p",
                OTHERS_STATUS.formatted(theirs));
      }
      double ours = Replica.statusWrites(cluster) - before;
      System.out.printf("status-fight: %d writes of the other, %.0f of ours%n", theirs, ours);
      conditions.awaitTrue("isolation", "Accepted");
      List<String> got = new ArrayList<>();
      if (ours > 2 * theirs + 2) {
        got.add(ours + " writes for " + theirs + " of another controller");
      }
      if (!conditions.controllers().contains("example.com/other")) {
        got.add("the entry of the other controller is gone: " + conditions.controllers());
      }
      return got;
    });
  }

  /** Envoy Gateway sends nothing of Secrets to Pointsman. */
  @Test
  void privateKeysStayWithEnvoyGateway(Cluster cluster) {
    String configuration = cluster.kubectl(
        "get",
        "configmap",
        "envoy-gateway-config",
        "-n",
        Cluster.SYSTEM,
        "-o",
        "jsonpath={.data.envoy-gateway\\.yaml}");
    JsonNode translation = YAMLMapper.shared()
        .readTree(configuration)
        .at("/extensionManager/hooks/xdsTranslator/translation");
    assertThat(translation.at("/secret/includeAll"))
        .as(translation.toString())
        .isEqualTo(BooleanNode.FALSE);
  }
}
