package dev.pointsman.model;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/** The certificates that a policy names, all in its namespace. Only these Secrets and ConfigMaps are read. */
public final class PolicyCertificates {
  private PolicyCertificates() {}

  /** The references of a policy. */
  public static Set<CertificateRef> of(InferencePolicy policy) {
    Set<CertificateRef> refs = new LinkedHashSet<>();
    Stream.concat(
            policy.endpointPicker().map(PickerSpec::tls).stream(),
            policy.upstreamTls().map(UpstreamTlsSpec::tls).stream())
        .forEach(tls -> {
          if (tls instanceof TlsSpec.Verify verify) {
            refs.addAll(verify.authorities());
          }
        });
    policy.upstreamTls().flatMap(UpstreamTlsSpec::clientCertificate).ifPresent(refs::add);
    return refs;
  }
}
