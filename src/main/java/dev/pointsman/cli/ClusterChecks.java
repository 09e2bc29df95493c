package dev.pointsman.cli;

import dev.pointsman.analyze.Finding;
import dev.pointsman.analyze.Installation;
import dev.pointsman.analyze.Installation.PoolState;
import dev.pointsman.model.Diagnostic.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks of an installation by the objects of its cluster, before and after those of its replicas.
 *
 * @param unread kinds that may not be listed
 */
record ClusterChecks(Installation installation, Set<String> unread) {
  private static final String START = "see the page start.md";

  /** The results of all that replicas need, in the order of the installation's steps. */
  List<CheckResult> before() {
    List<CheckResult> results = new ArrayList<>();
    unread.stream()
        .sorted()
        .map(kind -> CheckResult.warn(
            kind + " may not be listed: checks that need it are left out; use other credentials"))
        .forEach(results::add);
    definitions(results);
    configuration(results);
    if (installation.replicas().isEmpty() && isRead("Pod")) {
      results.add(CheckResult.failed("no pod of Pointsman runs: helm install pointsman, " + START));
    }
    return results;
  }

  /** Whether the kind was listed, so that an object that is not there does not exist. */
  private boolean isRead(String kind) {
    return unread.stream().noneMatch(one -> one.equals(kind) || one.startsWith(kind + "."));
  }

  private void definitions(List<CheckResult> results) {
    if (!isRead("CustomResourceDefinition")) {
      return;
    }
    if (!installation.missingKinds().isEmpty()) {
      results.add(CheckResult.failed("the cluster does not serve "
          + String.join(", ", installation.missingKinds())
          + ": apply the CustomResourceDefinitions first, " + START));
    }
    if (installation.missingKinds().isEmpty() && installation.definitions().isEmpty()) {
      results.add(CheckResult.ok(
          "the CustomResourceDefinitions are there and have all fields that are used"));
    }
    installation.definitions().forEach(finding -> results.add(result(finding)));
  }

  private void configuration(List<CheckResult> results) {
    if (!installation.isConfigured()) {
      if (isRead("ConfigMap")) {
        results.add(CheckResult.failed(
            "there is no ConfigMap envoy-gateway-config: install Envoy Gateway, " + START));
      }
      return;
    }
    installation.configuration().forEach(finding -> results.add(result(finding)));
    if (installation.configuration().stream().noneMatch(ClusterChecks::isError)) {
      results.add(CheckResult.ok("Envoy Gateway's configuration has the hooks and the kinds"));
    }
  }

  /** The results of pools, with their pods and pickers. */
  List<CheckResult> pools() {
    return installation.pools().isEmpty() && isRead("InferencePool")
        ? List.of(CheckResult.warn("there is no InferencePool yet"))
        : installation.pools().stream().map(ClusterChecks::result).toList();
  }

  private static CheckResult result(PoolState pool) {
    String name = "InferencePool " + pool.pool() + ": " + pool.summary();
    return pool.errors().isEmpty()
        ? CheckResult.ok(name)
        : CheckResult.failed(name + "; "
            + pool.errors().stream().map(ClusterChecks::words).collect(Collectors.joining("; ")));
  }

  private static CheckResult result(Finding finding) {
    String text = finding.diagnostic().subject() + " " + words(finding);
    return switch (finding.reason().level()) {
      case Error -> CheckResult.failed(text);
      case Warning -> CheckResult.warn(text);
      case Info -> CheckResult.info(text);
    };
  }

  private static boolean isError(Finding finding) {
    return finding.reason().level() == Level.Error;
  }

  private static String words(Finding finding) {
    return finding.diagnostic().message() + " (" + finding.reason().code() + "). "
        + finding.remedy();
  }
}
