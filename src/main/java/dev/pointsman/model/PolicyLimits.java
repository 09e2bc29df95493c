package dev.pointsman.model;

import dev.pointsman.model.InferencePolicy.OutlierDetection;
import dev.pointsman.model.InferencePolicy.PickerTlsSpec;
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
            picker.object("tls").map(PolicyLimits::tls).orElse(new PickerTlsSpec.SkipVerify()),
            PickerHealth.of(picker)));
  }

  private static PickerTlsSpec tls(Fields tls) {
    String mode = tls.choice("mode", "SkipVerify", "Verify", "Plaintext").orElse("SkipVerify");
    List<CaCertificateRef> refs = caCertificateRefs(tls);
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
      case "Verify" -> new PickerTlsSpec.Verify(refs, hostname);
      case "Plaintext" -> new PickerTlsSpec.Plaintext();
      default -> new PickerTlsSpec.SkipVerify();
    };
  }

  private static List<CaCertificateRef> caCertificateRefs(Fields tls) {
    List<CaCertificateRef> refs = new ArrayList<>();
    for (Fields ref : tls.objects("caCertificateRefs", MAX_CA_REFS)) {
      if (!ref.string("group").orElse("").isEmpty()) {
        ref.problem("group", "is not the core group, which has the empty name");
      }
      String kind = ref.choice("kind", "ConfigMap", "Secret").orElse("ConfigMap");
      String name = ref.required("name", "name the ConfigMap or Secret");
      ref.check("name", name, UserStrings::refusedName);
      refs.add(new CaCertificateRef(kind, name));
    }
    return refs;
  }
}
