package dev.pointsman.e2e.kubernetes;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

/** The Deployment of Pointsman in a cluster. */
record PointsmanDeployment(Cluster cluster) {
  private static final String NAME = "pointsman";
  private static final int REPLICAS = 2;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /**
   * The value of an option.
   *
   * @param option e.g. {@code --body-limit}
   */
  String option(String option) {
    String prefix = option + "=";
    return arguments().stream()
        .filter(argument -> argument.startsWith(prefix))
        .findFirst()
        .orElseThrow()
        .substring(prefix.length());
  }

  /** Sets an option to another value. */
  void set(String option, String value) {
    int index = arguments().indexOf(option + "=" + option(option));
    cluster.kubectl(
        "patch",
        "-n",
        Cluster.SYSTEM,
        Replica.DEPLOYMENT,
        "--type=json",
        "-p",
        "[{\"op\": \"replace\", \"path\": \"/spec/template/spec/containers/0/args/" + index
            + "\", \"value\": \"" + option + "=" + value + "\"}]");
  }

  /** Stops all replicas and waits until their pods are gone. */
  void stop() {
    scale(0);
    awaitPods(0);
  }

  /** Starts the usual replicas and waits until they are ready. */
  void start() {
    scale(REPLICAS);
    cluster.awaitRollout(Cluster.SYSTEM, Replica.DEPLOYMENT);
  }

  /** Waits until a rollout is complete and the replaced replicas are gone. */
  void awaitRollout() {
    cluster.awaitRollout(Cluster.SYSTEM, Replica.DEPLOYMENT);
    awaitPods(REPLICAS);
  }

  private void scale(int replicas) {
    cluster.kubectl("scale", "-n", Cluster.SYSTEM, Replica.DEPLOYMENT, "--replicas=" + replicas);
  }

  /** Terminating pods count. */
  private void awaitPods(int count) {
    await("Pointsman to have " + count + " pods").atMost(LIMIT).until(() -> pods() == count);
  }

  private int pods() {
    return cluster
        .api()
        .pods()
        .inNamespace(Cluster.SYSTEM)
        .withLabel("app.kubernetes.io/name", NAME)
        .list()
        .getItems()
        .size();
  }

  private List<String> arguments() {
    return cluster
        .api()
        .apps()
        .deployments()
        .inNamespace(Cluster.SYSTEM)
        .withName(NAME)
        .get()
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getArgs();
  }
}
