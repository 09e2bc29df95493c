package dev.pointsman.e2e.kubernetes;

import dev.pointsman.e2e.StartedOnce;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/** The cluster of all tests that ask for it; when one fails, it says what the cluster looks like. */
final class SharedCluster extends StartedOnce<Cluster>
    implements ExecutionCondition,
        TestExecutionExceptionHandler,
        LifecycleMethodExecutionExceptionHandler {
  SharedCluster() {
    super(Cluster.class);
  }

  /** K3s is skipped, and that is said, where there is no Docker. */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (!System.getProperty("cluster", "").equals("k3s") || K3sCluster.isPossible()) {
      return ConditionEvaluationResult.enabled("there is a cluster");
    }
    String why = "NOT RUN on K3s, nothing of it was tested: no Docker answers";
    System.out.println(context.getDisplayName() + ": " + why);
    return ConditionEvaluationResult.disabled(why);
  }

  @Override
  protected Cluster start() {
    String running = System.getProperty("cluster.state", "");
    String which = System.getProperty("cluster", "processes");
    return switch (which) {
      case "processes", "kine" ->
        running.isEmpty()
            ? ProcessCluster.start(
                Path.of("target", "cluster-" + ProcessHandle.current().pid()),
                which.equals("kine") ? "kine" : "etcd")
            : ProcessCluster.running(Path.of(running));
      case "k3s" ->
        K3sCluster.start(Path.of("target", "k3s-" + ProcessHandle.current().pid()));
      default ->
        throw new IllegalArgumentException(
            "-Dcluster=" + which + ": there are processes, kine and k3s");
    };
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    report(context, failure);
    throw failure;
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    report(context, failure);
    throw failure;
  }

  /** Says what the cluster looks like at the time of the failure. */
  private void report(ExtensionContext context, Throwable failure) {
    if (!(failure instanceof TestAbortedException)) {
      started(context).ifPresent(cluster -> {
        System.out.println("==== " + context.getDisplayName() + " failed: " + failure.getMessage());
        System.out.println(Findings.of(cluster));
      });
    }
  }
}
