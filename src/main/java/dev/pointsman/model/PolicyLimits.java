package dev.pointsman.model;

import dev.pointsman.model.InferencePolicy.OutlierDetection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the outlier detection and the picker settings of a policy. */
final class PolicyLimits {
  private static final int MAX_CA_REFS = 8;

  private final Fields spec;

  PolicyLimits(Fields spec) {
    this.spec = spec;
  }

  Optional<OutlierDetection> outlierDetection() {
    OutlierDetection fallback = OutlierDetection.DEFAULT;
    return spec.object("outlierDetection")
        .map(outliers -> new OutlierDetection(
            outliers
                .integer("consecutive5xxErrors", 0, Integer.MAX_VALUE)
                .orElse(fallback.consecutive5xx()),
            outliers
                .integer("consecutiveConnectFailures", 0, Integer.MAX_VALUE)
                .orElse(fallback.consecutiveLocalOriginFailures()),
            outliers.duration("interval").map(Duration::toMillis).orElse(fallback.intervalMillis()),
            outliers
                .duration("baseEjectionTime")
                .map(Duration::toMillis)
                .orElse(fallback.baseEjectionMillis()),
            outliers.integer("maxEjectionPercent", 0, 100).orElse(fallback.maxEjectionPercent())));
  }

  Optional<PickerSpec> picker() {
    return spec.object("endpointPicker")
        .map(picker -> new PickerSpec(
            picker
                .choice("failureMode", "FailOpen", "FailClose")
                .map(mode ->
                    mode.equals("FailOpen") ? FailureMode.FAIL_OPEN : FailureMode.FAIL_CLOSE),
            picker
                .duration("idleTimeout")
                .map(idle -> OptionalLong.of(idle.toMillis()))
                .orElse(OptionalLong.empty()),
            picker.integer("maxConcurrentRequests", 1, Integer.MAX_VALUE),
            picker
                .object("tls")
                .map(tls -> tls(tls, "SkipVerify"))
                .orElse(new TlsSpec.SkipVerify()),
            PickerHealth.of(picker),
            picker
                .choice("mayEnd", "AfterResponse", "AfterRequest")
                .filter(end -> end.equals("AfterRequest"))
                .map(_ -> PickerEnd.AFTER_REQUEST)
                .orElse(PickerEnd.AFTER_RESPONSE)));
  }

  Optional<UpstreamTlsSpec> upstreamTls() {
    return spec.object("upstreamTLS").map(upstream -> {
      TlsSpec tls = tls(upstream, "Verify");
      if (tls instanceof TlsSpec.Verify verify && verify.hostname().isEmpty()) {
        upstream.problem(
            "hostname", "is missing: mode Verify needs the DNS name in the pods' certificates");
      }
      Optional<CertificateRef> client = upstream.object("clientCertificateRef").map(ref -> {
        if (tls instanceof TlsSpec.Plaintext) {
          upstream.problem("clientCertificateRef", "needs TLS, and the mode is Plaintext");
        }
        return reference(ref, "Secret");
      });
      return new UpstreamTlsSpec(tls, client);
    });
  }

  private static TlsSpec tls(Fields tls, String byDefault) {
    String mode = tls.choice("mode", "SkipVerify", "Verify", "Plaintext").orElse(byDefault);
    List<CertificateRef> refs = caCertificateRefs(tls);
    String hostname = tls.string("hostname").orElse("");
    tls.check("hostname", hostname, UserStrings::refusedHostname);
    if (!mode.equals("Verify")) {
      for (String field : List.of("caCertificateRefs", "hostname")) {
        if (tls.has(field)) {
          tls.problem(field, "needs mode Verify, and the mode is " + mode);
        }
      }
    }
    return switch (mode) {
      case "Verify" -> new TlsSpec.Verify(refs, hostname);
      case "Plaintext" -> new TlsSpec.Plaintext();
      default -> new TlsSpec.SkipVerify();
    };
  }

  private static List<CertificateRef> caCertificateRefs(Fields tls) {
    List<CertificateRef> refs = new ArrayList<>();
    for (Fields ref : tls.objects("caCertificateRefs", MAX_CA_REFS)) {
      refs.add(reference(ref, "ConfigMap", "Secret"));
    }
    return refs;
  }

  /** @param kinds the allowed ones, the default first */
  private static CertificateRef reference(Fields ref, String... kinds) {
    if (!ref.string("group").orElse("").isEmpty()) {
      ref.problem("group", "is not the core group, which has the empty name");
    }
    String kind = ref.choice("kind", kinds).orElse(kinds[0]);
    String name = ref.required("name", "name the " + String.join(" or ", kinds));
    ref.check("name", name, UserStrings::refusedName);
    return new CertificateRef(kind, name);
  }
}
