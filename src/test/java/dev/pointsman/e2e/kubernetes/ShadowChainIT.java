package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.kubernetes.FaultClients.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A release of the chart as a shadow of the one in use, in a real Envoy Gateway's chain of extension managers. {@code
 * hack/skew.sh} runs it.
 */
@OnKubernetes
@EnabledIfSystemProperty(named = "before", matches = ".+", disabledReason = "by hand: hack/skew.sh")
class ShadowChainIT {
  private static final String NAMESPACE = "shadow";
  private static final String SHADOW = "pointsman-next";
  private static final String LABEL = "app.kubernetes.io/name=pointsman-shadow";
  private static final String DEPLOYMENT = "deployment/" + SHADOW;
  private static final String OURS = "{gateway=\"" + NAMESPACE + "/" + FaultScene.GATEWAY + "\"}";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Longer than a change takes. */
  private static final Duration A_WHILE = Duration.ofSeconds(4);

  private static FaultScene scene;
  private static LoopClients loops;
  private static HeldConfig alone;
  private static Map<String, Long> listenersAlone = Map.of();
  private static long begun;

  @BeforeAll
  static void set(Cluster cluster) {
    cluster.awaitRollout(Cluster.SYSTEM, Replica.DEPLOYMENT);
    scene = FaultScene.set(cluster, NAMESPACE);
    loops = LoopClients.start(cluster, NAMESPACE);
    scene.awaitWhole(scene.change());
    ProxyPod proxy = proxy();
    alone = HeldConfig.of(proxy);
    listenersAlone = listenerChanges(proxy);
    begun = System.nanoTime();
    shadow(cluster);
    new ExtensionBlock(cluster).takeFrom(SHADOW);
  }

  @AfterAll
  static void remove(Cluster cluster) throws InterruptedException {
    new ExtensionBlock(cluster)
        .takeFrom("pointsman", "--set", "config.envoyGateway.extensionManagers=null");
    cluster.helm("uninstall", SHADOW, "-n", Cluster.SYSTEM);
    loops.close();
    scene.close();
  }

  /** Installs the shadow with these values, or others than before. */
  private static void shadow(Cluster cluster, String... values) {
    cluster.helm(Stream.concat(
            Stream.of(
                "upgrade",
                "--install",
                SHADOW,
                "charts/pointsman",
                "-n",
                Cluster.SYSTEM,
                "--set",
                "shadow.enabled=true"),
            Stream.of(values))
        .toArray(String[]::new));
    cluster.awaitRollout(Cluster.SYSTEM, DEPLOYMENT);
    await("the replaced shadow to be gone").atMost(LIMIT).until(() -> pods(cluster) == 1);
  }

  /** The number of pods, with the ones that are about to go. */
  private static int pods(Cluster cluster) {
    return cluster
        .api()
        .pods()
        .inNamespace(Cluster.SYSTEM)
        .withLabelSelector(LABEL)
        .list()
        .getItems()
        .size();
  }

  private static ProxyPod proxy() {
    return new ProxyPod(scene.proxy().pid());
  }

  private static Map<String, Long> listenerChanges(ProxyPod proxy) {
    return proxy.counters("^listener_manager.listener_(added|modified|removed|in_place_updated)$");
  }

  private static Replica replica(Cluster cluster) {
    return Replica.labelled(cluster, LABEL).getFirst();
  }

  private static double metric(Cluster cluster, String series) {
    return replica(cluster).metrics(series).mapToDouble(Replica::value).sum();
  }

  private static String log(Cluster cluster) {
    return cluster.log(Cluster.SYSTEM, replica(cluster).pod());
  }

  private static void assertNoRequestFailed() {
    assertThat(scene.clients().since(begun))
        .filteredOn(Sample::failed)
        .extracting(Sample::complaint)
        .isEmpty();
    assertThat(loops.failures(begun)).isEmpty();
  }

  private static void awaitCompared(Cluster cluster, String result) {
    int change = scene.change();
    scene.awaitWhole(change);
    await("a comparison: " + result)
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() ->
            metric(cluster, "pointsman_shadow_comparisons_total{result=\"" + result + "\"}") > 0);
  }

  @Test
  void theSameBuildTranslatesEquallyAndProxiesKeepWhatTheyHave(Cluster cluster) {
    shadow(cluster);
    awaitCompared(cluster, "equal");
    assertThat(metric(cluster, "pointsman_shadow_differences" + OURS)).isZero();
    assertThat(replica(cluster).metrics("pointsman_shadow_differences" + OURS)).hasSize(1);
    assertThat(metric(cluster, "pointsman_shadow_comparisons_total{result=\"different\"}"))
        .isZero();
    assertThat(metric(cluster, "pointsman_shadow_comparisons_total{result=\"failed\"}"))
        .isZero();
    assertThat(log(cluster))
        .contains("this build translates like the other Pointsman")
        .contains(NAMESPACE + "/" + FaultScene.GATEWAY);
    ProxyPod proxy = proxy();
    assertThat(listenerChanges(proxy)).isEqualTo(listenersAlone);
    assertThat(alone.differences(HeldConfig.of(proxy)))
        .as("all but the header with the number of the change")
        .allMatch(difference -> difference.contains("x-change"));
    assertNoRequestFailed();
  }

  @Test
  void aDifferenceIsCountedAndNamed(Cluster cluster) {
    shadow(cluster, "--set", "bodyLimit=10Mi");
    awaitCompared(cluster, "different");
    assertThat(metric(cluster, "pointsman_shadow_differences" + OURS)).isPositive();
    assertThat(log(cluster).lines())
        .anySatisfy(line -> assertThat(line)
            .contains("in another way than the other Pointsman")
            .contains(NAMESPACE + "/" + FaultScene.GATEWAY)
            .contains("routes " + NAMESPACE + "/" + FaultScene.GATEWAY + "/http changed"));
    assertThat(listenerChanges(proxy())).isEqualTo(listenersAlone);
    assertNoRequestFailed();
  }

  /** Envoy Gateway passes over errors of the shadow, and waits for one that is not there. */
  @Test
  void changesWaitForAShadowThatIsAwayAndRequestsDoNot(Cluster cluster)
      throws InterruptedException {
    shadow(cluster);
    cluster.kubectl("scale", "-n", Cluster.SYSTEM, DEPLOYMENT, "--replicas=0");
    await("the shadow to be gone").atMost(LIMIT).until(() -> pods(cluster) == 0);
    int change = scene.change();
    Thread.sleep(A_WHILE);
    assertThat(scene.clients().since(begun)).noneMatch(sample -> sample.change() >= change);
    cluster.kubectl("scale", "-n", Cluster.SYSTEM, DEPLOYMENT, "--replicas=1");
    scene.awaitWhole(change);
    assertNoRequestFailed();
  }

  /** The one in use is an older build, as before an upgrade. */
  @Test
  void thisBuildIsComparedWithAnOlderOne(Cluster cluster) {
    shadow(cluster);
    Build.BEFORE.rollOut(cluster);
    try {
      scene.awaitWhole(scene.change());
      List<String> results = replica(cluster).metrics("pointsman_shadow_").toList();
      System.out.println("shadow: " + results);
      log(cluster)
          .lines()
          .filter(line -> line.contains("another way"))
          .forEach(System.out::println);
      assertThat(metric(cluster, "pointsman_shadow_comparisons_total")).isPositive();
      assertNoRequestFailed();
    } finally {
      Build.NOW.rollOut(cluster);
    }
  }
}
