package dev.pointsman.cli;

import dev.pointsman.config.BadInput;
import dev.pointsman.config.ServeSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code serve} about the API server: what is read from it and what is written. */
final class KubernetesOptions {
  @Option(
      names = "--kubernetes",
      description = "Read these objects from the Kubernetes API server instead, and watch them.")
  private boolean kubernetes;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Where the API server is and who we are; default: $KUBECONFIG, else ~/.kube/config, else the Pod's"
              + " ServiceAccount.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--namespace",
      paramLabel = "NS",
      description =
          "Read only this namespace of the API server; may be repeated (default: all). Roles are enough then.")
  private List<String> namespaces = List.of();

  @Option(
      names = "--status",
      paramLabel = "true|false",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "Write the statuses of InferencePools and InferencePolicies, and Events, with --kubernetes (default: true).")
  private boolean status = true;

  @Option(
      names = "--leader-election",
      paramLabel = "true|false",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "Let a Lease say which of several replicas writes; all of them serve (default: true).")
  private boolean leaderElection = true;

  @Option(
      names = "--leader-election-namespace",
      paramLabel = "NS",
      description =
          "Where that Lease is (default: $POD_NAMESPACE, else the ServiceAccount's, else default).")
  private @Nullable String leaseNamespace;

  @Option(
      names = "--request-translation",
      paramLabel = "true|false",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "At the start, have Envoy Gateway translate all Gateways again: it does not repeat a large translation that"
              + " another replica took down with it. For a second, pools get a condition more and an InferencePolicy"
              + " pointsman-request-translation is there (with --status; default: true).")
  private boolean requestTranslation = true;

  @Option(
      names = "--request-translation-namespace",
      paramLabel = "NS",
      description =
          "Where that InferencePolicy is, a namespace that Envoy Gateway watches (default: the Lease's).")
  private @Nullable String requestNamespace;

  /**
   * What was said; empty without {@code --kubernetes}.
   *
   * @throws BadInput when the other options are there without it
   */
  Optional<ServeSettings.Kubernetes> settings() {
    if (!kubernetes
        && (kubeconfig != null
            || !namespaces.isEmpty()
            || leaseNamespace != null
            || requestNamespace != null)) {
      throw new BadInput(
          "--kubeconfig, --namespace, --leader-election-namespace and --request-translation-namespace are for"
              + " --kubernetes: add it");
    }
    return kubernetes
        ? Optional.of(new ServeSettings.Kubernetes(
            Optional.ofNullable(kubeconfig),
            namespaces,
            status ? Optional.of(status()) : Optional.empty()))
        : Optional.empty();
  }

  private ServeSettings.Status status() {
    String lease = leaseNamespace == null ? Replica.namespace() : leaseNamespace;
    return new ServeSettings.Status(
        leaderElection,
        lease,
        requestTranslation
            ? Optional.of(requestNamespace == null ? lease : requestNamespace)
            : Optional.empty());
  }
}
