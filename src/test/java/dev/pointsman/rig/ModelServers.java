package dev.pointsman.rig;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The model servers of a scenario. Pods with the image of llm-d's simulator of vLLM run it, one process each, with the
 * arguments of their manifest; one process of the stand-in plays all others.
 */
final class ModelServers implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final String SIMULATOR = "/llm-d-inference-sim:";

  private final List<Proc> running = new ArrayList<>();
  private final List<Runnable> awaited = new ArrayList<>();

  /** Starts all of them, not waiting until they listen. */
  static ModelServers launch(List<Scenario.Pod> pods, Path folder, Consumer<String> progress) {
    ModelServers servers = new ModelServers();
    if (!pods.isEmpty()) {
      progress.accept("starting model servers: "
          + String.join(", ", pods.stream().map(ModelServers::nameAndAddress).toList()));
    }
    try {
      pods.stream()
          .filter(ModelServers::isSimulated)
          .forEach(pod -> servers.simulate(pod, folder.resolve(pod.name() + ".log")));
      servers.playAll(
          pods.stream().filter(pod -> !isSimulated(pod)).toList(),
          folder.resolve("model-servers-" + System.nanoTime() + ".log"));
      return servers;
    } catch (RuntimeException e) {
      servers.close();
      throw e;
    }
  }

  private static boolean isSimulated(Scenario.Pod pod) {
    return pod.image().contains(SIMULATOR);
  }

  private static String nameAndAddress(Scenario.Pod pod) {
    return pod.name() + "=" + pod.address();
  }

  private void simulate(Scenario.Pod pod, Path log) {
    List<String> command = new ArrayList<>(
        List.of(Parts.output(Path.of("").toAbsolutePath(), "hack/inference-sim.sh")));
    command.addAll(pod.arguments());
    Proc process = Proc.start(
        pod.name(), log, Map.of("POD_NAME", pod.name(), "POD_IP", pod.address().host()), command);
    running.add(process);
    String ready = "http://" + pod.address() + "/health/ready";
    awaited.add(() -> process.await(
        "to be ready",
        START,
        () -> Http.tryGet(ready).filter(answer -> answer.statusCode() == 200).isPresent()));
  }

  private void playAll(List<Scenario.Pod> pods, Path log) {
    if (!pods.isEmpty()) {
      Proc process = Proc.startJava(
          "model servers",
          log,
          ModelServer.class,
          pods.stream().map(ModelServers::nameAndAddress).toList());
      running.add(process);
      awaited.add(() -> process.awaitLine(Stub.READY, START));
    }
  }

  void awaitReady() {
    awaited.forEach(Runnable::run);
  }

  @Override
  public void close() {
    running.forEach(Proc::close);
  }
}
