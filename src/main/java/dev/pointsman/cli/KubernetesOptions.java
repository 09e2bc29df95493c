package dev.pointsman.cli;

import dev.pointsman.config.BadInput;
import dev.pointsman.config.ServeSettings;
import dev.pointsman.kube.api.ApiAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of {@code serve} about reads from and writes to the API server. */
final class KubernetesOptions {
  @Option(
      names = "--kubernetes",
      description = "Read these objects from the Kubernetes API server instead, and watch them.")
  private boolean kubernetes;

  @Mixin
  private final KubeconfigOption kubeconfig = new KubeconfigOption();

  @Option(
      names = "--namespace",
      paramLabel = "NS",
      description =
          "Read only this namespace of the API server; may be repeated (default: all). Roles are enough then.")
  private List<String> namespaces = List.of();

  @Option(
      names = "--class-policies",
      paramLabel = "NS",
      description =
          "Namespace whose InferencePolicies may target a GatewayClass, and so all Gateways that are merged (default:"
              + " that of the Lease).")
  private @Nullable String classPolicies;

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
      description = "Select the writing replica by a Lease; all replicas serve (default: true).")
  private boolean leaderElection = true;

  @Option(
      names = "--leader-election-namespace",
      paramLabel = "NS",
      description =
          "Namespace of that Lease (default: $POD_NAMESPACE, else the ServiceAccount's, else default).")
  private @Nullable String leaseNamespace;

  @Option(
      names = "--request-translation",
      paramLabel = "true|false",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "Request a new translation of all Gateways at the start, and when objects change that Envoy Gateway does not"
              + " watch for policies (ReferenceGrants, certificates, adapters). For a second, pools have an additional"
              + " condition and an InferencePolicy pointsman-request-translation exists (with --status; default: true).")
  private boolean requestTranslation = true;

  @Option(
      names = "--request-translation-namespace",
      paramLabel = "NS",
      description =
          "Namespace of that InferencePolicy, which Envoy Gateway must watch (default: the Lease's).")
  private @Nullable String requestNamespace;

  /**
   * The settings; empty without {@code --kubernetes}.
   *
   * @throws BadInput when there is a kubeconfig without it
   */
  Optional<ServeSettings.Kubernetes> settings() {
    Optional<Path> file = kubeconfig.file(kubernetes);
    return kubernetes
        ? Optional.of(new ServeSettings.Kubernetes(
            file,
            namespaces,
            classPolicies == null ? leaseNamespace() : classPolicies,
            status ? Optional.of(status()) : Optional.empty()))
        : Optional.empty();
  }

  private String leaseNamespace() {
    return leaseNamespace == null ? Replica.namespace() : leaseNamespace;
  }

  private ServeSettings.Status status() {
    String lease = leaseNamespace();
    return new ServeSettings.Status(
        leaderElection,
        lease,
        requestTranslation
            ? Optional.of(requestNamespace == null ? lease : requestNamespace)
            : Optional.empty());
  }

  /**
   * The access to the API server.
   *
   * @throws BadInput when the kubeconfig cannot be used
   */
  static ApiAccess access(ServeSettings.Kubernetes kubernetes) {
    try {
      return ApiAccess.find(kubernetes.kubeconfig());
    } catch (IllegalArgumentException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }
}
