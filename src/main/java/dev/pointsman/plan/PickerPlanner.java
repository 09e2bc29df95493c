package dev.pointsman.plan;

import dev.pointsman.model.CaCertificateRef;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.PickerTlsSpec;
import dev.pointsman.model.PickerSpec;
import dev.pointsman.plan.PickerSettings.ConnectionSettings;
import dev.pointsman.plan.PickerSettings.ResolvedTls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides how endpoint pickers are asked. A picker whose certificates are not all there, or are too large, is not
 * trusted, which is reported.
 */
record PickerPlanner(ClusterSnapshot snapshot, Consumer<Diagnostic> diagnostics) {
  /** Bytes of PEM, which are in the cluster of each picker. */
  private static final int MOST_CERTIFICATES = 64 << 10;

  /** The settings of a policy that has some. */
  PickerSettings plan(InferencePolicy policy) {
    PickerSpec asked = policy.endpointPicker().orElseThrow();
    return new PickerSettings(
        asked.failureMode(),
        asked.idleTimeoutMillis(),
        new ConnectionSettings(
            asked.maxConcurrentRequests(), tls(policy, asked.tls()), asked.health()));
  }

  private ResolvedTls tls(InferencePolicy policy, PickerTlsSpec tls) {
    return switch (tls) {
      case PickerTlsSpec.SkipVerify() -> new ResolvedTls.Unverified();
      case PickerTlsSpec.Plaintext() -> new ResolvedTls.Unencrypted();
      case PickerTlsSpec.Verify(List<CaCertificateRef> authorities, String hostname) -> {
        List<String> pem = new ArrayList<>();
        boolean missing = false;
        for (CaCertificateRef authority : authorities) {
          Optional<String> known = snapshot.caCertificate(policy.namespace(), authority);
          known.ifPresent(pem::add);
          if (known.isEmpty()) {
            missing = true;
            diagnostics.accept(new Diagnostic(
                Reason.InvalidExtensionRef,
                policy.ref(),
                "spec.endpointPicker.tls.caCertificateRefs",
                "names " + authority.kind() + " " + authority.name()
                    + ", which does not exist or has no ca.crt: no picker is trusted"));
          }
        }
        String together = String.join("\n", pem);
        boolean tooLarge = together.length() > MOST_CERTIFICATES;
        if (tooLarge) {
          diagnostics.accept(new Diagnostic(
              Reason.TooLarge,
              policy.ref(),
              "spec.endpointPicker.tls.caCertificateRefs",
              "names certificates of " + together.length() + " bytes together, but at most "
                  + MOST_CERTIFICATES + " are allowed: no picker is trusted"));
        }
        yield missing || tooLarge
            ? new ResolvedTls.TrustNobody()
            : new ResolvedTls.Verified(together, hostname);
      }
    };
  }
}
