package dev.pointsman.plan;

import dev.pointsman.model.CertificateRef;
import dev.pointsman.model.ClientCertificate;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.PickerSpec;
import dev.pointsman.model.PolicyCertificates;
import dev.pointsman.model.TlsSpec;
import dev.pointsman.model.UpstreamTlsSpec;
import dev.pointsman.plan.ClusterReads.Authority;
import dev.pointsman.plan.ClusterReads.ClientKey;
import dev.pointsman.plan.ClusterReads.LeftOut;
import dev.pointsman.plan.PickerSettings.ConnectionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Decides how endpoint pickers and pods are connected to. A server whose certificates are not all there, or are too large,
 * is not trusted, which is reported.
 */
record TlsPlanner(ClusterReads reads, Consumer<Diagnostic> diagnostics) {
  /** Bytes of PEM, which are in the cluster of each picker and pool. */
  private static final int MOST_CERTIFICATES = 64 << 10;

  /**
   * The part of a policy about a connection.
   *
   * @param servers its servers, in words
   */
  private record Part(InferencePolicy policy, String field, String servers) {
    Diagnostic problem(Reason reason, String name, String message) {
      return new Diagnostic(
          reason, policy.ref(), field + "." + name, message + ": no " + servers + " is trusted");
    }
  }

  /** The settings for the pickers of a policy that has some. */
  PickerSettings pickers(InferencePolicy policy) {
    PickerSpec asked = policy.endpointPicker().orElseThrow();
    Part part = new Part(policy, "spec.endpointPicker.tls", "picker");
    return new PickerSettings(
        asked.failureMode(),
        asked.idleTimeoutMillis(),
        new ConnectionSettings(
            asked.maxConcurrentRequests(), tls(part, asked.tls()), asked.health(), asked.mayEnd()));
  }

  /** The connections to the pods, of a policy that has some. */
  UpstreamTls pods(InferencePolicy policy) {
    UpstreamTlsSpec asked = policy.upstreamTls().orElseThrow();
    if (asked.tls() instanceof TlsSpec.Plaintext) {
      return UpstreamTls.PLAINTEXT;
    }
    Part part = new Part(policy, "spec.upstreamTLS", "pod");
    String identity = policy.namespace() + " " + text(asked.tls())
        + asked.clientCertificate().map(TlsPlanner::text).orElse("");
    Optional<ClientCertificate> client =
        asked.clientCertificate().flatMap(ref -> reads.of(new ClientKey(policy.namespace(), ref)));
    UpstreamTls tls = new UpstreamTls(tls(part, asked.tls()), client, identity);
    if (asked.clientCertificate().isPresent() && client.isEmpty()) {
      diagnostics.accept(unknown(
          part,
          "clientCertificateRef",
          asked.clientCertificate().get(),
          "has no tls.crt with its tls.key"));
      return tls.trustingNobody();
    }
    return tls;
  }

  /** Proxies know resources by the digest of this text, so that it must not change. */
  private static String text(TlsSpec tls) {
    return switch (tls) {
      case TlsSpec.SkipVerify() -> "SkipVerify";
      case TlsSpec.Plaintext() -> "Plaintext";
      case TlsSpec.Verify(List<CertificateRef> authorities, String hostname) ->
        "Verify " + hostname
            + authorities.stream().map(TlsPlanner::text).collect(Collectors.joining());
    };
  }

  private static String text(CertificateRef ref) {
    return " " + ref.kind() + " " + ref.name();
  }

  private ResolvedTls tls(Part part, TlsSpec tls) {
    return switch (tls) {
      case TlsSpec.SkipVerify() -> new ResolvedTls.Unverified();
      case TlsSpec.Plaintext() -> new ResolvedTls.Unencrypted();
      case TlsSpec.Verify(List<CertificateRef> authorities, String hostname) ->
        authorities(part, authorities)
            .<ResolvedTls>map(pem -> new ResolvedTls.Verified(pem, hostname))
            .orElse(new ResolvedTls.TrustNobody());
    };
  }

  /** @param incomplete the fault of an object that exists */
  private Diagnostic unknown(Part part, String name, CertificateRef ref, String incomplete) {
    boolean leftOut = reads.of(new LeftOut(part.policy().namespace(), ref));
    return part.problem(
        leftOut ? Reason.TooLarge : Reason.InvalidExtensionRef,
        name,
        "names " + ref.kind() + " " + ref.name() + ", which "
            + (leftOut
                ? "is not read: the policies of a namespace may name at most "
                    + PolicyCertificates.MOST_IN_NAMESPACE
                    + " ConfigMaps and Secrets, and older policies name as many"
                : "does not exist or " + incomplete));
  }

  /** The PEM of the certificates; empty if they cannot be used. */
  private Optional<String> authorities(Part part, List<CertificateRef> authorities) {
    List<String> pem = new ArrayList<>();
    for (CertificateRef authority : authorities) {
      Optional<String> known = reads.of(new Authority(part.policy().namespace(), authority));
      known.ifPresent(pem::add);
      if (known.isEmpty()) {
        diagnostics.accept(unknown(part, "caCertificateRefs", authority, "has no ca.crt"));
      }
    }
    String together = String.join("\n", pem);
    boolean tooLarge = together.length() > MOST_CERTIFICATES;
    if (tooLarge) {
      diagnostics.accept(part.problem(
          Reason.TooLarge,
          "caCertificateRefs",
          "names certificates of " + together.length() + " bytes together, but at most "
              + MOST_CERTIFICATES + " are allowed"));
    }
    return tooLarge || pem.size() < authorities.size() ? Optional.empty() : Optional.of(together);
  }
}
